import assert from "node:assert/strict";
import { Secret } from "@pulumi/policy";
import { SecretSight } from "../../policies/core/secrets.ts";
import type { Verdict } from "../../policies/core/verdict.ts";
import { stackOf, unknown, type Fixture, type Inputs } from "./harness.ts";

const FUNCTION = "aws:lambda/function:Function";
const TASK = "aws:ecs/taskDefinition:TaskDefinition";
const PASSWORD = "random:index/randomPassword:RandomPassword";
const VERSION = "aws:secretsmanager/secretVersion:SecretVersion";
const value = "correct-horse-battery";

const told = (verdicts: Verdict[]): string[] =>
  verdicts.map(({ resource, finding }) => `${resource.name}: ${finding.property} is ${finding.is}`);

function marked(type: string, inputs: Inputs): string[] {
  const sight = new SecretSight();
  sight.notice("urn:x", inputs);
  return told(sight.judge({ urn: "urn:x", name: "x", type }));
}

function found(...fixtures: Fixture[]): string[] {
  return told(new SecretSight().judgeStack(stackOf(fixtures)));
}

describe("secrets-in-plain-sight", () => {
  it("finds a marked secret in each place that is no place for one, whatever its name and whether it is known", () => {
    const cases: [type: string, inputs: Inputs, path: string][] = [
      [
        FUNCTION,
        { environment: { variables: { COLOUR: new Secret(value) } } },
        "environment.variables.COLOUR",
      ],
      [FUNCTION, { environment: new Secret({ variables: { COLOUR: unknown } }) }, "environment"],
      [TASK, { containerDefinitions: new Secret(unknown) }, "containerDefinitions"],
      [
        "macro-ai:components:TaskDefinition",
        { containers: [{ environment: [{ name: "A", value: new Secret(value) }] }] },
        "containers[0].environment[0].value",
      ],
      ["aws:ec2/instance:Instance", { userData: new Secret(value) }, "userData"],
      ["aws:s3/bucket:Bucket", { tags: { note: new Secret(value) } }, "tags.note"],
      ["aws:kms/key:Key", { description: new Secret(value) }, "description"],
      [
        "aws:apigatewayv2/stage:Stage",
        { accessLogSettings: { format: new Secret(value) } },
        "accessLogSettings.format",
      ],
    ];
    for (const [type, inputs, path] of cases)
      assert.deepEqual(marked(type, inputs), [`x: ${path} is a secret`], path);
  });

  it("leaves a marked secret alone where it belongs", () => {
    assert.deepEqual(marked(VERSION, { secretString: new Secret(value) }), []);
    assert.deepEqual(marked("aws:rds/instance:Instance", { password: new Secret(value) }), []);
    assert.deepEqual(marked(FUNCTION, { environmentally: new Secret(value) }), []);
  });

  it("finds a secret by its value where its mark was lost", () => {
    const password: Fixture = { name: "password", type: PASSWORD, properties: { result: value } };
    assert.deepEqual(
      found(password, {
        name: "worker",
        type: FUNCTION,
        properties: { environment: { variables: { URL: `postgres://app:${value}@host/db` } } },
      }),
      ["worker: environment.variables.URL is text that holds a secret's value"],
    );
    assert.deepEqual(
      found(password, { name: "app", type: "pulumi:pulumi:Stack", properties: { loginHint: value } }),
      ["app: loginHint is text that holds a secret's value"],
    );
  });

  it("knows the secret parts of a secret's JSON, and takes names and hosts for none", () => {
    const secret: Fixture = {
      name: "secret",
      type: VERSION,
      properties: {
        secretString: JSON.stringify({
          username: "application",
          host: "database.internal.example",
          DB_PASSWORD: value,
          URL: "redis://:another-long-password@cache:6379",
        }),
      },
    };
    const worker = (variable: string): Fixture => ({
      name: "worker",
      type: FUNCTION,
      properties: { environment: { variables: { A: variable } } },
    });
    assert.deepEqual(found(secret, worker("database.internal.example")), []);
    assert.deepEqual(found(secret, worker("application")), []);
    assert.equal(found(secret, worker(value)).length, 1);
    assert.equal(found(secret, worker("another-long-password")).length, 1);
  });

  it("never repeats the value", () => {
    const sight = new SecretSight();
    sight.notice("urn:x", { environment: { variables: { A: new Secret(value) } } });
    assert.doesNotMatch(
      JSON.stringify(sight.judge({ urn: "urn:x", name: "x", type: FUNCTION })),
      new RegExp(value),
    );
  });
});
