import assert from "node:assert/strict";
import { permitsServices } from "../../../policies/rules/kms/permits-services.ts";
import { stackUnproven, stackViolations, unknown, type Fixture } from "../harness.ts";
import { describeStackRule } from "../stack-cases.ts";

const DOCUMENT = "macro-ai:components:PolicyDocument";
const LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup";

const logs: Fixture = {
  name: "logs",
  type: LOG_GROUP,
  properties: { kmsKeyId: unknown, region: "eu-west-1" },
  sources: { kmsKeyId: ["key"] },
};
const statement = {
  effect: "Allow",
  principals: { Service: "logs.eu-west-1.amazonaws.com" },
  actions: ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey*"],
  resources: ["*"],
  conditions: {
    ArnLike: { "kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:eu-west-1:123456789012:log-group:*" },
  },
};

/** A log group whose key's policy is unknown JSON with these statements registered. */
const withStatements = (...statements: object[]): Fixture[] => [
  { name: "document", type: DOCUMENT, properties: { statements } },
  { name: "key", type: "aws:kms/key:Key", properties: { policy: unknown }, parent: "document" },
  logs,
];
const withJson = (...statements: object[]): Fixture[] => [
  { name: "key", type: "aws:kms/key:Key", properties: { policy: JSON.stringify({ Statement: statements }) } },
  logs,
];

const permission = (changes: object = {}): string =>
  JSON.stringify({
    Statement: {
      Effect: "Allow",
      Principal: { Service: "logs.eu-west-1.amazonaws.com" },
      Action: "kms:*",
      Resource: "*",
      ...changes,
    },
  });
const refusal =
  `logs (${LOG_GROUP}): kmsKeyId is key, whose policy does not let logs.amazonaws.com kms:Encrypt, kms:Decrypt, kms:GenerateDataKey; ` +
  'it must be a key that the service may use. Add a statement to the policy of key with Principal { Service: "logs.amazonaws.com" } and kms:Encrypt, kms:Decrypt, kms:GenerateDataKey.';

describeStackRule(permitsServices, [
  {
    compliant: [{ name: "key", type: "aws:kms/key:Key", properties: { policy: permission() } }, logs],
    // Whether there is a key, another rule asks.
    wellWithout: ["key", "logs", "logs.kmsKeyId", "logs.region"],
    mutations: [
      undefined,
      permission({ Principal: { AWS: "arn:aws:iam::123456789012:root" } }),
      permission({ Action: "kms:Decrypt" }),
      permission({ Effect: "Deny" }),
    ].map((value) => ({ of: "key", path: "policy", value, messages: [refusal] })),
  },
]);

describe("kms-permits-services", () => {
  it("passes a key that lets CloudWatch Logs encrypt, registered or in JSON", () => {
    assert.deepEqual(stackViolations(permitsServices, withStatements(statement)), []);
    const json = {
      Effect: "Allow",
      Principal: { Service: "logs.eu-west-1.amazonaws.com" },
      Action: "kms:*",
      Resource: "*",
    };
    assert.deepEqual(stackViolations(permitsServices, withJson(json)), []);
  });

  it("refuses a policy that does not: nobody, another service, action, region, or a denial", () => {
    const cases: Record<string, object[]> = {
      nobody: [],
      "the account only": [{ ...statement, principals: { AWS: "arn:aws:iam::123456789012:root" } }],
      "another service": [{ ...statement, principals: { Service: "sns.amazonaws.com" } }],
      "another region": [{ ...statement, principals: { Service: "logs.us-east-1.amazonaws.com" } }],
      "no decryption": [{ ...statement, actions: ["kms:Encrypt", "kms:GenerateDataKey*"] }],
      "another region's logs": [
        {
          ...statement,
          conditions: { ArnLike: { "kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:us-east-1:*:*" } },
        },
      ],
      "a denial": [statement, { ...statement, effect: "Deny", conditions: {} }],
    };
    for (const [name, statements] of Object.entries(cases))
      assert.deepEqual(stackViolations(permitsServices, withStatements(...statements)), [refusal], name);
  });

  it("cannot prove a policy that stays unknown", () => {
    const hidden = withStatements()
      .slice(1)
      .map((fixture) => ({ ...fixture, parent: "logs" }));
    assert.deepEqual(stackViolations(permitsServices, hidden), []);
    assert.deepEqual(stackUnproven(permitsServices, hidden), ["logs: kmsKeyId"]);
  });

  it("asks for a topic's publishers: alarms and events", () => {
    const topic: Fixture = {
      name: "topic",
      type: "aws:sns/topic:Topic",
      properties: { kmsMasterKeyId: unknown },
      sources: { kmsMasterKeyId: ["key"] },
    };
    const alarm: Fixture = {
      name: "alarm",
      type: "aws:cloudwatch/metricAlarm:MetricAlarm",
      properties: { alarmActions: [unknown] },
      sources: { alarmActions: ["topic"] },
    };
    const target: Fixture = {
      name: "target",
      type: "aws:cloudwatch/eventTarget:EventTarget",
      properties: { arn: unknown },
      sources: { arn: ["topic"] },
    };
    const publishers = (...others: Fixture[]): string[] =>
      stackViolations(permitsServices, [...withStatements(statement), topic, ...others]).map(
        (text) => /let (\w+)/.exec(text)?.[1] ?? "",
      );
    assert.deepEqual(publishers(), []);
    assert.deepEqual(publishers(alarm), ["cloudwatch"]);
    assert.deepEqual(publishers(alarm, target), ["cloudwatch", "events"]);
  });
});
