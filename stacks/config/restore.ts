import * as z from "zod";
import { environments } from "../environments.ts";
import { choice, text } from "./fields.ts";

/** Forms of `restore.databaseBackups`, by whose backups they mean. */
export const backupForms = {
  copies: /^arn:aws:rds:([a-z]{2}(?:-[a-z]+)+-\d):\d{12}:auto-backup:ab-[a-z0-9]+$/,
  deleted: /^db-[A-Z0-9]{20,40}$/,
  live: /^[a-z](?!.*--)[a-z0-9-]{0,62}$/,
} as const;

const oneOf = (...forms: readonly RegExp[]): RegExp =>
  new RegExp(forms.map(({ source }) => `(?:${source})`).join("|"));

/** The group that says where a new stack's data comes from. What exists already ignores it. */
export const restore = z
  .strictObject({
    databaseSnapshot: text({
      description: "A snapshot that a new database is made of. A live database ignores it.",
      form: /^(?:arn:aws:rds:[a-z0-9-]+:\d{12}:snapshot:)?[A-Za-z](?!.*--)[A-Za-z0-9:-]{0,254}$/,
      allowed: "a snapshot's name in the stack's region, or its ARN",
      example: "database-1a2b3c4d-final",
      unset: "an empty database",
    }).exactOptional(),
    databaseBackups: text({
      description:
        "Automated backups that a new database is made of: an instance's name, a deleted one's resource id, or the ARN of copies from another region. A live database ignores it.",
      form: oneOf(backupForms.copies, backupForms.deleted, backupForms.live),
      allowed:
        "database-1a2b3c4d, db- and capital letters and digits, or arn:aws:rds:<region>:<account>:auto-backup:ab-<letters>",
      example: "database-1a2b3c4d",
      unset: "an empty database",
    }).exactOptional(),
    time: text({
      description: "The point in time that the backups are restored to.",
      form: /^\d{4}-(?:0\d|1[0-2])-[0-3]\dT[0-2]\d:[0-5]\d:[0-5]\dZ$/,
      allowed: "a time in UTC, for example 2026-11-23T08:00:00Z",
      example: "2026-11-23T08:00:00Z",
      unset: "the latest that can be restored",
    }).exactOptional(),
    replicasOf: choice(environments, {
      description:
        "The environment whose copies in this region new secrets take their values from, and whose images are run.",
      instead: "production",
      unset: "secrets of its own, images of its own",
    }).exactOptional(),
  })
  .prefault({});
