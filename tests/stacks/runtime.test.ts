import assert from "node:assert/strict";
import { loadConfig } from "../../runtime/load-config.ts";
import type { Environment, Scale } from "../../stacks/environments.ts";
import type { Recording } from "../components/mocks.ts";
import { made } from "./made.ts";
import { type Given, given } from "./program.ts";

const cases: readonly (readonly [Environment, Scale, Given])[] = [
  ["development", "hobby", {}],
  ["staging", "hobby", { featureFlags: "enableBetaFeatures=false" }],
  ["uat", "enterprise", { apiImage: "1.4.2" }],
  ["production", "enterprise", {}],
  ["dr", "enterprise", {}],
];

type Variables = Record<string, string>;

/** What the API finds set: in a Lambda function, else in a container. */
function variablesOf(recording: Recording): Variables {
  const lambda = recording.all("aws:lambda/function:Function").find(({ name }) => name === "api")?.inputs[
    "environment"
  ];
  if (lambda !== undefined) return (lambda as { variables: Variables }).variables;
  const [task] = recording
    .all("aws:ecs/taskDefinition:TaskDefinition")
    .map(({ inputs }) => JSON.parse(String(inputs["containerDefinitions"])) as unknown);
  const [api] = task as { name: string; environment: { name: string; value: string }[] }[];
  return Object.fromEntries((api?.environment ?? []).map(({ name, value }) => [name, value]));
}

/** The secrets by ARNs as AWS makes them, and how the mocks' ARNs are called instead. */
function secretsOf(recording: Recording): {
  byArn: Map<string, Record<string, unknown>>;
  arnOf: Map<string, string>;
} {
  const byArn = new Map<string, Record<string, unknown>>();
  const arnOf = new Map<string, string>();
  for (const { name, inputs } of recording.all("SecretVersion")) {
    const secret = recording.one("aws:secretsmanager/secret:Secret", name);
    const arn = `arn:aws:secretsmanager:us-east-1:123456789012:secret:${String(secret.inputs["name"])}-AbC123`;
    const fields = JSON.parse(String(inputs["secretString"])) as Record<string, unknown>;
    // The mocks' random values are shorter than the real ones.
    const keys = Object.keys(fields).filter((key) => /^(?:API|COOKIE_ENCRYPTION)_KEY$/.test(key));
    byArn.set(arn, {
      ...fields,
      ...Object.fromEntries(keys.map((key) => [key, String(fields[key]).padEnd(48, "x")])),
    });
    arnOf.set(name, arn);
  }
  return { byArn, arnOf };
}

describe("what the program sets for the API", function () {
  this.timeout(60_000);
  for (const [environment, scale, more] of cases) {
    it(`is a configuration that runtime/ takes: ${environment}, ${scale}`, async () => {
      const recording = await made({ ...given(environment, scale), ...more }, environment);
      const { byArn, arnOf } = secretsOf(recording);
      const variables = variablesOf(recording);
      const SECRET_ARNS = (variables["SECRET_ARNS"] ?? "")
        .split(",")
        .map((arn) => arnOf.get(arn.split("/").at(-1) ?? "") ?? arn)
        .join(",");
      const config = await loadConfig({
        environment: { ...variables, SECRET_ARNS },
        fetchSecret: (id) => {
          const fields = byArn.get(id);
          return fields ? Promise.resolve({ version: "1", fields }) : assert.fail(`There is no ${id}.`);
        },
        onWarning: (text) => assert.fail(text),
      });
      assert.equal(config.appEnv, environment);
      assert.equal(config.appVersion, more["apiImage"] ?? "placeholder");
      assert.equal(config.featureFlags.enableBetaFeatures, ["development", "uat"].includes(environment));
      assert.equal(
        config.cookieDomain,
        scale === "enterprise" ? "macro-ai.com" : environment === "development" ? "localhost" : undefined,
      );
    });
  }
});
