import assert from "node:assert/strict";
import { parseConfig } from "../../../stacks/config/parse.ts";
import { changed, enterprise, type Given, hobby } from "./given.ts";

const copies = "arn:aws:rds:us-west-2:123456789012:auto-backup:ab-1a2b3c";

interface Case {
  readonly name: string;
  readonly given: Given;
  /** Left out where the configuration is right. */
  readonly message?: string;
  readonly fixes?: readonly string[];
}

const dr = changed(enterprise, { environment: "dr", "aws:region": undefined });
const inTheWest = (changes: Readonly<Record<string, unknown>>): Given => {
  const { raw, ...rest } = changed(dr, changes);
  return { raw: { ...raw, "aws:region": "us-west-2" }, ...rest };
};

const cases: readonly Case[] = [
  { name: "copies in a second region", given: changed(enterprise, { replicaRegion: "us-west-2" }) },
  {
    name: "copies in the stack's own region",
    given: changed(enterprise, { replicaRegion: "us-east-1" }),
    message: "macro-ai:replicaRegion is us-east-1, the region of the stack itself.",
    fixes: ["set macro-ai:replicaRegion us-west-2", "rm macro-ai:replicaRegion"],
  },
  {
    name: "copies in the region of a stack that lies elsewhere",
    given: inTheWest({ replicaRegion: "us-west-2" }),
    message: "macro-ai:replicaRegion is us-west-2, the region of the stack itself.",
    fixes: ["set macro-ai:replicaRegion us-east-1", "rm macro-ai:replicaRegion"],
  },
  {
    name: "copies of staging",
    given: changed(hobby, { replicaRegion: "us-west-2" }),
    message:
      "macro-ai:replicaRegion is set, but staging is not worth copying: images are copied for a whole account and region, so one stack there says so.",
    fixes: ["rm macro-ai:replicaRegion"],
  },
  {
    name: "dr made of copies",
    given: inTheWest({
      restore: { databaseBackups: copies, time: "2026-11-23T08:00:00Z", replicasOf: "production" },
    }),
  },
  {
    name: "copies that lie in another region",
    given: changed(dr, { restore: { databaseBackups: copies } }),
    message:
      "macro-ai:restore.databaseBackups lies in another region than the stack, us-east-1, which can only restore what lies there.",
    fixes: ["rm --path macro-ai:restore.databaseBackups"],
  },
  {
    name: "a snapshot beside backups",
    given: changed(dr, { restore: { databaseSnapshot: "before", databaseBackups: "database-1a2b3c4d" } }),
    message:
      "macro-ai:restore.databaseSnapshot is set beside restore.databaseBackups, and a database is made of one of them.",
    fixes: ["rm --path macro-ai:restore.databaseSnapshot", "rm --path macro-ai:restore.databaseBackups"],
  },
  {
    name: "a time without backups",
    given: changed(dr, { restore: { databaseSnapshot: "before", time: "2026-11-23T08:00:00Z" } }),
    message:
      "macro-ai:restore.time has no effect: it needs restore.databaseBackups, and a snapshot is of one time only.",
    fixes: ["rm --path macro-ai:restore.time"],
  },
  {
    name: "the stack's own copies",
    given: changed(dr, { restore: { replicasOf: "dr" } }),
    message: "macro-ai:restore.replicasOf is dr, the stack's own environment.",
    fixes: ["rm --path macro-ai:restore.replicasOf"],
  },
  {
    name: "a restore on hobby",
    given: changed(hobby, { restore: { databaseSnapshot: "before" } }),
    message: "macro-ai:restore has no effect: a hobby stack has no database of its own.",
    fixes: ["rm macro-ai:restore", "set macro-ai:scale enterprise", "set macro-ai:retainEnterpriseData true"],
  },
  {
    name: "zones by name",
    given: changed(enterprise, { network: { zones: 2, zoneNames: "us-east-1a,us-east-1c" } }),
  },
  {
    name: "zones of another region",
    given: changed(enterprise, { network: { zoneNames: "us-west-2a,us-west-2b" } }),
    message: "macro-ai:network.zoneNames names a zone of another region than the stack's, us-east-1.",
    fixes: ["rm --path macro-ai:network.zoneNames"],
  },
  {
    name: "more zones than are named",
    given: changed(enterprise, { network: { zones: 3, zoneNames: "us-east-1a,us-east-1c" } }),
    message: "macro-ai:network.zones is 3, but network.zoneNames names 2.",
    fixes: ["set --path macro-ai:network.zones 2", "rm --path macro-ai:network.zoneNames"],
  },
];

describe("combinations of keys for copies and for starting from them", () => {
  for (const { name, given, message, fixes = [] } of cases) {
    it(`${message === undefined ? "accepts" : "refuses"} ${name}`, () => {
      const outcome = parseConfig(given.raw, given.secretKeys, "s");
      const problems = outcome.ok ? [] : outcome.problems;
      assert.deepEqual(
        problems.map((problem) => problem.message),
        message === undefined ? [] : [message],
      );
      assert.deepEqual(
        problems.flatMap((problem) => problem.fixes),
        fixes.map((fix) => `pulumi config ${fix} --stack s`),
      );
    });
  }

  it("needs no secret of its own where the copies have it, save what they have not", () => {
    const without = (given: Given): Given => ({
      raw: Object.fromEntries(Object.entries(given.raw).filter(([key]) => !given.secretKeys.includes(key))),
      secretKeys: [],
    });
    const missing = (given: Given): string[] => {
      const outcome = parseConfig(given.raw, given.secretKeys, "s");
      return outcome.ok ? [] : outcome.problems.map(({ key }) => key);
    };
    const restored = inTheWest({ restore: { replicasOf: "production" } });
    assert.deepEqual(missing(without(restored)), []);
    assert.equal(missing(without(dr)).length, 4);
    const kept = { retainEnterpriseData: "true", scale: "hobby" };
    assert.deepEqual(missing(without(changed(restored, kept))), [
      "macro-ai:neonDatabaseUrl",
      "macro-ai:upstashRedisUrl",
    ]);
  });
});
