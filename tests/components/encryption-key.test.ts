import assert from "node:assert/strict";
import { EncryptionKey } from "../../components/encryption-key.ts";
import { run } from "./mocks.ts";

const args = {
  description: "Everything",
  accountId: "123456789012",
  region: "eu-west-1",
  deletionWindowDays: 30,
};

async function statementsOf(
  services: NonNullable<ConstructorParameters<typeof EncryptionKey>[1]["services"]>,
) {
  const { recording } = await run(() => new EncryptionKey("shared", { ...args, services }));
  return recording.statements(recording.one("aws:kms/key:Key"));
}

describe("EncryptionKey", () => {
  it("rotates yearly, in its region, with an alias", async () => {
    const { recording } = await run(() => new EncryptionKey("shared", args));
    const { policy, ...key } = recording.one("aws:kms/key:Key").inputs;
    assert.equal(typeof policy, "string");
    assert.deepEqual(key, {
      description: "Everything",
      enableKeyRotation: true,
      deletionWindowInDays: 30,
      region: "eu-west-1",
    });
    assert.equal(recording.one("aws:kms/alias:Alias").inputs["namePrefix"], "alias/shared-");
  });

  it("without services is for the account alone", async () => {
    const statements = await statementsOf([]);
    assert.deepEqual(
      statements.map(({ sid, principals }) => [sid, principals]),
      [["AccountAdministers", { AWS: "arn:aws:iam::123456789012:root" }]],
    );
  });

  it("lets CloudWatch Logs of its region encrypt log groups of the account", async () => {
    const [, logs] = await statementsOf(["logs"]);
    assert.deepEqual(logs?.["principals"], { Service: "logs.eu-west-1.amazonaws.com" });
    assert.deepEqual(logs["conditions"], {
      ArnLike: {
        "kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:eu-west-1:123456789012:log-group:*",
      },
    });
  });

  it("lets CloudTrail encrypt trails of the account", async () => {
    const [, trail, ...others] = await statementsOf(["cloudtrail"]);
    assert.deepEqual(others, []);
    assert.deepEqual(trail?.["actions"], ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey*"]);
    assert.deepEqual(trail["conditions"], {
      ArnLike: { "aws:SourceArn": "arn:aws:cloudtrail:*:123456789012:trail/*" },
    });
  });

  it("binds EventBridge by nothing, since it sends no source", async () => {
    const [, events] = await statementsOf(["events"]);
    assert.deepEqual(events?.["principals"], { Service: "events.amazonaws.com" });
    assert.equal(events["conditions"], undefined);
  });

  it("lets CloudFront read, and read only, for distributions of the account", async () => {
    const [, distribution] = await statementsOf(["cloudfront"]);
    assert.deepEqual(distribution?.["actions"], ["kms:Decrypt"]);
    assert.deepEqual(distribution["conditions"], {
      ArnLike: { "aws:SourceArn": "arn:aws:cloudfront::123456789012:distribution/*" },
    });
  });

  it("lets CloudWatch Logs look the key up, which no encryption context can bind", async () => {
    const statements = await statementsOf(["cloudtrail", "cloudwatch", "logs"]);
    const describes = statements.filter(({ sid }) => String(sid).endsWith("Describes"));
    assert.deepEqual(
      describes.map(({ principals, actions, conditions }) => [principals, actions, conditions]),
      [[{ Service: "logs.eu-west-1.amazonaws.com" }, ["kms:DescribeKey"], undefined]],
    );
  });

  for (const service of ["budgets", "cloudwatch"] as const) {
    it(`lets ${service} encrypt for the account`, async () => {
      const [, statement] = await statementsOf([service]);
      assert.deepEqual(statement?.["principals"], { Service: `${service}.amazonaws.com` });
      assert.deepEqual(statement["conditions"], { StringEquals: { "aws:SourceAccount": "123456789012" } });
    });
  }
});
