import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  type SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { randomUUID } from "node:crypto";
import { CHANGED_BY_HAND } from "../../rotation/reminder.ts";
import { refusal } from "../lib/operation-error.ts";
import type { Secret } from "./secrets.ts";

/**
 * Writes a new value of one field, and the day beside it, from which its reminder counts (rotation/reminder.ts).
 *
 * @param next the value; undefined only checks whether the field can be set
 * @returns the version that is current now, or undefined when nothing was written
 * @throws OperationError with everything that speaks against it; it shows no value
 */
export async function setByHand(
  client: SecretsManagerClient,
  secret: Secret,
  field: string,
  next: string | undefined,
  now = new Date(),
): Promise<string | undefined> {
  const { SecretString } = await client.send(
    new GetSecretValueCommand({ SecretId: secret.name, VersionStage: "AWSCURRENT" }),
  );
  const fields = fieldsOf(SecretString);
  const problems =
    fields === undefined ? [`${secret.name} is no JSON object.`] : objections(fields, field, next);
  if (secret.pending !== undefined)
    problems.push(
      `${secret.name} is being rotated: a value written now would end that. Let it come to its end first (--status).`,
    );
  if (problems.length > 0 || fields === undefined) throw refusal(problems);
  if (next === undefined) return undefined;
  const notes = fields[CHANGED_BY_HAND];
  const put = new PutSecretValueCommand({
    SecretId: secret.name,
    ClientRequestToken: randomUUID(),
    SecretString: JSON.stringify({
      ...fields,
      [field]: next,
      [CHANGED_BY_HAND]: {
        ...(typeof notes === "object" && notes !== null ? notes : {}),
        [field]: now.toISOString(),
      },
    }),
  });
  return (await client.send(put)).VersionId;
}

function fieldsOf(text: string | undefined): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text ?? "");
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

function objections(
  fields: Readonly<Record<string, unknown>>,
  field: string,
  next: string | undefined,
): string[] {
  const old = fields[field];
  const settable = Object.keys(fields).filter((name) => typeof fields[name] === "string");
  if (typeof old !== "string")
    return [`--set ${field}: the secret has no such field; it has ${settable.join(", ")}.`];
  const problems: string[] = [];
  if (`${field}_RING` in fields)
    problems.push(`--set ${field}: the key has a ring beside it. Rotate it instead: leave out --set.`);
  if ("DB_PASSWORD" in fields)
    problems.push(
      `--set ${field}: a login stands in several fields that must agree. Rotate it instead: leave out --set.`,
    );
  if (next === undefined) return problems;
  if (next === "" || /[\r\n]/.test(next))
    problems.push("The new value on standard input is not one line of text. Give the value alone.");
  if (next === old) problems.push(`The new value of ${field} is the one that it has. Give the new one.`);
  const [was, is] = [URL.parse(old), URL.parse(next)];
  if (was !== null && /^\w+:\/\//.test(old) && is?.protocol !== was.protocol)
    problems.push(
      `The new value of ${field} is no URL that begins with ${was.protocol}// as the old one does.`,
    );
  return problems;
}
