import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { aws } from "../../components/aws.ts";
import { guard, keepSecretsOutOfSight } from "../../stacks/plain-sight.ts";
import { outcome, type Recording, run } from "../components/mocks.ts";

/** Runs a program below a stack whose resources are watched. */
async function watched(program: () => void): Promise<Recording> {
  const { recording } = await run(() =>
    pulumi.runtime.runInPulumiStack(() => {
      keepSecretsOutOfSight();
      program();
      return Promise.resolve({});
    }),
  );
  return recording;
}

const secret = pulumi.secret("correct-horse-battery");

const refused: Record<string, () => unknown> = {
  "a tag": () => new aws.s3.Bucket("x", { tags: { note: secret } }),
  "a description": () => new aws.kms.Key("x", { description: pulumi.interpolate`opens with ${secret}` }),
  "an environment variable": () =>
    new aws.lambda.Function("x", { role: "r", environment: { variables: { COLOUR: secret } } }),
  "a container": () =>
    new aws.ecs.TaskDefinition("x", {
      family: "x",
      containerDefinitions: pulumi.jsonStringify([{ environment: [{ name: "COLOUR", value: secret }] }]),
    }),
  "an access log": () =>
    new aws.apigatewayv2.Stage("x", {
      apiId: "a",
      accessLogSettings: { destinationArn: "d", format: secret },
    }),
};

describe("keepSecretsOutOfSight", () => {
  for (const [place, program] of Object.entries(refused)) {
    it(`lets no resource through with a secret in ${place}`, async () => {
      const recording = await watched(() => {
        program();
      });
      assert.deepEqual(
        recording.resources.filter(({ name }) => name === "x"),
        [],
      );
    });
  }

  it("says which resource holds one where, and does not repeat it", async () => {
    const guarded = guard({ note: secret }, "x (aws:s3/bucket:Bucket)", "tags");
    await assert.rejects(outcome(guarded), {
      message:
        "x (aws:s3/bucket:Bucket): tags holds a secret, and everybody who may look at the resource can read it. " +
        "Put the value in Secrets Manager, pass its ARN, and read it at run time.",
    });
  });

  it("leaves what is no secret as it was, its sources included", async () => {
    const recording = await watched(() => {
      const bucket = new aws.s3.Bucket("files", {});
      new aws.lambda.Function("reader", {
        role: "r",
        description: "Reads files",
        environment: { variables: { BUCKET: bucket.arn } },
      });
      new aws.secretsmanager.SecretVersion("kept", { secretId: "s", secretString: secret });
    });
    const reader = recording.one("aws:lambda/function:Function");
    const files = recording.one("aws:s3/bucket:Bucket");
    assert.deepEqual(reader.options.propertyDependencies["environment"], [files.urn]);
    assert.equal(reader.inputs["description"], "Reads files");
    assert.ok("BUCKET" in (reader.inputs["environment"] as { variables: object }).variables);
    assert.deepEqual(recording.one("SecretVersion").secretInputs, ["secretString"]);
  });
});
