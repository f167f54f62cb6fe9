import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { readCloud, readKept, type StoredEntry } from "../../../sandbox/cloud/store.ts";
import { loseRegion } from "../../../sandbox/drill/loss.ts";

const secretArn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:/macro-ai/production/api-keys-AbCdEf";

function entry(type: string, id: string, region: string, inputs = {}, state = {}): StoredEntry {
  const urn = `urn:pulumi:production::macro-ai::${type}::${id}`;
  return { type, id, region, urn, inputs, state, createdAt: "2026-11-23T08:00:00Z", seed: "" };
}

const secret = entry(
  "aws:secretsmanager/secret:Secret",
  secretArn,
  "us-east-1",
  { name: "/macro-ai/production/api-keys", replicas: [{ region: "us-west-2" }] },
  { name: "/macro-ai/production/api-keys" },
);
const version = entry(
  "aws:secretsmanager/secretVersion:SecretVersion",
  `${secretArn}|1`,
  "us-east-1",
  {},
  { secretId: secretArn, secretString: "value" },
);

describe("the loss of a region", () => {
  let file: string;
  beforeEach(async () => {
    file = join(await mkdtemp(join(tmpdir(), "macro-ai-loss-")), "cloud.json");
  });
  afterEach(() => rm(dirname(file), { recursive: true, force: true }));

  const lose = async (...entries: readonly StoredEntry[]): Promise<number> => {
    const resources = Object.fromEntries(entries.map((one) => [`${one.type}|${one.region}|${one.id}`, one]));
    const kept = { "automated backup|us-west-2|arn": { engine: "postgres" } };
    await writeFile(file, JSON.stringify({ version: 1, account: "123456789012", resources, kept }));
    return loseRegion(file, "us-east-1");
  };
  const left = () =>
    readCloud(file).map(({ type, region }) => `${type.split(":").at(-1) ?? ""} in ${region}`);

  it("takes what lies there, and nothing else", async () => {
    const gone = await lose(
      entry("aws:rds/instance:Instance", "db-1", "us-east-1"),
      entry("aws:ecr/repository:Repository", "images", "us-west-2"),
      entry("aws:iam/role:Role", "role", "us-east-1"),
      entry("aws:route53/record:Record", "record", "us-east-1"),
    );
    assert.equal(gone, 1);
    assert.deepEqual(left(), ["Repository in us-west-2", "Role in us-east-1", "Record in us-east-1"]);
    assert.deepEqual(readKept(file), { "automated backup|us-west-2|arn": { engine: "postgres" } });
  });

  it("leaves the copies of secrets, as secrets of their own", async () => {
    await lose(secret, version);
    assert.deepEqual(left(), ["Secret in us-west-2", "SecretVersion in us-west-2"]);
    const [copy, value] = readCloud(file);
    const there = secretArn.replace("us-east-1", "us-west-2");
    assert.equal(copy?.id, there);
    assert.deepEqual(copy.inputs["replicas"], []);
    assert.deepEqual(value?.state, { secretId: there, secretString: "value" });
  });

  it("takes a secret that was copied nowhere for good", async () => {
    await lose({ ...secret, inputs: {} }, version);
    assert.deepEqual(left(), []);
  });
});
