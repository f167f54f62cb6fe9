import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { Secret } from "@pulumi/policy";
import { SecretSight } from "../../policies/core/secrets.ts";
import type { Verdict } from "../../policies/core/verdict.ts";
import { stackOf, unknown, type Fixture, type Inputs } from "./harness.ts";

const FUNCTION = "aws:lambda/function:Function";
const TASK = "aws:ecs/taskDefinition:TaskDefinition";
const PASSWORD = "random:index/randomPassword:RandomPassword";
const VERSION = "aws:secretsmanager/secretVersion:SecretVersion";
const value = "correct-horse-battery";
const base64 = (text: string): string => Buffer.from(text).toString("base64");

const told = (verdicts: Verdict[]): string[] =>
  verdicts.map(({ resource, finding }) => `${resource.name}: ${finding.property} is ${finding.is}`);

function marked(type: string, inputs: Inputs): string[] {
  const sight = new SecretSight();
  sight.notice("urn:x", inputs);
  return told(sight.judge({ urn: "urn:x", name: "x", type }, inputs));
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

  it("finds what looks like a secret in tags, descriptions and user data, also in base64 and packed", () => {
    const script = "#!/bin/sh\nexport PGPASSWORD=hunter2\n";
    const instance = "aws:ec2/instance:Instance";
    const cases: [type: string, inputs: Inputs, path: string][] = [
      ["aws:s3/bucket:Bucket", { tags: { note: "AKIAIOSFODNN7EXAMPLE" } }, "tags.note"],
      ["aws:s3/bucket:Bucket", { tagsAll: { dbPassword: "hunter2" } }, "tagsAll.dbPassword"],
      ["aws:kms/key:Key", { description: "postgres://app:hunter2@host/db" }, "description"],
      [instance, { userData: script }, "userData"],
      [instance, { userDataBase64: base64(script) }, "userDataBase64"],
      [instance, { userDataBase64: gzipSync(script).toString("base64") }, "userDataBase64"],
      [instance, { userData: "#cloud-config\nusers:\n  - password: hunter2\n" }, "userData"],
      [
        "aws:codebuild/project:Project",
        { environment: { environmentVariables: [{ name: "NPM_TOKEN", value: "hunter2" }] } },
        "environment.environmentVariables[0].value",
      ],
      [
        TASK,
        { containerDefinitions: JSON.stringify([{ command: ["serve", "--password=hunter2"] }]) },
        "containerDefinitions[0].command[1]",
      ],
    ];
    for (const [type, inputs, path] of cases)
      assert.deepEqual(marked(type, inputs), [`x: ${path} is text that looks like a secret`], path);
  });

  it("tells a tag once, and leaves variables to the rules that look at them", () => {
    const tags = { dbPassword: "hunter2" };
    assert.equal(marked("aws:s3/bucket:Bucket", { tags, tagsAll: tags }).length, 1);
    assert.deepEqual(marked(FUNCTION, { environment: { variables: { PGPASSWORD: "hunter2" } } }), []);
    const environment = [{ name: "PGPASSWORD", value: "hunter2" }];
    assert.deepEqual(marked(TASK, { containerDefinitions: JSON.stringify([{ environment }]) }), []);
  });

  it("takes a script that fetches its secrets for none", () => {
    const script = [
      "#!/bin/sh",
      'PASSWORD=$(aws secretsmanager get-secret-value --secret-id "prod/db")',
      "export PGPASSWORD=$PASSWORD PGPASSFILE=/run/pgpass",
      "TOKEN_URL=https://example.com/token",
    ].join("\n");
    for (const userData of [script, base64(script), unknown])
      assert.deepEqual(marked("aws:ec2/instance:Instance", { userData }), []);
  });

  it("finds a known secret in base64, and what looks like one in the stack's outputs", () => {
    const password: Fixture = { name: "password", type: PASSWORD, properties: { result: value } };
    const userDataBase64 = base64(`#!/bin/sh\nlogin ${value}\n`);
    assert.deepEqual(
      found(password, { name: "host", type: "aws:ec2/instance:Instance", properties: { userDataBase64 } }),
      ["host: userDataBase64 is text that holds a secret's value"],
    );
    assert.deepEqual(
      found({ name: "app", type: "pulumi:pulumi:Stack", properties: { url: "redis://:hunter2@cache" } }),
      ["app: url is text that holds a secret's value"],
    );
  });

  it("never repeats the value", () => {
    const sight = new SecretSight();
    const inputs = { environment: { variables: { A: new Secret(value) } }, tags: { password: value } };
    sight.notice("urn:x", inputs);
    assert.doesNotMatch(
      JSON.stringify(sight.judge({ urn: "urn:x", name: "x", type: FUNCTION }, inputs)),
      new RegExp(value),
    );
  });
});
