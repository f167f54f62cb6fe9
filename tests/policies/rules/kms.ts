import assert from "node:assert/strict";
import { permitsServices } from "../../../policies/rules/kms/permits-services.ts";
import { stackUnproven, stackViolations, unknown, type Fixture, type Inputs } from "../harness.ts";
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

  /** A key whose policy says this, and resources that are encrypted with it. */
  const told = (statements: object[], ...encrypted: Fixture[]): string[] =>
    stackViolations(permitsServices, [...withJson(...statements).slice(0, 1), ...encrypted]).map(
      (text) => /^(\S+) .* does not let (.*?) kms:/.exec(text)?.slice(1).join(": ") ?? text,
    );
  const encrypted = (name: string, type: string, property = "kmsKeyId", inputs: Inputs = {}): Fixture => ({
    name,
    type,
    properties: { region: "eu-west-1", ...inputs, [property]: inputs[property] ?? unknown },
    sources: { [property]: ["key"] },
  });
  const account = {
    Effect: "Allow",
    Principal: { AWS: "arn:aws:iam::123456789012:root" },
    Action: "kms:*",
    Resource: "*",
  };
  const service = (name: string, actions: string[], Condition?: object): object => ({
    Effect: "Allow",
    Principal: { Service: `${name}.amazonaws.com` },
    Action: actions,
    Resource: "*",
    Condition,
  });

  it("asks for a topic's publishers: alarms, events and budgets", () => {
    const topic = encrypted("topic", "aws:sns/topic:Topic", "kmsMasterKeyId");
    const publisher = (name: string, type: string, property: string): Fixture => ({
      name,
      type,
      properties: { [property]: [unknown] },
      sources: { [property]: ["topic"] },
    });
    const alarm = publisher("alarm", "aws:cloudwatch/metricAlarm:MetricAlarm", "alarmActions");
    const target = publisher("target", "aws:cloudwatch/eventTarget:EventTarget", "arn");
    const budget = publisher("budget", "aws:budgets/budget:Budget", "notifications");
    assert.deepEqual(told([account], topic), []);
    assert.deepEqual(told([account], topic, alarm), ["topic: cloudwatch.amazonaws.com"]);
    assert.deepEqual(told([account], topic, alarm, target, budget), [
      "topic: cloudwatch.amazonaws.com",
      "topic: events.amazonaws.com",
      "topic: budgets.amazonaws.com",
    ]);
    const publishing = service("cloudwatch", ["kms:Decrypt", "kms:GenerateDataKey*"]);
    assert.deepEqual(told([account, publishing], topic, alarm), []);
  });

  describe("with a bucket", () => {
    const bucket: Fixture = { name: "files", type: "aws:s3/bucket:Bucket" };
    const rest: Fixture = {
      ...encrypted(
        "rest",
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        "rules",
        {
          rules: [
            { applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: unknown } },
          ],
        },
      ),
      sources: { rules: ["key"], bucket: ["files"] },
    };
    const site: Fixture = {
      name: "site",
      type: "aws:cloudfront/distribution:Distribution",
      properties: { origins: [{ domainName: unknown, originAccessControlId: unknown }] },
      sources: { origins: ["files"] },
    };
    const delivery: Fixture = {
      name: "delivery",
      type: "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination",
      sources: { deliveryDestinationConfiguration: ["files"] },
    };

    it("asks for its readers and writers: callers, CloudFront by its origins, the delivery of logs", () => {
      assert.deepEqual(told([account], bucket, rest), []);
      assert.deepEqual(told([], bucket, rest), ["rest: callers of s3"]);
      assert.deepEqual(told([account], bucket, rest, site, delivery), [
        "rest: cloudfront.amazonaws.com",
        "rest: delivery.logs.amazonaws.com",
      ]);
    });

    it("lets CloudFront read for its own distributions, and for nothing else", () => {
      const reading = (arn: string): object =>
        service("cloudfront", ["kms:Decrypt"], { ArnLike: { "aws:SourceArn": arn } });
      for (const [arn, refused] of [
        ["arn:aws:cloudfront::123456789012:distribution/*", false],
        ["arn:aws:s3:::files", true],
      ] as const)
        assert.equal(told([account, reading(arn)], bucket, rest, site).length > 0, refused, arn);
      const writing = service("cloudfront", ["kms:GenerateDataKey*"]);
      assert.deepEqual(told([account, writing], bucket, rest, site), ["rest: cloudfront.amazonaws.com"]);
    });

    it("lets the delivery of logs write by its own name alone", () => {
      const uses = ["kms:Decrypt", "kms:GenerateDataKey*"];
      assert.deepEqual(told([account, service("delivery.logs", uses)], bucket, rest, delivery), []);
      assert.deepEqual(told([account, service("logs", uses)], bucket, rest, delivery), [
        "rest: delivery.logs.amazonaws.com",
      ]);
    });
  });

  describe("with what keeps a key by grants for its callers", () => {
    const database = encrypted("database", "aws:rds/instance:Instance");
    const through = (Condition: object, Action: string[] = GRANTED): object => ({
      ...account,
      Action,
      Condition,
    });
    const GRANTED = ["kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey*"];

    for (const [type, property, called] of [
      ["aws:rds/instance:Instance", "kmsKeyId", "rds"],
      ["aws:rds/instance:Instance", "performanceInsightsKmsKeyId", "rds"],
      ["aws:rds/cluster:Cluster", "kmsKeyId", "rds"],
      ["aws:elasticache/replicationGroup:ReplicationGroup", "kmsKeyId", "elasticache"],
      ["aws:efs/fileSystem:FileSystem", "kmsKeyId", "elasticfilesystem"],
      ["aws:ecr/repository:Repository", "encryptionConfigurations", "ecr"],
      ["aws:lambda/function:Function", "kmsKeyArn", "lambda"],
      ["aws:secretsmanager/secret:Secret", "kmsKeyId", "secretsmanager"],
      ["aws:sqs/queue:Queue", "kmsMasterKeyId", "sqs"],
    ] as const) {
      it(`asks whether callers of ${called} may, for the ${property} of a ${type}`, () => {
        const resource = encrypted("one", type, property);
        assert.deepEqual(told([account], resource), []);
        assert.deepEqual(told([service(called, ["kms:*"])], resource), [`one: callers of ${called}`]);
      });
    }

    it("takes the default policy, which leaves it to the account", () => {
      assert.deepEqual(
        stackViolations(permitsServices, [{ name: "key", type: "aws:kms/key:Key" }, database]),
        [],
      );
    });

    it("evaluates kms:ViaService, in its region, and the actions that a grant needs", () => {
      for (const [name, statement, refused] of [
        [
          "this service",
          through({ StringEquals: { "kms:ViaService": "rds.eu-west-1.amazonaws.com" } }),
          false,
        ],
        ["any region", through({ StringLike: { "kms:ViaService": "rds.*.amazonaws.com" } }), false],
        [
          "another service",
          through({ StringEquals: { "kms:ViaService": "s3.eu-west-1.amazonaws.com" } }),
          true,
        ],
        [
          "another region",
          through({ StringEquals: { "kms:ViaService": "rds.us-east-1.amazonaws.com" } }),
          true,
        ],
        [
          "one of two",
          through({
            StringEquals: { "kms:ViaService": ["s3.eu-west-1.amazonaws.com", "rds.eu-west-1.amazonaws.com"] },
          }),
          false,
        ],
        ["for AWS's own resources", through({ Bool: { "kms:GrantIsForAWSResource": "true" } }), false],
        ["no grant", through({}, ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey*"]), true],
        [
          "a source, which callers are not",
          through({ ArnLike: { "aws:SourceArn": "arn:aws:rds:*:*:*" } }),
          true,
        ],
        ["one role", { ...account, Principal: { AWS: "arn:aws:iam::123456789012:role/one" } }, true],
        ["other keys", { ...account, Resource: "arn:aws:s3:::files" }, true],
      ] as const)
        assert.equal(told([statement], database).length > 0, refused, name);
    });

    it("is stopped by a denial", () => {
      assert.deepEqual(
        told([account, { ...account, Effect: "Deny", Action: "kms:CreateGrant", Principal: "*" }], database),
        ["database: callers of rds"],
      );
    });

    it("cannot prove what names somebody who is not known yet", () => {
      const statements = [
        { effect: "Allow", principals: { AWS: [unknown] }, actions: ["kms:*"], resources: ["*"] },
      ];
      const fixtures = [...withStatements(...statements).slice(0, 2), database];
      assert.deepEqual(stackViolations(permitsServices, fixtures), []);
      assert.ok(stackUnproven(permitsServices, fixtures).includes("database: kmsKeyId"));
    });
  });
});
