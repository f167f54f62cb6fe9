import assert from "node:assert/strict";
import type { Rule } from "../../../policies/core/rule.ts";
import { rules } from "../../../policies/rules.ts";
import { stackUnproven, stackViolations, unknown, type Fixture, type Inputs } from "../harness.ts";

const BUCKET = "aws:s3/bucket:Bucket";
const LOGGING = "aws:s3/bucketLogging:BucketLogging";
const ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
const VPC = "aws:ec2/vpc:Vpc";
const GROUP = "aws:ec2/securityGroup:SecurityGroup";
const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const ACL_RULE = "aws:ec2/networkAclRule:NetworkAclRule";
const TASK = "aws:ecs/taskDefinition:TaskDefinition";
const SECRET = "aws:secretsmanager/secret:Secret";
const key = "arn:aws:kms:us-east-1:123456789012:key/1";

function ruleOf(name: string): Rule {
  return rules.find((rule) => rule.name === name) ?? assert.fail(`no rule ${name}`);
}

/** A resource with the name by which others refer to it. */
const one = (
  name: string,
  type: string,
  properties: Inputs = {},
  sources: Record<string, string[]> = {},
): Fixture => ({
  name,
  type,
  properties,
  sources,
});

/** A stack rule's case: what is well, and what is not, with the name of the resource and the property that is wrong. */
interface Case {
  rule: string;
  well: Record<string, Fixture[]>;
  wrong: Record<string, { fixtures: Fixture[]; found: string }>;
  unproven?: { fixtures: Fixture[]; found: string };
}

const bucket = one("files", BUCKET, { bucket: unknown });
const encryption = (apply: Inputs): Fixture =>
  one(
    "rest",
    ENCRYPTION,
    { bucket: unknown, rules: [{ applyServerSideEncryptionByDefault: apply }] },
    { bucket: ["files"] },
  );
const balancerLogs = one(
  "balancer",
  "aws:lb/loadBalancer:LoadBalancer",
  { accessLogs: { bucket: unknown } },
  { accessLogs: ["files"] },
);
const versioning = (status: unknown): Fixture =>
  one(
    "versions",
    "aws:s3/bucketVersioning:BucketVersioning",
    { versioningConfiguration: { status } },
    { bucket: ["files"] },
  );
const secret = one("secret", SECRET, { id: unknown });
const rotation = (days: number): Fixture =>
  one(
    "rotation",
    "aws:secretsmanager/secretRotation:SecretRotation",
    { rotationRules: { automaticallyAfterDays: days } },
    { secretId: ["secret"] },
  );
const trail = one(
  "trail",
  "aws:cloudtrail/trail:Trail",
  { s3BucketName: unknown },
  { s3BucketName: ["files"] },
);
const bucketPolicy = (...statements: object[]): Fixture =>
  one(
    "policy",
    "aws:s3/bucketPolicy:BucketPolicy",
    { policy: JSON.stringify({ Statement: statements }) },
    { bucket: ["files"] },
  );
const denial = {
  Effect: "Deny",
  Principal: "*",
  Action: ["s3:DeleteObject", "s3:DeleteObjectVersion"],
  Resource: "*",
};
const balancer = one("balancer", "aws:lb/loadBalancer:LoadBalancer", { internal: false });
const aclRule = (inputs: Inputs): Fixture[] => [
  one("subnet", "aws:ec2/subnet:Subnet"),
  one("table", "aws:ec2/routeTable:RouteTable"),
  one(
    "joined",
    "aws:ec2/routeTableAssociation:RouteTableAssociation",
    {},
    { subnetId: ["subnet"], routeTableId: ["table"] },
  ),
  one("acl", "aws:ec2/networkAcl:NetworkAcl", {}, { subnetIds: ["subnet"] }),
  one("rule", ACL_RULE, { ruleAction: "allow", protocol: "tcp", ...inputs }, { networkAclId: ["acl"] }),
];
const alarm = (inputs: Inputs): Fixture =>
  one("alarm", "aws:cloudwatch/metricAlarm:MetricAlarm", { name: "alarm-1", ...inputs });

const cases: Case[] = [
  {
    rule: "s3-encrypted",
    well: {
      "a key": [bucket, encryption({ sseAlgorithm: "aws:kms", kmsMasterKeyId: key })],
      "a bucket for a balancer's logs": [bucket, encryption({ sseAlgorithm: "AES256" }), balancerLogs],
    },
    wrong: {
      nothing: { fixtures: [bucket], found: "files: server-side encryption" },
      "S3's key": {
        fixtures: [bucket, encryption({ sseAlgorithm: "AES256" })],
        found: "rest: rules[0].applyServerSideEncryptionByDefault.sseAlgorithm",
      },
      "no key": {
        fixtures: [bucket, encryption({ sseAlgorithm: "aws:kms" })],
        found: "rest: rules[0].applyServerSideEncryptionByDefault.kmsMasterKeyId",
      },
    },
    unproven: {
      fixtures: [bucket, encryption({ sseAlgorithm: unknown })],
      found: "rest: rules[0].applyServerSideEncryptionByDefault",
    },
  },
  {
    rule: "s3-versioned",
    well: { enabled: [bucket, versioning("Enabled")] },
    wrong: {
      missing: { fixtures: [bucket], found: "files: versioning" },
      suspended: {
        fixtures: [bucket, versioning("Suspended")],
        found: "versions: versioningConfiguration.status",
      },
    },
  },
  {
    rule: "s3-access-logged",
    well: {
      logged: [bucket, one("log", LOGGING, {}, { bucket: ["files"] })],
      "a bucket of logs": [bucket, balancerLogs],
    },
    wrong: { neither: { fixtures: [bucket], found: "files: access log" } },
  },
  {
    rule: "cloudtrail-files-kept",
    well: { "a denial": [bucket, trail, bucketPolicy(denial)], "no trail": [bucket] },
    wrong: {
      "half a denial": {
        fixtures: [bucket, trail, bucketPolicy({ ...denial, Action: "s3:DeleteObject" })],
        found: "files: policy",
      },
      "a denial of some": {
        fixtures: [bucket, trail, bucketPolicy({ ...denial, Principal: { AWS: "arn:aws:iam::1:root" } })],
        found: "files: policy",
      },
    },
  },
  {
    rule: "secretsmanager-rotated",
    well: { often: [secret, rotation(30)] },
    wrong: {
      never: { fixtures: [secret], found: "secret: rotation" },
      seldom: { fixtures: [secret, rotation(365)], found: "rotation: rotationRules.automaticallyAfterDays" },
    },
  },
  {
    rule: "sqs-tls-only",
    well: {
      "a denial": [
        one("queue", "aws:sqs/queue:Queue"),
        one(
          "policy",
          "aws:sqs/queuePolicy:QueuePolicy",
          {
            policy: JSON.stringify({
              Statement: {
                Effect: "Deny",
                Principal: "*",
                Action: "sqs:*",
                Condition: { Bool: { "aws:SecureTransport": "false" } },
              },
            }),
          },
          { queueUrl: ["queue"] },
        ),
      ],
    },
    wrong: { none: { fixtures: [one("queue", "aws:sqs/queue:Queue")], found: "queue: policy" } },
  },
  {
    rule: "ec2-flow-logs",
    well: {
      all: [
        one("vpc", VPC),
        one("flow", "aws:ec2/flowLog:FlowLog", { trafficType: "ALL", vpcId: unknown }, { vpcId: ["vpc"] }),
      ],
    },
    wrong: {
      none: { fixtures: [one("vpc", VPC)], found: "vpc: flow log" },
      "what was let through": {
        fixtures: [
          one("vpc", VPC),
          one(
            "flow",
            "aws:ec2/flowLog:FlowLog",
            { trafficType: "ACCEPT", vpcId: unknown },
            { vpcId: ["vpc"] },
          ),
        ],
        found: "flow: trafficType",
      },
    },
  },
  {
    rule: "ec2-default-security-group-adopted",
    well: {
      adopted: [
        one("vpc", VPC),
        one("default", "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", {}, { vpcId: ["vpc"] }),
      ],
    },
    wrong: { left: { fixtures: [one("vpc", VPC)], found: "vpc: default security group" } },
  },
  {
    rule: "ec2-rules-not-mixed",
    well: {
      inline: [one("group", GROUP, { ingress: [{}] })],
      beside: [one("group", GROUP), one("rule", INGRESS, {}, { securityGroupId: ["group"] })],
    },
    wrong: {
      both: {
        fixtures: [
          one("group", GROUP, { ingress: [{}] }),
          one("rule", INGRESS, {}, { securityGroupId: ["group"] }),
        ],
        found: "group: ingress",
      },
    },
  },
  {
    rule: "ec2-data-groups-closed",
    well: {
      "a group": [
        one("group", GROUP),
        one("database", "aws:rds/instance:Instance", {}, { vpcSecurityGroupIds: ["group"] }),
        one("rule", INGRESS, { referencedSecurityGroupId: unknown }, { securityGroupId: ["group"] }),
      ],
    },
    wrong: Object.fromEntries(
      [{ cidrIpv4: "10.0.1.4/32" }, { cidrIpv6: unknown }, { prefixListId: "pl-1" }].map((source) => [
        JSON.stringify(source),
        {
          fixtures: [
            one("group", GROUP),
            one(
              "cache",
              "aws:elasticache/replicationGroup:ReplicationGroup",
              {},
              { securityGroupIds: ["group"] },
            ),
            one("rule", INGRESS, source, { securityGroupId: ["group"] }),
          ],
          found: "rule: source",
        },
      ]),
    ),
  },
  {
    rule: "ec2-network-acl-narrow",
    well: { "ports of a neighbour": aclRule({ fromPort: 5432, toPort: 5432, cidrBlock: "10.0.1.0/24" }) },
    wrong: {
      "every port": {
        fixtures: aclRule({ fromPort: 0, toPort: 65535, cidrBlock: "10.0.1.0/24" }),
        found: "rule: fromPort",
      },
      "every protocol": {
        fixtures: aclRule({ protocol: "-1", cidrBlock: "10.0.1.0/24" }),
        found: "rule: fromPort",
      },
      "the world, without a way to it": {
        fixtures: aclRule({ fromPort: 1024, toPort: 65535, cidrBlock: "0.0.0.0/0" }),
        found: "rule: cidrBlock",
      },
    },
  },
  {
    rule: "lb-firewall",
    well: {
      joined: [
        balancer,
        one("wall", "aws:wafv2/webAclAssociation:WebAclAssociation", {}, { resourceArn: ["balancer"] }),
      ],
      internal: [one("balancer", "aws:lb/loadBalancer:LoadBalancer", { internal: true })],
      "of packets": [one("balancer", "aws:lb/loadBalancer:LoadBalancer", { loadBalancerType: "network" })],
    },
    wrong: { alone: { fixtures: [balancer], found: "balancer: web ACL" } },
  },
  {
    rule: "wafv2-logged",
    well: {
      logged: [
        one("wall", "aws:wafv2/webAcl:WebAcl"),
        one(
          "log",
          "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",
          {},
          { resourceArn: ["wall"] },
        ),
      ],
    },
    wrong: { silent: { fixtures: [one("wall", "aws:wafv2/webAcl:WebAcl")], found: "wall: log" } },
  },
  {
    rule: "cloudfront-access-logged",
    well: {
      "the old way": [
        one("site", "aws:cloudfront/distribution:Distribution", { loggingConfig: { bucket: "logs" } }),
      ],
      "the new way": [
        one("site", "aws:cloudfront/distribution:Distribution"),
        one("source", "aws:cloudwatch/logDeliverySource:LogDeliverySource", {}, { resourceArn: ["site"] }),
        one("delivery", "aws:cloudwatch/logDelivery:LogDelivery", {}, { deliverySourceName: ["source"] }),
      ],
    },
    wrong: {
      "a source that is delivered nowhere": {
        fixtures: [
          one("site", "aws:cloudfront/distribution:Distribution"),
          one("source", "aws:cloudwatch/logDeliverySource:LogDeliverySource", {}, { resourceArn: ["site"] }),
        ],
        found: "site: access log",
      },
    },
  },
  {
    rule: "ecr-lifecycle",
    well: {
      one: [
        one("images", "aws:ecr/repository:Repository"),
        one("old", "aws:ecr/lifecyclePolicy:LifecyclePolicy", {}, { repository: ["images"] }),
      ],
    },
    wrong: {
      "that of a namesake in another region": {
        fixtures: [
          one("images", "aws:ecr/repository:Repository", { name: "api" }),
          one("copies", "aws:ecr/repository:Repository", { name: "api" }),
          one(
            "old",
            "aws:ecr/lifecyclePolicy:LifecyclePolicy",
            { repository: "api" },
            { repository: ["copies"] },
          ),
        ],
        found: "images: lifecycle policy",
      },
    },
  },
  {
    rule: "ecs-distinct-roles",
    well: {
      two: [
        one("run", "aws:iam/role:Role"),
        one("start", "aws:iam/role:Role"),
        one(
          "task",
          TASK,
          { taskRoleArn: unknown, executionRoleArn: unknown },
          { taskRoleArn: ["run"], executionRoleArn: ["start"] },
        ),
      ],
      "none of its own": [one("task", TASK, { executionRoleArn: "arn:a" })],
    },
    wrong: {
      "one, unknown": {
        fixtures: [
          one("run", "aws:iam/role:Role"),
          one(
            "task",
            TASK,
            { taskRoleArn: unknown, executionRoleArn: unknown },
            { taskRoleArn: ["run"], executionRoleArn: ["run"] },
          ),
        ],
        found: "task: taskRoleArn",
      },
      "one, known": {
        fixtures: [one("task", TASK, { taskRoleArn: "arn:a", executionRoleArn: "arn:a" })],
        found: "task: taskRoleArn",
      },
    },
  },
  {
    rule: "rds-parameters-used",
    well: {
      "of the stack": [
        one("strict", "aws:rds/parameterGroup:ParameterGroup", { name: "strict" }),
        one("database", "aws:rds/instance:Instance", { parameterGroupName: "strict" }),
      ],
      "a replica": [one("copy", "aws:rds/instance:Instance", { replicateSourceDb: "database" })],
    },
    wrong: {
      "AWS's own": {
        fixtures: [
          one("database", "aws:rds/instance:Instance", { parameterGroupName: "default.postgres15" }),
        ],
        found: "database: parameterGroupName",
      },
      "left out": {
        fixtures: [one("database", "aws:rds/instance:Instance")],
        found: "database: parameterGroupName",
      },
    },
    unproven: {
      fixtures: [one("database", "aws:rds/instance:Instance", { parameterGroupName: unknown })],
      found: "database: parameterGroupName",
    },
  },
  {
    rule: "cloudwatch-alarm-actions",
    well: {
      "a topic": [alarm({ alarmActions: ["arn:aws:sns:x"] })],
      "a topic not known yet": [alarm({ alarmActions: unknown })],
      "read by a service": [
        alarm({}),
        one("service", "aws:ecs/service:Service", { alarms: { alarmNames: ["alarm-1"] } }),
      ],
    },
    wrong: {
      nobody: { fixtures: [alarm({ alarmActions: [] })], found: "alarm: alarmActions" },
      silenced: {
        fixtures: [alarm({ actionsEnabled: false, alarmActions: ["arn:aws:sns:x"] })],
        found: "alarm: actionsEnabled",
      },
    },
  },
];

/** `files (aws:s3/bucket:Bucket): policy is ...` becomes `files: policy`. */
const place = (text: string): string => text.replace(/^(\S+) \([^)]*\): (.*?) is .*$/s, "$1: $2");

for (const { rule, well, wrong, unproven } of cases) {
  describe(rule, () => {
    for (const [name, fixtures] of Object.entries(well)) {
      it(`passes: ${name}`, () => {
        assert.deepEqual(stackViolations(ruleOf(rule), fixtures), []);
        assert.deepEqual(stackUnproven(ruleOf(rule), fixtures), []);
      });
    }
    for (const [name, { fixtures, found }] of Object.entries(wrong)) {
      it(`refuses: ${name}`, () => {
        assert.deepEqual(stackViolations(ruleOf(rule), fixtures).map(place), [found]);
      });
    }
    if (unproven) {
      it("cannot prove what is not known yet", () => {
        assert.deepEqual(stackViolations(ruleOf(rule), unproven.fixtures), []);
        assert.deepEqual(stackUnproven(ruleOf(rule), unproven.fixtures), [unproven.found]);
      });
    }
  });
}
