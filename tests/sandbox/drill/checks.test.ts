import assert from "node:assert/strict";
import type { StoredEntry } from "../../../sandbox/cloud/store.ts";
import { checks, type Expected } from "../../../sandbox/drill/checks.ts";

const region = "us-west-2";
const backups = "arn:aws:rds:us-west-2:123456789012:auto-backup:ab-1";
const registry = "123456789012.dkr.ecr.us-west-2.amazonaws.com";
const image = `${registry}/macro-ai/express-api:1.0.0`;

function entry(type: string, name: string, state: Readonly<Record<string, unknown>>): StoredEntry {
  const urn = `urn:pulumi:dr::macro-ai::${type}::${name}`;
  return { type, id: name, region, urn, inputs: {}, state, createdAt: "2026-11-23T08:00:00Z", seed: "" };
}

const database = entry("aws:rds/instance:Instance", "database", {
  identifier: "database-1",
  restoreToPointInTime: { sourceDbInstanceAutomatedBackupsArn: backups },
  storageEncrypted: true,
  kmsKeyId: "arn:aws:kms:us-west-2:123456789012:key/1",
});
const secret = entry("aws:secretsmanager/secret:Secret", "keys", { name: "/macro-ai/dr/api-keys" });
const version = entry("aws:secretsmanager/secretVersion:SecretVersion", "keys-version", {
  secretId: "keys",
  secretString: JSON.stringify({ API_KEY: "the value", host: "here" }),
});
const [api, ui] = ["macro-ai/express-api", "macro-ai/client-ui"].map((name) => ({
  ...entry("aws:ecr/repository:Repository", name, { repositoryUrl: `${registry}/${name}` }),
  urn: "urn:pulumi:production::macro-ai::aws:ecr/repository:Repository::any",
}));
const task = entry("aws:ecs/taskDefinition:TaskDefinition", "api", {
  containerDefinitions: JSON.stringify([{ image }]),
});
const balancer = entry("aws:lb/loadBalancer:LoadBalancer", "balancer", { dnsName: "balancer.example.com" });
const record = entry("aws:route53/record:Record", "api-a", {
  fqdn: "api.macro-ai.com",
  type: "A",
  aliases: [{ name: "balancer.example.com" }],
});

const expected: Expected = {
  ...{ backups, region, image, domain: "macro-ai.com" },
  secrets: new Map([["api-keys", { API_KEY: "the value", host: "there" }]]),
};
const right = [database, secret, version, api, ui, task, balancer, record].filter(
  (one): one is StoredEntry => one !== undefined,
);

/** The cloud with another state of one entry. */
function changed(which: StoredEntry | undefined, state: Readonly<Record<string, unknown>>): StoredEntry[] {
  return right.map((one) => (one === which ? { ...one, state: { ...one.state, ...state } } : one));
}

const failing = (cloud: readonly StoredEntry[]): string[] =>
  checks(cloud, expected).flatMap(({ what, holds }) => (holds ? [] : [what]));

describe("the drill's checks", () => {
  it("hold where everything came from the copies", () => {
    assert.deepEqual(failing(right), []);
    assert.equal(checks(right, expected).length, 6);
  });

  for (const [what, cloud, check] of [
    [
      "an empty database",
      changed(database, { restoreToPointInTime: undefined }),
      "the database is made of the copied backups",
    ],
    [
      "a database under another region's key",
      changed(database, { kmsKeyId: "arn:aws:kms:us-east-1:123456789012:key/1" }),
      "it is encrypted with the key of the copies",
    ],
    [
      "a secret with a value of its own",
      changed(version, { secretString: JSON.stringify({ API_KEY: "another" }) }),
      "/macro-ai/dr/api-keys has what production's had",
    ],
    [
      "a missing repository",
      right.filter((one) => one !== ui),
      "the repositories with the copied images are there",
    ],
    [
      "the placeholder",
      changed(task, { containerDefinitions: JSON.stringify([{ image: "node:24" }]) }),
      "the API runs the copied image",
    ],
    [
      "a record that leads elsewhere",
      changed(record, { aliases: [{ name: "old.example.com" }] }),
      "api.macro-ai.com leads to the new load balancer",
    ],
  ] as const) {
    it(`find ${what}`, () => {
      assert.deepEqual(failing(cloud), [check]);
    });
  }

  it("find nothing at all, one by one", () => {
    assert.equal(failing([]).length, 6);
  });

  it("show no secret's value", () => {
    const seen = [right, changed(version, { secretString: JSON.stringify({ API_KEY: "another" }) })].flatMap(
      (cloud) => checks(cloud, expected).map((check) => check.seen),
    );
    assert.doesNotMatch(seen.join("\n"), /the value|another$/m);
  });
});
