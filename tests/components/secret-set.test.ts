import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { SecretSet, type SecretSetArgs } from "../../components/secret-set.ts";
import { run, valueOf } from "./mocks.ts";

const args: SecretSetArgs = {
  path: "/macro-ai/staging",
  kmsKeyArn: "arn:aws:kms:us-east-1:123456789012:key/1",
  accountId: "123456789012",
  recoveryWindowDays: 7,
  secrets: {
    "external-services": { description: "Keys of other services", values: { OPENAI_API_KEY: "sk-test" } },
    "api-keys": { description: "Keys of the API", values: { API_KEY: pulumi.secret("first") } },
  },
};

class Reader extends pulumi.CustomResource {}

describe("SecretSet", () => {
  it("makes each secret below its path, encrypted, with its recovery window", async () => {
    const { result, recording } = await run(() => new SecretSet("secrets", args));
    assert.deepEqual(recording.one("Secret", "secrets-api-keys").inputs, {
      name: "/macro-ai/staging/api-keys",
      description: "Keys of the API",
      kmsKeyId: "arn:aws:kms:us-east-1:123456789012:key/1",
      recoveryWindowInDays: 7,
    });
    assert.deepEqual(result.names, ["/macro-ai/staging/api-keys", "/macro-ai/staging/external-services"]);
    const arn = result.arns["api-keys"];
    assert.ok(arn);
    assert.match(await valueOf(arn), /^arn:aws:secretsmanager:.*secrets-api-keys$/);
  });

  it("keeps the value secret and never writes it again", async () => {
    const { recording } = await run(() => new SecretSet("secrets", args));
    const version = recording.one("SecretVersion", "secrets-external-services");
    assert.deepEqual(version.inputs["secretString"], JSON.stringify({ OPENAI_API_KEY: "sk-test" }));
    assert.deepEqual(version.secretInputs, ["secretString"]);
    assert.deepEqual(version.options.ignoreChanges, ["secretString", "versionStages"]);
    assert.deepEqual(version.inputs["versionStages"], ["INITIAL"]);
  });

  it("gives the ready ARN only after the value", async () => {
    const { recording } = await run(() => {
      const { readyArns } = new SecretSet("secrets", args);
      new Reader("test:x:Reader", "reader", { arn: readyArns["api-keys"] });
    });
    const version = recording.one("SecretVersion", "secrets-api-keys");
    const reader = recording.one("test:x:Reader");
    assert.ok(reader.options.propertyDependencies["arn"]?.includes(version.urn));
  });

  it("admits this account over TLS only", async () => {
    const { recording } = await run(() => new SecretSet("secrets", args));
    const policy = recording.one("SecretPolicy", "secrets-api-keys");
    assert.equal(policy.inputs["blockPublicPolicy"], true);
    assert.deepEqual(
      recording.statements(policy).map(({ sid, effect }) => [sid, effect]),
      [
        ["DenyPlaintext", "Deny"],
        ["DenyOtherAccounts", "Deny"],
      ],
    );
  });

  it("tells of a failed or abandoned rotation of its own secrets", async () => {
    const { result } = await run(() => new SecretSet("secrets", args));
    const [event] = result.events();
    assert.deepEqual(await valueOf(pulumi.output(event?.pattern)), {
      source: ["aws.secretsmanager"],
      "detail-type": ["AWS Service Event via CloudTrail"],
      detail: {
        eventName: ["RotationFailed", "RotationAbandoned", "TestRotationFailed"],
        additionalEventData: { SecretId: await Promise.all(Object.values(result.arns).map(valueOf)) },
      },
    });
  });

  it("tells of a rotation that has ended well, of its own secrets", async () => {
    const { result } = await run(() => new SecretSet("secrets", args));
    const [, event] = result.events();
    assert.equal(event?.name, "secrets-rotated");
    assert.deepEqual(await valueOf(pulumi.output(event.pattern.detail)), {
      eventName: ["RotationSucceeded"],
      additionalEventData: { SecretId: await Promise.all(Object.values(result.arns).map(valueOf)) },
    });
  });

  it("finds a secret by its key, and says which there are", async () => {
    const { result } = await run(() => new SecretSet("secrets", args));
    assert.equal(result.readyArnOf("api-keys"), result.readyArns["api-keys"]);
    assert.throws(() => result.readyArnOf("keys"), /no secret "keys"; there are external-services, api-keys/);
  });

  it("copies secrets to other regions", async () => {
    const replicas = [{ region: "eu-west-1", kmsKeyArn: "arn:aws:kms:eu-west-1:123456789012:key/2" }];
    const { recording } = await run(() => new SecretSet("secrets", { ...args, replicas }));
    assert.deepEqual(recording.one("Secret", "secrets-api-keys").inputs["replicas"], [
      { region: "eu-west-1", kmsKeyId: "arn:aws:kms:eu-west-1:123456789012:key/2" },
    ]);
  });

  it("refuses all bad arguments at once, before it makes anything", async () => {
    const bad: SecretSetArgs = {
      ...args,
      path: "macro-ai/",
      recoveryWindowDays: 3,
      secrets: { "key-abc123": { description: "", values: {} } },
    };
    await assert.rejects(
      run(() => new SecretSet("secrets", bad)),
      (error: Error) => {
        assert.equal(
          error.message,
          'SecretSet "secrets" has 4 bad arguments:' +
            '\n  path is "macro-ai/"; it must begin with a slash and not end with one, for example /macro-ai/staging' +
            "\n  recoveryWindowDays is 3; Secrets Manager allows 0 (deleted at once), or 7 to 30" +
            "\n  secrets.key-abc123 ends in a hyphen and six characters, as an ARN does: choose another name" +
            "\n  secrets.key-abc123.values is empty; a secret needs at least one key",
        );
        return true;
      },
    );
  });
});
