import assert from "node:assert/strict";
import type { StackRule } from "../../../policies/core/rule.ts";
import { rules } from "../../../policies/rules.ts";
import { mustBe, unknown, type Fixture, type Inputs } from "../harness.ts";
import { describeStackRule, type StackCase, type StackMutation } from "../stack-cases.ts";

const BUCKET = "aws:s3/bucket:Bucket";
const BALANCER = "aws:lb/loadBalancer:LoadBalancer";
const ENCRYPTION = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
const VPC = "aws:ec2/vpc:Vpc";
const GROUP = "aws:ec2/securityGroup:SecurityGroup";
const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";
const OLD_RULE = "aws:ec2/securityGroupRule:SecurityGroupRule";
const TASK = "aws:ecs/taskDefinition:TaskDefinition";
const ROLE = "aws:iam/role:Role";
const DATABASE = "aws:rds/instance:Instance";
const WEB_ACL = "aws:wafv2/webAcl:WebAcl";
const DISTRIBUTION = "aws:cloudfront/distribution:Distribution";
const REPOSITORY = "aws:ecr/repository:Repository";
const key = "arn:aws:kms:us-east-1:123456789012:key/1";

function ruleOf(name: string): StackRule {
  const found = rules.find((rule) => rule.name === name);
  assert.ok(found !== undefined && "judge" in found, `no stack rule ${name}`);
  return found;
}

/** A resource with what its properties come from. */
const one = (
  name: string,
  type: string,
  properties: Inputs = {},
  sources: Record<string, string[]> = {},
): Fixture => ({ name, type, properties, sources });

const denial = (action: string | string[], condition?: object): string =>
  JSON.stringify({
    Statement: { Effect: "Deny", Principal: "*", Action: action, Resource: "*", Condition: condition },
  });
const overTls = { Bool: { "aws:SecureTransport": "false" } };

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
  BALANCER,
  { accessLogs: { bucket: unknown } },
  { accessLogs: ["files"] },
);
const secret = one("secret", "aws:secretsmanager/secret:Secret", { id: unknown });
const trail = one(
  "trail",
  "aws:cloudtrail/trail:Trail",
  { s3BucketName: unknown },
  { s3BucketName: ["files"] },
);
const policyOf = (policy: string): Fixture =>
  one("policy", "aws:s3/bucketPolicy:BucketPolicy", { policy }, { bucket: ["files"] });
const flow = one(
  "flow",
  "aws:ec2/flowLog:FlowLog",
  { trafficType: "ALL", vpcId: unknown },
  { vpcId: ["vpc"] },
);
const cacheOf = one(
  "cache",
  "aws:elasticache/replicationGroup:ReplicationGroup",
  {},
  { securityGroupIds: ["group"] },
);
const acl = [
  one("subnet", "aws:ec2/subnet:Subnet"),
  one("table", "aws:ec2/routeTable:RouteTable"),
  one(
    "joined",
    "aws:ec2/routeTableAssociation:RouteTableAssociation",
    {},
    { subnetId: ["subnet"], routeTableId: ["table"] },
  ),
  one("acl", "aws:ec2/networkAcl:NetworkAcl", {}, { subnetIds: ["subnet"] }),
];
const aclRule = (inputs: Inputs): Fixture =>
  one("rule", "aws:ec2/networkAclRule:NetworkAclRule", inputs, { networkAclId: ["acl"] });
const alarm = (inputs: Inputs): Fixture =>
  one("alarm", "aws:cloudwatch/metricAlarm:MetricAlarm", { name: "alarm-1", ...inputs });
const source = one(
  "source",
  "aws:cloudwatch/logDeliverySource:LogDeliverySource",
  {},
  { resourceArn: ["site"] },
);
const delivery = one(
  "delivery",
  "aws:cloudwatch/logDelivery:LogDelivery",
  {},
  { deliverySourceName: ["source"] },
);
const open = { ipProtocol: "tcp", fromPort: 443, toPort: 443, cidrIpv4: "0.0.0.0/0" };
const halfOut = (name: string, inputs: Inputs): Fixture =>
  one(
    name,
    EGRESS,
    { securityGroupId: unknown, ipProtocol: "tcp", ...inputs },
    { securityGroupId: ["group"] },
  );
const half = (name: string, cidrIpv4: string): Fixture =>
  one(
    name,
    INGRESS,
    { securityGroupId: unknown, ipProtocol: "tcp", fromPort: 5432, toPort: 5432, cidrIpv4 },
    { securityGroupId: ["group"] },
  );

const says = (name: string, type: string, what: string): string => `${name} (${type}): ${what}`;

/** Mutations that are refused in the same words. */
const refused = (messages: string[], ...mutations: Omit<StackMutation, "messages">[]): StackMutation[] =>
  mutations.map((mutation) => ({ ...mutation, messages }));

const cases: Record<string, StackCase[]> = {
  "s3-encrypted": [
    {
      compliant: [bucket, encryption({ sseAlgorithm: "aws:kms", kmsMasterKeyId: key })],
      alsoCompliant: {
        "a bucket for a balancer's logs": [bucket, encryption({ sseAlgorithm: "AES256" }), balancerLogs],
        "a key that is not known yet": [
          bucket,
          one(
            "rest",
            ENCRYPTION,
            {
              rules: [
                { applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: unknown } },
              ],
            },
            { bucket: ["files"], rules: ["key"] },
          ),
          one("key", "aws:kms/key:Key"),
        ],
      },
      wellWithout: ["files"],
      mutations: [
        ...refused(
          [
            says(
              "files",
              BUCKET,
              `server-side encryption is left to S3's own key; it must be aws:kms with a key of this account. Add an ${ENCRYPTION} with sseAlgorithm aws:kms and a kmsMasterKeyId.`,
            ),
          ],
          { of: "rest" },
          { of: "rest", path: "bucket" },
        ),
        ...refused(
          [
            says(
              "rest",
              ENCRYPTION,
              `rules[0].applyServerSideEncryptionByDefault.sseAlgorithm is "AES256"; it must be aws:kms with a key of this account. Set sseAlgorithm to aws:kms and kmsMasterKeyId to the ARN of a KMS key of this account.`,
            ),
          ],
          { of: "rest", path: "rules.0.applyServerSideEncryptionByDefault.sseAlgorithm", value: "AES256" },
        ),
        ...refused(
          [
            says(
              "rest",
              ENCRYPTION,
              "rules[0].applyServerSideEncryptionByDefault.sseAlgorithm is not set; it must be aws:kms with a key of this account. Set sseAlgorithm to aws:kms and kmsMasterKeyId to the ARN of a KMS key of this account.",
            ),
          ],
          { of: "rest", path: "rules.0.applyServerSideEncryptionByDefault.sseAlgorithm" },
        ),
        ...refused(
          [
            says(
              "rest",
              ENCRYPTION,
              `rules[0].applyServerSideEncryptionByDefault.kmsMasterKeyId is "alias/aws/s3"; it must be aws:kms with a key of this account. Set sseAlgorithm to aws:kms and kmsMasterKeyId to the ARN of a KMS key of this account.`,
            ),
          ],
          {
            of: "rest",
            path: "rules.0.applyServerSideEncryptionByDefault.kmsMasterKeyId",
            value: "alias/aws/s3",
          },
        ),
        ...refused(
          [
            says(
              "rest",
              ENCRYPTION,
              "rules[0].applyServerSideEncryptionByDefault.kmsMasterKeyId is not set; it must be aws:kms with a key of this account. Set sseAlgorithm to aws:kms and kmsMasterKeyId to the ARN of a KMS key of this account.",
            ),
          ],
          { of: "rest", path: "rules.0.applyServerSideEncryptionByDefault.kmsMasterKeyId" },
        ),
      ],
    },
  ],
  "s3-versioned": [
    {
      compliant: [
        bucket,
        one(
          "versions",
          "aws:s3/bucketVersioning:BucketVersioning",
          { versioningConfiguration: { status: "Enabled" } },
          { bucket: ["files"] },
        ),
      ],
      wellWithout: ["files"],
      mutations: [
        ...refused(
          [
            says(
              "files",
              BUCKET,
              "versioning is missing; it must be part of the stack. Add an aws:s3/bucketVersioning:BucketVersioning with status Enabled.",
            ),
          ],
          { of: "versions" },
          { of: "versions", path: "bucket" },
        ),
        ...["Suspended", undefined].map((value) => ({
          of: "versions",
          path: "versioningConfiguration.status",
          value,
          messages: [
            says(
              "versions",
              "aws:s3/bucketVersioning:BucketVersioning",
              mustBe(
                "versioningConfiguration.status",
                value === undefined ? "not set" : JSON.stringify(value),
                "Enabled",
              ),
            ),
          ],
        })),
      ],
    },
  ],
  "s3-access-logged": [
    {
      compliant: [bucket, one("log", "aws:s3/bucketLogging:BucketLogging", {}, { bucket: ["files"] })],
      alsoCompliant: { "a bucket of logs": [bucket, balancerLogs] },
      wellWithout: ["files"],
      mutations: [
        ...refused(
          [
            says(
              "files",
              BUCKET,
              "access log is missing; it must be part of the stack. Add an aws:s3/bucketLogging:BucketLogging with a targetBucket for logs.",
            ),
          ],
          { of: "log" },
          { of: "log", path: "bucket" },
        ),
      ],
    },
  ],
  "s3-public-access-block-present": [
    {
      compliant: [
        bucket,
        one("guard", "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", {}, { bucket: ["files"] }),
      ],
      wellWithout: ["files"],
      mutations: [
        ...refused(
          [
            says(
              "files",
              BUCKET,
              "public access block is missing; it must be part of the stack. Add an aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock with all four settings true.",
            ),
          ],
          { of: "guard" },
          { of: "guard", path: "bucket" },
        ),
      ],
    },
  ],
  "s3-tls-only": [
    {
      compliant: [bucket, policyOf(denial("s3:*", overTls))],
      wellWithout: ["files"],
      mutations: [
        ...refused(
          [
            says(
              "files",
              BUCKET,
              "policy is not set; it must be one that denies everyone what comes without TLS. Give it an aws:s3/bucketPolicy:BucketPolicy with Effect Deny, Principal * and the condition Bool aws:SecureTransport false.",
            ),
          ],
          { of: "policy" },
          { of: "policy", path: "bucket" },
        ),
        ...refused(
          [
            says(
              "files",
              BUCKET,
              "policy is without a statement that denies plaintext; it must be one that denies everyone what comes without TLS. Give it an aws:s3/bucketPolicy:BucketPolicy with Effect Deny, Principal * and the condition Bool aws:SecureTransport false.",
            ),
          ],
          { of: "policy", path: "policy" },
          { of: "policy", path: "policy", value: denial("s3:GetObject", overTls) },
        ),
      ],
    },
  ],
  "sns-tls-only": [
    {
      compliant: [
        one("topic", "aws:sns/topic:Topic"),
        one(
          "policy",
          "aws:sns/topicPolicy:TopicPolicy",
          { policy: denial("sns:Publish", overTls) },
          { arn: ["topic"] },
        ),
      ],
      wellWithout: ["topic"],
      mutations: [
        ...refused(
          [
            says(
              "topic",
              "aws:sns/topic:Topic",
              "policy is not set; it must be one that denies everyone what comes without TLS. Give it an aws:sns/topicPolicy:TopicPolicy with Effect Deny, Principal * and the condition Bool aws:SecureTransport false.",
            ),
          ],
          { of: "policy" },
          { of: "policy", path: "arn" },
        ),
        ...refused(
          [
            says(
              "topic",
              "aws:sns/topic:Topic",
              "policy is without a statement that denies plaintext; it must be one that denies everyone what comes without TLS. Give it an aws:sns/topicPolicy:TopicPolicy with Effect Deny, Principal * and the condition Bool aws:SecureTransport false.",
            ),
          ],
          { of: "policy", path: "policy" },
          { of: "policy", path: "policy", value: denial("sns:Subscribe", overTls) },
        ),
      ],
    },
  ],
  "sqs-tls-only": [
    {
      compliant: [
        one("queue", "aws:sqs/queue:Queue"),
        one(
          "policy",
          "aws:sqs/queuePolicy:QueuePolicy",
          { policy: denial("sqs:*", overTls) },
          { queueUrl: ["queue"] },
        ),
      ],
      wellWithout: ["queue"],
      mutations: [
        ...refused(
          [
            says(
              "queue",
              "aws:sqs/queue:Queue",
              "policy is not set; it must be one that denies everyone what comes without TLS. Give it an aws:sqs/queuePolicy:QueuePolicy with Effect Deny, Principal * and the condition Bool aws:SecureTransport false.",
            ),
          ],
          { of: "policy" },
          { of: "policy", path: "queueUrl" },
        ),
        ...refused(
          [
            says(
              "queue",
              "aws:sqs/queue:Queue",
              "policy is without a statement that denies plaintext; it must be one that denies everyone what comes without TLS. Give it an aws:sqs/queuePolicy:QueuePolicy with Effect Deny, Principal * and the condition Bool aws:SecureTransport false.",
            ),
          ],
          { of: "policy", path: "policy" },
          { of: "policy", path: "policy", value: denial("sqs:*") },
        ),
      ],
    },
  ],
  "cloudtrail-files-kept": [
    {
      compliant: [bucket, trail, policyOf(denial(["s3:DeleteObject", "s3:DeleteObjectVersion"]))],
      alsoCompliant: {
        "a bucket without a trail": [bucket],
        "a locked bucket": [one("files", BUCKET, { bucket: unknown, objectLockEnabled: true }), trail],
      },
      // Without a trail the bucket holds other files.
      wellWithout: ["trail", "trail.s3BucketName", "files"],
      mutations: [
        ...refused(
          [
            says(
              "files",
              BUCKET,
              "policy is without a denial of s3:DeleteObject and s3:DeleteObjectVersion; it must be one that denies everyone both, or an object lock. Add a statement with Effect Deny, Principal * and s3:DeleteObject, s3:DeleteObjectVersion on every object.",
            ),
          ],
          { of: "policy" },
          { of: "policy", path: "bucket" },
          { of: "policy", path: "policy" },
        ),
        ...refused(
          [
            says(
              "files",
              BUCKET,
              "policy is without a denial of s3:DeleteObjectVersion; it must be one that denies everyone both, or an object lock. Add a statement with Effect Deny, Principal * and s3:DeleteObject, s3:DeleteObjectVersion on every object.",
            ),
          ],
          { of: "policy", path: "policy", value: denial("s3:DeleteObject") },
        ),
        ...refused(
          [
            says(
              "files",
              BUCKET,
              "policy is without a denial of s3:DeleteObject and s3:DeleteObjectVersion; it must be one that denies everyone both, or an object lock. Add a statement with Effect Deny, Principal * and s3:DeleteObject, s3:DeleteObjectVersion on every object.",
            ),
          ],
          {
            of: "policy",
            path: "policy",
            value: denial("s3:*").replace('"*"', '{"AWS":"arn:aws:iam::1:root"}'),
          },
        ),
      ],
    },
    {
      compliant: [one("files", BUCKET, { bucket: "files", objectLockEnabled: true }), trail],
      wellWithout: ["trail", "trail.s3BucketName", "files"],
      mutations: [
        ...refused(
          [
            says(
              "files",
              BUCKET,
              "policy is without a denial of s3:DeleteObject and s3:DeleteObjectVersion; it must be one that denies everyone both, or an object lock. Add a statement with Effect Deny, Principal * and s3:DeleteObject, s3:DeleteObjectVersion on every object.",
            ),
          ],
          { of: "files", path: "objectLockEnabled", value: false },
          { of: "files", path: "objectLockEnabled" },
        ),
      ],
    },
  ],
  "secretsmanager-rotated": [
    {
      compliant: [
        secret,
        one(
          "rotation",
          "aws:secretsmanager/secretRotation:SecretRotation",
          { rotationRules: { automaticallyAfterDays: 30 } },
          { secretId: ["secret"] },
        ),
      ],
      wellWithout: ["secret"],
      mutations: [
        ...refused(
          [
            says(
              "secret",
              "aws:secretsmanager/secret:Secret",
              "rotation is missing; it must be part of the stack. Add an aws:secretsmanager/secretRotation:SecretRotation with this secretId and a rotationLambdaArn.",
            ),
          ],
          { of: "rotation" },
          { of: "rotation", path: "secretId" },
        ),
        ...refused(
          [
            says(
              "rotation",
              "aws:secretsmanager/secretRotation:SecretRotation",
              "rotationRules.automaticallyAfterDays is 365; it must be 90 or fewer. Set rotationRules.automaticallyAfterDays to 90.",
            ),
          ],
          { of: "rotation", path: "rotationRules.automaticallyAfterDays", value: 365 },
        ),
        ...refused(
          [
            says(
              "rotation",
              "aws:secretsmanager/secretRotation:SecretRotation",
              "rotationRules is without an interval; it must be one of 90 days or fewer. Set rotationRules.automaticallyAfterDays to 90.",
            ),
          ],
          { of: "rotation", path: "rotationRules.automaticallyAfterDays" },
        ),
      ],
    },
  ],
  "ec2-flow-logs": [
    {
      compliant: [one("vpc", VPC), flow],
      wellWithout: ["vpc"],
      mutations: [
        ...refused(
          [
            says(
              "vpc",
              VPC,
              "flow log is missing; it must be part of the stack. Add an aws:ec2/flowLog:FlowLog with this vpcId and trafficType ALL.",
            ),
          ],
          { of: "flow" },
          { of: "flow", path: "vpcId" },
        ),
        ...refused(
          [
            says(
              "flow",
              "aws:ec2/flowLog:FlowLog",
              `trafficType is "ACCEPT"; it must be ALL, or REJECT at least. Set trafficType to ALL.`,
            ),
          ],
          { of: "flow", path: "trafficType", value: "ACCEPT" },
        ),
        ...refused(
          [
            says(
              "flow",
              "aws:ec2/flowLog:FlowLog",
              "trafficType is not set; it must be ALL, or REJECT at least. Set trafficType to ALL.",
            ),
          ],
          { of: "flow", path: "trafficType" },
        ),
      ],
    },
  ],
  "ec2-default-security-group-adopted": [
    {
      compliant: [
        one("vpc", VPC),
        one("default", "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", {}, { vpcId: ["vpc"] }),
      ],
      wellWithout: ["vpc"],
      mutations: [
        ...refused(
          [
            says(
              "vpc",
              VPC,
              "default security group is left as AWS made it, open among its members; it must be adopted and empty. Add an aws:ec2/defaultSecurityGroup:DefaultSecurityGroup with this vpcId and no rules.",
            ),
          ],
          { of: "default" },
          { of: "default", path: "vpcId" },
        ),
      ],
    },
  ],
  "ec2-default-security-group-unused": [
    {
      compliant: [
        one("vpc", VPC, { defaultSecurityGroupId: "sg-0" }),
        one("default", "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", { id: "sg-1" }),
        one("group", GROUP, { id: "sg-2" }),
        one("in", INGRESS, { securityGroupId: "sg-2" }),
        one("out", EGRESS, { securityGroupId: "sg-2" }),
        one("old", OLD_RULE, {}, { securityGroupId: ["group"] }),
      ],
      wellWithout: [
        ...["vpc", "default", "in", "out", "old"],
        ...["in.securityGroupId", "out.securityGroupId", "old.securityGroupId"],
      ],
      mutations: [
        ["in", INGRESS, "vpc", "sg-0"],
        ["out", EGRESS, "default", "sg-1"],
        ["old", OLD_RULE, "vpc", "sg-0"],
      ].flatMap(([name = "", type = "", owner = "", id]) =>
        refused(
          [
            says(
              name,
              type,
              `securityGroupId is the default security group of ${owner}; it must be a group of its own. Make an aws.ec2.SecurityGroup for what is to be reached, and put the rule beside it.`,
            ),
          ],
          { of: name, path: "securityGroupId", value: id },
        ),
      ),
    },
  ],
  "ec2-rules-not-mixed": ["ingress", "egress"].map((list) => ({
    compliant: [
      one("group", GROUP, { [list]: [] }),
      one("rule", INGRESS, {}, { securityGroupId: ["group"] }),
    ],
    alsoCompliant: { "rules in a group": [one("group", GROUP, { [list]: [{}] })] },
    wellWithout: ["group", "rule", "rule.securityGroupId", `group.${list}`],
    mutations: [
      ...refused(
        [
          says(
            "group",
            GROUP,
            `${list} is set, while other rules stand beside the group; it must be left out. Turn each entry of ${list} into a rule of its own (aws.vpc.SecurityGroupIngressRule or its egress twin).`,
          ),
        ],
        { of: "group", path: list, value: [{}] },
      ),
    ],
  })),
  "ec2-data-groups-closed": [
    {
      compliant: [
        one("group", GROUP),
        cacheOf,
        one("rule", INGRESS, { referencedSecurityGroupId: unknown }, { securityGroupId: ["group"] }),
      ],
      wellWithout: ["group", "cache", "cache.securityGroupIds", "rule", "rule.securityGroupId"],
      mutations: [
        ...refused(
          [
            says(
              "rule",
              INGRESS,
              "source is 10.0.1.4/32 on tcp 0 of group, which guards cache; it must be a security group. Name the security group that may connect (referencedSecurityGroupId) instead of addresses.",
            ),
          ],
          { of: "rule", path: "cidrIpv4", value: "10.0.1.4/32" },
        ),
        ...refused(
          [
            says(
              "rule",
              INGRESS,
              "source is fd00::/8 on tcp 0 of group, which guards cache; it must be a security group. Name the security group that may connect (referencedSecurityGroupId) instead of addresses.",
            ),
          ],
          { of: "rule", path: "cidrIpv6", value: "fd00::/8" },
        ),
        ...refused(
          [
            says(
              "rule",
              INGRESS,
              "source is a prefix list on tcp 0 of group, which guards cache; it must be a security group. Name the security group that may connect (referencedSecurityGroupId) instead of addresses.",
            ),
          ],
          { of: "rule", path: "prefixListId", value: "pl-1" },
        ),
      ],
    },
    {
      compliant: [
        one("group", GROUP, {
          ingress: [{ protocol: "tcp", fromPort: 5432, toPort: 5432, securityGroups: ["sg-1"] }],
        }),
        one("database", DATABASE, {}, { vpcSecurityGroupIds: ["group"] }),
      ],
      wellWithout: ["group", "database", "database.vpcSecurityGroupIds"],
      // They are shown with it.
      decides: ["group.ingress.*.protocol", "group.ingress.*.fromPort", "group.ingress.*.toPort"],
      mutations: [
        ...refused(
          [
            says(
              "group",
              GROUP,
              "ingress[0] is 10.0.1.4/32 on tcp 5432 of group, which guards database; it must be a security group. Name the security group that may connect (referencedSecurityGroupId) instead of addresses.",
            ),
          ],
          { of: "group", path: "ingress.0.cidrBlocks", value: ["10.0.1.4/32"] },
        ),
        ...refused(
          [
            says(
              "group",
              GROUP,
              "ingress[0] is fd00::/8 on tcp 5432 of group, which guards database; it must be a security group. Name the security group that may connect (referencedSecurityGroupId) instead of addresses.",
            ),
          ],
          { of: "group", path: "ingress.0.ipv6CidrBlocks", value: ["fd00::/8"] },
        ),
        ...refused(
          [
            says(
              "group",
              GROUP,
              "ingress[0] is a prefix list on tcp 5432 of group, which guards database; it must be a security group. Name the security group that may connect (referencedSecurityGroupId) instead of addresses.",
            ),
          ],
          { of: "group", path: "ingress.0.prefixListIds", value: ["pl-1"] },
        ),
      ],
    },
    {
      compliant: [
        one("group", GROUP),
        cacheOf,
        one(
          "rule",
          OLD_RULE,
          { type: "ingress", protocol: "tcp", fromPort: 6379, toPort: 6379, sourceSecurityGroupId: "sg-1" },
          { securityGroupId: ["group"] },
        ),
      ],
      wellWithout: ["group", "cache", "cache.securityGroupIds", "rule", "rule.securityGroupId"],
      decides: ["rule.type", "rule.protocol", "rule.fromPort", "rule.toPort"],
      mutations: [
        ...refused(
          [
            says(
              "rule",
              OLD_RULE,
              "source is 10.0.1.4/32 on tcp 6379 of group, which guards cache; it must be a security group. Name the security group that may connect (referencedSecurityGroupId) instead of addresses.",
            ),
          ],
          { of: "rule", path: "cidrBlocks", value: ["10.0.1.4/32"] },
        ),
      ],
    },
  ],
  "ec2-network-acl-narrow": [
    {
      compliant: [
        ...acl,
        aclRule({
          ruleAction: "allow",
          protocol: "tcp",
          fromPort: 5432,
          toPort: 5433,
          cidrBlock: "10.0.1.0/24",
        }),
      ],
      alsoCompliant: {
        "a denial of everything": [
          ...acl,
          aclRule({ ruleAction: "deny", protocol: "-1", cidrBlock: "0.0.0.0/0" }),
        ],
      },
      wellWithout: [
        "rule",
        "joined",
        "rule.networkAclId",
        "acl.subnetIds",
        "joined.subnetId",
        "joined.routeTableId",
      ],
      decides: ["rule.ruleAction", "rule.cidrBlock", "rule.protocol", "rule.fromPort", "rule.toPort"],
      mutations: [
        ...refused(
          [
            says(
              "rule",
              "aws:ec2/networkAclRule:NetworkAclRule",
              "fromPort is every port; it must be the ports that are needed. Set fromPort and toPort, for example 5432, or 1024 and 65535 for answers.",
            ),
          ],
          { of: "rule", path: "protocol", value: "-1" },
        ),
        ...refused(
          [
            says(
              "rule",
              "aws:ec2/networkAclRule:NetworkAclRule",
              "cidrBlock is 0.0.0.0/0, for subnets without a way to the internet; it must be the subnets that connect. Set cidrBlock to the block of the subnet that connects.",
            ),
          ],
          { of: "rule", path: "cidrBlock", value: "0.0.0.0/0" },
        ),
        ...refused(
          [
            says(
              "rule",
              "aws:ec2/networkAclRule:NetworkAclRule",
              "cidrBlock is 10.0.1.0/24, ::/0, for subnets without a way to the internet; it must be the subnets that connect. Set cidrBlock to the block of the subnet that connects.",
            ),
          ],
          { of: "rule", path: "ipv6CidrBlock", value: "::/0" },
        ),
      ],
    },
    {
      compliant: [
        ...acl,
        aclRule({
          ruleAction: "allow",
          protocol: "tcp",
          fromPort: 0,
          toPort: 65534,
          cidrBlock: "10.0.1.0/24",
        }),
      ],
      wellWithout: [
        "rule",
        "joined",
        "rule.networkAclId",
        "acl.subnetIds",
        "joined.subnetId",
        "joined.routeTableId",
      ],
      decides: ["rule.ruleAction", "rule.cidrBlock", "rule.protocol", "rule.fromPort"],
      mutations: [
        ...refused(
          [
            says(
              "rule",
              "aws:ec2/networkAclRule:NetworkAclRule",
              "fromPort is every port; it must be the ports that are needed. Set fromPort and toPort, for example 5432, or 1024 and 65535 for answers.",
            ),
          ],
          { of: "rule", path: "toPort", value: 65535 },
          { of: "rule", path: "toPort" },
        ),
      ],
    },
  ],
  "ec2-world-only-to-load-balancer": [
    {
      compliant: [
        one("group", GROUP),
        one("balancer", BALANCER, { securityGroups: [unknown] }, { securityGroups: ["group"] }),
        one("open", INGRESS, { securityGroupId: unknown, ...open }, { securityGroupId: ["group"] }),
      ],
      wellWithout: ["open", "open.securityGroupId"],
      mutations: [
        ...refused(
          [
            says(
              "open",
              INGRESS,
              `source is 0.0.0.0/0 on tcp 443 of group, which guards no load balancer; it must be closed to the world. Let the load balancer's security group connect (referencedSecurityGroupId) instead of a CIDR block.`,
            ),
          ],
          { of: "balancer" },
          { of: "balancer", path: "securityGroups" },
        ),
      ],
    },
    {
      compliant: [
        one("group", GROUP),
        one(
          "open",
          INGRESS,
          { securityGroupId: unknown, ...open, cidrIpv4: "10.0.0.0/8" },
          { securityGroupId: ["group"] },
        ),
      ],
      wellWithout: ["open", "open.securityGroupId"],
      decides: ["open.ipProtocol", "open.fromPort", "open.toPort", "open.cidrIpv4"],
      mutations: [
        ...refused(
          [
            says(
              "open",
              INGRESS,
              `source is 0.0.0.0/0 on tcp 443 of group, which guards no load balancer; it must be closed to the world. Let the load balancer's security group connect (referencedSecurityGroupId) instead of a CIDR block.`,
            ),
          ],
          { of: "open", path: "cidrIpv4", value: "0.0.0.0/0" },
        ),
        ...refused(
          [
            says(
              "open",
              INGRESS,
              `source is 10.0.0.0/8, ::/0 on tcp 443 of group, which guards no load balancer; it must be closed to the world. Let the load balancer's security group connect (referencedSecurityGroupId) instead of a CIDR block.`,
            ),
          ],
          { of: "open", path: "cidrIpv6", value: "::/0" },
        ),
      ],
    },
  ],
  "ec2-no-joined-world-ingress": [
    {
      compliant: [one("group", GROUP), half("low", "0.0.0.0/2"), half("high", "10.0.0.0/8")],
      wellWithout: ["low", "high", "low.securityGroupId", "high.securityGroupId"],
      decides: ["low.*", "high.*"],
      mutations: [
        ...refused(
          [
            says(
              "low",
              INGRESS,
              "source is 0.0.0.0/2 on tcp 5432, which adds up to the world with what else group lets in; it must be less than the world together with it. Name the security group that may connect (referencedSecurityGroupId) instead of CIDR blocks.",
            ),
            says(
              "high",
              INGRESS,
              "source is 128.0.0.0/2 on tcp 5432, which adds up to the world with what else group lets in; it must be less than the world together with it. Name the security group that may connect (referencedSecurityGroupId) instead of CIDR blocks.",
            ),
          ],
          { of: "high", path: "cidrIpv4", value: "128.0.0.0/2" },
        ),
      ],
    },
  ],
  "ec2-no-joined-world-egress": [
    {
      compliant: [
        one("group", GROUP),
        halfOut("low", { fromPort: 22, toPort: 22, cidrIpv4: "0.0.0.0/2" }),
        halfOut("high", { fromPort: 22, toPort: 22, cidrIpv4: "10.0.0.0/8" }),
      ],
      alsoCompliant: {
        "what the web needs": [
          one("group", GROUP),
          halfOut("low", { fromPort: 443, toPort: 443, cidrIpv4: "0.0.0.0/2" }),
          halfOut("high", { fromPort: 443, toPort: 443, cidrIpv4: "128.0.0.0/2" }),
        ],
      },
      wellWithout: ["low", "high", "low.securityGroupId", "high.securityGroupId"],
      decides: ["low.*", "high.*"],
      mutations: [
        ...refused(
          ["0.0.0.0/2", "128.0.0.0/2"].map((cidr, index) =>
            says(
              index === 0 ? "low" : "high",
              EGRESS,
              `destination is ${cidr} on tcp 22, which adds up to the world with what else group lets out to; it must be less than the world together with it, or one of the ports 80, 443. Set fromPort and toPort to the port that is needed, or name the group that is called.`,
            ),
          ),
          { of: "high", path: "cidrIpv4", value: "128.0.0.0/2" },
        ),
      ],
    },
  ],
  "lb-firewall": [
    {
      compliant: [
        one("balancer", BALANCER, { internal: false, loadBalancerType: "application" }),
        one("wall", "aws:wafv2/webAclAssociation:WebAclAssociation", {}, { resourceArn: ["balancer"] }),
      ],
      alsoCompliant: {
        "an internal balancer": [one("balancer", BALANCER, { internal: true })],
        "a balancer of packets": [one("balancer", BALANCER, { loadBalancerType: "network" })],
      },
      wellWithout: ["balancer"],
      decides: ["balancer.internal", "balancer.loadBalancerType"],
      mutations: [
        ...refused(
          [
            says(
              "balancer",
              BALANCER,
              `web ACL is missing; it must be part of the stack. Add an aws:wafv2/webAclAssociation:WebAclAssociation with the balancer's ARN as resourceArn.`,
            ),
          ],
          { of: "wall" },
          { of: "wall", path: "resourceArn" },
        ),
      ],
    },
  ],
  "wafv2-logged": [
    {
      compliant: [
        one("wall", WEB_ACL),
        one(
          "log",
          "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",
          {},
          { resourceArn: ["wall"] },
        ),
      ],
      wellWithout: ["wall"],
      mutations: [
        ...refused(
          [
            says(
              "wall",
              WEB_ACL,
              "log is missing; it must be part of the stack. Add an aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration with its ARN as resourceArn.",
            ),
          ],
          { of: "log" },
          { of: "log", path: "resourceArn" },
        ),
      ],
    },
  ],
  "cloudfront-access-logged": [
    {
      compliant: [one("site", DISTRIBUTION, { loggingConfig: { bucket: "logs" } })],
      wellWithout: ["site"],
      mutations: [
        ...refused(
          [
            says(
              "site",
              DISTRIBUTION,
              "access log is missing; it must be part of the stack. Set loggingConfig, or add an aws:cloudwatch/logDeliverySource:LogDeliverySource and an aws:cloudwatch/logDelivery:LogDelivery.",
            ),
          ],
          { of: "site", path: "loggingConfig.bucket", value: "" },
          { of: "site", path: "loggingConfig.bucket" },
        ),
      ],
    },
    {
      compliant: [one("site", DISTRIBUTION), source, delivery],
      wellWithout: ["site"],
      mutations: [
        ...refused(
          [
            says(
              "site",
              DISTRIBUTION,
              "access log is missing; it must be part of the stack. Set loggingConfig, or add an aws:cloudwatch/logDeliverySource:LogDeliverySource and an aws:cloudwatch/logDelivery:LogDelivery.",
            ),
          ],
          { of: "source", path: "resourceArn" },
          { of: "delivery" },
          { of: "delivery", path: "deliverySourceName" },
        ),
      ],
    },
  ],
  "ecr-lifecycle": [
    {
      compliant: [
        one("images", REPOSITORY, { name: "api" }),
        one("old", "aws:ecr/lifecyclePolicy:LifecyclePolicy", {}, { repository: ["images"] }),
      ],
      wellWithout: ["images"],
      mutations: [
        ...refused(
          [
            says(
              "images",
              REPOSITORY,
              "lifecycle policy is missing; it must be part of the stack. Add an aws:ecr/lifecyclePolicy:LifecyclePolicy.",
            ),
          ],
          { of: "old" },
          { of: "old", path: "repository" },
          {
            // That of a namesake in another region.
            of: "old",
            beside: [
              one("copies", REPOSITORY, { name: "api" }),
              one(
                "forgets",
                "aws:ecr/lifecyclePolicy:LifecyclePolicy",
                { repository: "api" },
                { repository: ["copies"] },
              ),
            ],
          },
        ),
      ],
    },
  ],
  "ecs-distinct-roles": [
    {
      compliant: [one("task", TASK, { taskRoleArn: "arn:a", executionRoleArn: "arn:b" })],
      alsoCompliant: {
        "two roles that are not known yet": [
          one("run", ROLE),
          one("start", ROLE),
          one(
            "task",
            TASK,
            { taskRoleArn: unknown, executionRoleArn: unknown },
            { taskRoleArn: ["run"], executionRoleArn: ["start"] },
          ),
        ],
      },
      // A task that does nothing on AWS, or that needs nothing of it to start.
      wellWithout: ["task", "task.taskRoleArn", "task.executionRoleArn"],
      mutations: [
        ...refused(
          [
            says(
              "task",
              TASK,
              "taskRoleArn is the execution role; it must be a role of its own. Set taskRoleArn to a role with only what the application does.",
            ),
          ],
          { of: "task", path: "taskRoleArn", value: "arn:b" },
          { of: "task", path: "executionRoleArn", value: "arn:a" },
        ),
        ...refused(
          [
            says(
              "other",
              TASK,
              "taskRoleArn is the execution role; it must be a role of its own. Set taskRoleArn to a role with only what the application does.",
            ),
          ],
          {
            of: "task",
            beside: [
              one("run", ROLE),
              one(
                "other",
                TASK,
                { taskRoleArn: unknown, executionRoleArn: unknown },
                { taskRoleArn: ["run"], executionRoleArn: ["run"] },
              ),
            ],
          },
        ),
      ],
    },
  ],
  "rds-parameters-used": [
    {
      compliant: [
        one("strict", "aws:rds/parameterGroup:ParameterGroup", { name: "strict" }),
        one("database", DATABASE, { parameterGroupName: "strict" }),
      ],
      alsoCompliant: { "a replica": [one("copy", DATABASE, { replicateSourceDb: "database" })] },
      wellWithout: ["database"],
      // A name that is written down is not one that is yet to be known.
      refusesUnknown: ["strict.name"],
      mutations: [
        ...refused(
          [
            says(
              "database",
              DATABASE,
              `parameterGroupName is "strict"; it must be a parameter group of this stack that demands TLS. Set parameterGroupName to the name of an aws:rds/parameterGroup:ParameterGroup with rds.force_ssl 1.`,
            ),
          ],
          { of: "strict" },
          { of: "strict", path: "name", value: "lax" },
          { of: "strict", path: "name" },
        ),
        ...refused(
          [
            says(
              "database",
              DATABASE,
              `parameterGroupName is "default.postgres15"; it must be a parameter group of this stack that demands TLS. Set parameterGroupName to the name of an aws:rds/parameterGroup:ParameterGroup with rds.force_ssl 1.`,
            ),
          ],
          { of: "database", path: "parameterGroupName", value: "default.postgres15" },
        ),
        ...refused(
          [
            says(
              "database",
              DATABASE,
              "parameterGroupName is not set; it must be a parameter group of this stack that demands TLS. Set parameterGroupName to the name of an aws:rds/parameterGroup:ParameterGroup with rds.force_ssl 1.",
            ),
          ],
          { of: "database", path: "parameterGroupName" },
        ),
      ],
    },
  ],
  "cloudwatch-alarm-actions": [
    {
      compliant: [alarm({ actionsEnabled: true, alarmActions: ["arn:aws:sns:x"] })],
      alsoCompliant: {
        "a topic that is not known yet": [alarm({ alarmActions: [unknown] })],
        "what a service reads": [
          alarm({}),
          one("service", "aws:ecs/service:Service", { alarms: { alarmNames: ["alarm-1"] } }),
        ],
      },
      wellWithout: ["alarm", "alarm.actionsEnabled"],
      mutations: [
        ...refused(
          [
            says(
              "alarm",
              "aws:cloudwatch/metricAlarm:MetricAlarm",
              "actionsEnabled is false; it must be true. Set actionsEnabled to true, or leave it out.",
            ),
          ],
          { of: "alarm", path: "actionsEnabled", value: false },
        ),
        ...refused(
          [
            says(
              "alarm",
              "aws:cloudwatch/metricAlarm:MetricAlarm",
              "alarmActions is empty; it must be a topic, or another action. Set alarmActions to the ARN of an SNS topic.",
            ),
          ],
          { of: "alarm", path: "alarmActions", value: [] },
          { of: "alarm", path: "alarmActions" },
        ),
      ],
    },
  ],
};

for (const [name, own] of Object.entries(cases)) describeStackRule(ruleOf(name), own);
