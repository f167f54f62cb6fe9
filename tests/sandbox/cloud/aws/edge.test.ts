import assert from "node:assert/strict";
import { Account } from "./account.ts";

const BUCKET = "aws:s3/bucket:Bucket";
const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";

const alarm = {
  namespace: "AWS/ECS",
  metricName: "CPUUtilization",
  statistic: "Average",
  period: 300,
  evaluationPeriods: 2,
  threshold: 80,
  comparisonOperator: "GreaterThanThreshold",
};

const trust = (statement: object) => ({
  assumeRolePolicy: { Version: "2012-10-17", Statement: [statement] },
});

describe("storage, edge and monitoring of the stand-in cloud", () => {
  let account: Account;

  beforeEach(async () => {
    account = await Account.open();
  });

  afterEach(() => account.close());

  it("makes bucket names global and lower-case, and keeps a bucket with objects", async () => {
    const made = await account.make(BUCKET, { bucket: "macro-ai-assets" });
    await assert.rejects(
      account.make(BUCKET, { bucket: "macro-ai-assets", region: "eu-west-1" }, "b"),
      /BucketAlreadyOwnedByYou/,
    );
    assert.match(account.problems(BUCKET, { bucket: "Macro_AI" }).join(), /AWS allows lower-case letters/);
    assert.match(account.problems(BUCKET, {}, "a".repeat(56)).join(), /longer than maximum length 63/);
    const object = await account.make("aws:s3/bucketObjectv2:BucketObjectv2", {
      bucket: made.id,
      key: "index.html",
      content: "x",
    });
    await assert.rejects(account.remove(made), /BucketNotEmpty/);
    await account.remove(object);
    await account.remove(made);
  });

  it("replicates only buckets that are versioned", async () => {
    const bucket = (await account.make(BUCKET, {}, "from")).id;
    const target = await account.make(BUCKET, {}, "to");
    const role = "arn:aws:iam::999999999999:role/replication";
    const rules = [{ status: "Enabled", destination: { bucket: target.state["arn"] } }];
    const type = "aws:s3/bucketReplicationConfig:BucketReplicationConfig";
    await assert.rejects(account.make(type, { bucket, role, rules }), /Versioning must be 'Enabled'/);
    await account.make("aws:s3/bucketVersioning:BucketVersioning", {
      bucket,
      versioningConfiguration: { status: "Enabled" },
    });
    await account.make(type, { bucket, role, rules });
  });

  it("reads policy documents as IAM does", () => {
    const role = "aws:iam/role:Role";
    const allow = {
      Effect: "Allow",
      Principal: { Service: "lambda.amazonaws.com" },
      Action: "sts:AssumeRole",
    };
    assert.deepEqual(account.problems(role, trust(allow)), []);
    assert.deepEqual(account.problems(role, trust({ ...allow, Resource: "*" })), [
      "assumeRolePolicy: Statement[0]: a trust policy has no Resource",
    ]);
    assert.deepEqual(
      account.problems("aws:iam/rolePolicy:RolePolicy", {
        role: "r",
        policy: JSON.stringify({ Statement: [allow] }),
      }),
      [
        "policy: Statement[0]: Resource is missing",
        "policy: Statement[0]: an identity policy has no Principal",
      ],
    );
    assert.match(
      account.problems(role, trust(allow), "a".repeat(57)).join(),
      /longer than maximum length 64/,
    );
  });

  it("keeps a role that policies hang on", async () => {
    const inputs = trust({
      Effect: "Allow",
      Principal: { Service: "ecs-tasks.amazonaws.com" },
      Action: "sts:AssumeRole",
    });
    const role = await account.make("aws:iam/role:Role", inputs);
    const attachment = await account.make("aws:iam/rolePolicyAttachment:RolePolicyAttachment", {
      role: role.id,
      policyArn: "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy",
    });
    await assert.rejects(
      account.remove(role),
      /DeleteConflict: Cannot delete entity, must detach all policies first/,
    );
    await account.remove(attachment);
    await account.remove(role);
  });

  it("judges alarms, dashboards and log groups", async () => {
    assert.deepEqual(
      account.problems(ALARM, {
        ...alarm,
        period: 45,
        treatMissingData: "notbreaching",
        datapointsToAlarm: 3,
      }),
      [
        'treatMissingData: expected one of missing, ignore, breaching, notBreaching, got "notbreaching"',
        "period: expected 10, 20, 30 or a multiple of 60 s, got 45",
        "datapointsToAlarm: expected at most evaluationPeriods (2), got 3",
      ],
    );
    const group = "aws:cloudwatch/logGroup:LogGroup";
    assert.match(
      account.problems(group, { retentionInDays: 6 }).join(),
      /retentionInDays: expected one of 0, 1, 3, 5, 7/,
    );
    const kept = await account.make(group, { name: "/ecs/macro-ai-api", skipDestroy: true });
    await account.remove(kept);
    await assert.rejects(account.make(group, { name: "/ecs/macro-ai-api" }, "again"), /\/ecs\/macro-ai-api/);
    const composite = { alarmName: "any", alarmRule: 'ALARM("cpu")' };
    const type = "aws:cloudwatch/compositeAlarm:CompositeAlarm";
    await assert.rejects(account.make(type, composite), /alarms \[cpu\] in the alarm rule do not exist/);
    await account.make(ALARM, { ...alarm, name: "cpu" });
    await account.make(type, composite);
  });

  it("lets alarms and event rules tell only topics of their own region", async () => {
    const topic = "arn:aws:sns:us-east-1:123456789012:alarms";
    await account.make(ALARM, { ...alarm, name: "here", alarmActions: [topic] });
    await assert.rejects(
      account.make(ALARM, { ...alarm, name: "there", alarmActions: [topic], region: "eu-west-2" }),
      /Invalid region us-east-1 specified\. Only eu-west-2 is supported\./,
    );
    const rule = { name: "failover", eventPattern: JSON.stringify({ source: ["aws.rds"] }) };
    const target = { rule: "failover", arn: topic };
    const [ruleType, targetType] = [
      "aws:cloudwatch/eventRule:EventRule",
      "aws:cloudwatch/eventTarget:EventTarget",
    ];
    await account.make(ruleType, rule);
    await account.make(targetType, target);
    await account.make(ruleType, { ...rule, region: "eu-west-2" });
    await assert.rejects(
      account.make(targetType, { ...target, region: "eu-west-2" }),
      /the target of a rule in eu-west-2 must lie there/,
    );
  });

  it("delivers logs into log groups that exist, in the delivery's own region", async () => {
    const type = "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination";
    const into = (region: string) => ({
      name: `ui-${region}`,
      deliveryDestinationConfiguration: {
        destinationResourceArn: `arn:aws:logs:${region}:123456789012:log-group:/ecs/macro-ai-ui`,
      },
    });
    await assert.rejects(account.make(type, into("us-east-1")), /log group .* does not exist/);
    await account.make("aws:cloudwatch/logGroup:LogGroup", { name: "/ecs/macro-ai-ui" });
    await account.make(type, into("us-east-1"));
    await assert.rejects(account.make(type, into("eu-west-2")), /does not lie in us-east-1/);
  });

  it("keeps scopes and capacities of web ACLs", async () => {
    const visibilityConfig = {
      cloudwatchMetricsEnabled: true,
      metricName: "acl",
      sampledRequestsEnabled: true,
    };
    const statement = {
      managedRuleGroupStatement: { vendorName: "AWS", name: "AWSManagedRulesCommonRuleSet" },
    };
    const rule = { name: "common", priority: 0, statement, overrideAction: { none: {} }, visibilityConfig };
    const acl = { scope: "REGIONAL", defaultAction: { allow: {} }, visibilityConfig, rules: [rule] };
    const type = "aws:wafv2/webAcl:WebAcl";
    const made = await account.make(type, acl);
    assert.equal(made.state["capacity"], 700);
    assert.match(
      String(made.state["arn"]),
      /^arn:aws:wafv2:us-east-1:123456789012:regional\/webacl\/test-[0-9a-f]{7}\/[0-9a-f-]{36}$/,
    );
    assert.deepEqual(
      account.problems(type, {
        ...acl,
        rules: [{ ...rule, overrideAction: undefined, action: { block: {} } }, rule],
      }),
      [
        "rules[0].overrideAction: is required for a rule group",
        "rules[0].action: is not allowed for a rule group",
        "rules[1].priority: 0 is used by two rules",
        'rules[1].name: "common" is used by two rules',
      ],
    );
    await assert.rejects(
      account.make(type, { ...acl, scope: "CLOUDFRONT", region: "eu-west-1" }, "b"),
      /create it in us-east-1/,
    );
  });

  it("limits tags alike for every type", () => {
    assert.deepEqual(account.problems(BUCKET, { tags: { "aws:x": "y", note: "50% off" } }), [
      'tags["aws:x"]: keys that begin with aws: are reserved',
      'tags["note"]: expected a value of letters, digits, spaces and _.:/=+-@, got "50% off"',
    ]);
  });

  it("tells a budget without anyone to tell", () => {
    const notification = {
      comparisonOperator: "GREATER_THAN",
      threshold: 80,
      thresholdType: "PERCENTAGE",
      notificationType: "ACTUAL",
    };
    const budget = {
      budgetType: "COST",
      timeUnit: "MONTHLY",
      limitAmount: "10",
      limitUnit: "GBP",
      notifications: [notification],
    };
    assert.deepEqual(account.problems("aws:budgets/budget:Budget", budget), [
      'limitUnit: expected one of USD, got "GBP"',
      "notifications[0]: give subscriberEmailAddresses or subscriberSnsTopicArns",
    ]);
  });

  it("answers data sources with AWS's own values", () => {
    assert.deepEqual(
      account.invoke("aws:index/getAvailabilityZones:getAvailabilityZones", { region: "eu-west-2" })["names"],
      ["eu-west-2a", "eu-west-2b", "eu-west-2c"],
    );
    const policy = account.invoke("aws:cloudfront/getCachePolicy:getCachePolicy", {
      name: "Managed-CachingOptimized",
    });
    assert.equal(policy["id"], "658327ea-f89d-4fab-a63d-7e88639e58f6");
    assert.equal(account.invoke("aws:elb/getServiceAccount:getServiceAccount", {})["id"], "127311923021");
    assert.throws(
      () => account.invoke("aws:ecr/getRepository:getRepository", { name: "none" }),
      /RepositoryNotFoundException/,
    );
  });

  it("renders policy documents as the provider does", () => {
    const statements = [
      { sid: "Read", actions: ["s3:GetObject"], resources: ["b", "a"] },
      {
        effect: "Deny",
        actions: ["s3:*"],
        resources: ["*"],
        principals: [{ type: "*", identifiers: ["*"] }],
        conditions: [{ test: "Bool", variable: "aws:SecureTransport", values: ["false"] }],
      },
    ];
    const { json } = account.invoke("aws:iam/getPolicyDocument:getPolicyDocument", { statements });
    assert.deepEqual(JSON.parse(String(json)), {
      Version: "2012-10-17",
      Statement: [
        { Sid: "Read", Effect: "Allow", Action: "s3:GetObject", Resource: ["a", "b"] },
        {
          Effect: "Deny",
          Principal: "*",
          Action: "s3:*",
          Resource: "*",
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      ],
    });
  });
});
