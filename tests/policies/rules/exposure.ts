import { routeAuthorised } from "../../../policies/rules/apigateway/route-authorised.ts";
import { distributionFirewall } from "../../../policies/rules/cloudfront/firewall.ts";
import { originAccess } from "../../../policies/rules/cloudfront/origin-access.ts";
import { poolStrict } from "../../../policies/rules/cognito/pool-strict.ts";
import { instanceHardened } from "../../../policies/rules/ec2/instance-metadata.ts";
import { noPublicAddresses } from "../../../policies/rules/ec2/no-public-addresses.ts";
import { ruleDescribed } from "../../../policies/rules/ec2/rule-described.ts";
import { ruleNarrow } from "../../../policies/rules/ec2/rule-narrow.ts";
import { sessionsEncrypted } from "../../../policies/rules/ecs/sessions-encrypted.ts";
import { accessPointBounded } from "../../../policies/rules/efs/access-point.ts";
import { functionEncrypted } from "../../../policies/rules/lambda/environment-encrypted.ts";
import { permissionBounded } from "../../../policies/rules/lambda/permission-bounded.ts";
import { ownerEnforced } from "../../../policies/rules/s3/owner-enforced.ts";
import { secretPolicyGuarded } from "../../../policies/rules/secretsmanager/policy-guarded.ts";
import { knownBadInputs } from "../../../policies/rules/wafv2/known-bad-inputs.ts";
import {
  describeRule,
  type Mutation,
  mustBe,
  mustBeKey,
  mustBeSet,
  mustBeTrue,
  mustNotBeTrue,
} from "../harness.ts";

const key = "arn:aws:kms:us-east-1:123456789012:key/1";
const DISTRIBUTION = "aws:cloudfront/distribution:Distribution";
const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";
const OLD_RULE = "aws:ec2/securityGroupRule:SecurityGroupRule";
const GROUP = "aws:ec2/securityGroup:SecurityGroup";

describeRule(originAccess, [
  {
    type: DISTRIBUTION,
    compliant: { origins: [{ domainName: "b.s3.amazonaws.com", originAccessControlId: "E1" }] },
    alsoCompliant: [{ origins: [{ domainName: "x.example", customOriginConfig: { httpPort: 80 } }] }],
    // Only a bucket has no configuration of its own.
    decides: ["origins.*.customOriginConfig", "origins.*.vpcOriginConfig", "origins.*.s3OriginConfig"],
    mutations: [
      {
        path: "origins.0.originAccessControlId",
        value: undefined,
        messages: [
          mustBe(
            "origins[0].originAccessControlId",
            "not set",
            "an origin access control",
            "to the id of an aws.cloudfront.OriginAccessControl",
          ),
        ],
      },
    ],
  },
  {
    type: "aws:cloudfront/originAccessControl:OriginAccessControl",
    compliant: { signingBehavior: "always", signingProtocol: "sigv4" },
    mutations: [
      { path: "signingBehavior", value: "never", messages: [mustBe("signingBehavior", '"never"', "always")] },
      mustBeSet("signingBehavior", "always"),
      mustBeSet("signingProtocol", "sigv4"),
    ],
  },
]);

describeRule(distributionFirewall, [
  {
    type: DISTRIBUTION,
    compliant: { webAclId: "arn:aws:wafv2:us-east-1:123456789012:global/webacl/a/1" },
    mutations: [mustBeSet("webAclId", "a web ACL", "to the ARN of an aws.wafv2.WebAcl of scope CLOUDFRONT")],
  },
]);

describeRule(routeAuthorised, [
  {
    type: "aws:apigatewayv2/route:Route",
    compliant: { routeKey: "GET /me", authorizationType: "JWT" },
    // The setting publicRoutes names routes by it.
    decides: ["routeKey"],
    mutations: ["NONE", undefined].map((value) => ({
      path: "authorizationType",
      value,
      messages: [
        mustBe(
          "authorizationType",
          value === undefined ? "not set" : JSON.stringify(value),
          "JWT, AWS_IAM or CUSTOM, or its routeKey among the setting publicRoutes",
          "to JWT with an authorizerId",
        ),
      ],
    })),
  },
  {
    type: "aws:apigateway/method:Method",
    compliant: { httpMethod: "GET", authorization: "AWS_IAM" },
    alsoCompliant: [{ httpMethod: "OPTIONS", authorization: "NONE" }],
    mutations: [
      {
        path: "authorization",
        value: "NONE",
        conditions: ["httpMethod"],
        messages: [mustBe("authorization", '"NONE"', "not NONE", "to AWS_IAM, CUSTOM or COGNITO_USER_POOLS")],
      },
      {
        ...mustBeSet("authorization", "not NONE", "to AWS_IAM, CUSTOM or COGNITO_USER_POOLS"),
        conditions: ["httpMethod"],
      },
    ],
  },
]);

describeRule(noPublicAddresses, [
  {
    type: "aws:ec2/subnet:Subnet",
    compliant: { mapPublicIpOnLaunch: false, assignIpv6AddressOnCreation: false },
    wellWithout: ["mapPublicIpOnLaunch", "assignIpv6AddressOnCreation"],
    mutations: [mustNotBeTrue("mapPublicIpOnLaunch"), mustNotBeTrue("assignIpv6AddressOnCreation")],
  },
  {
    type: "aws:ec2/instance:Instance",
    compliant: { associatePublicIpAddress: false },
    wellWithout: ["associatePublicIpAddress"],
    mutations: [mustNotBeTrue("associatePublicIpAddress")],
  },
]);

describeRule(instanceHardened, [
  {
    type: "aws:ec2/instance:Instance",
    compliant: { metadataOptions: { httpTokens: "required" }, rootBlockDevice: { encrypted: true } },
    mutations: [
      {
        path: "metadataOptions.httpTokens",
        value: "optional",
        messages: [mustBe("metadataOptions.httpTokens", '"optional"', "required")],
      },
      mustBeSet("metadataOptions.httpTokens", "required"),
      ...mustBeTrue("rootBlockDevice.encrypted"),
    ],
  },
]);

const reason = ["a sentence that says why it is there", "to who connects and why"] as const;
const described = {
  ingress: [{ description: "The load balancer calls the API" }],
  egress: [{ description: "The API asks the database" }],
};
describeRule(
  ruleDescribed,
  [GROUP, INGRESS, EGRESS, OLD_RULE].map((type) => ({
    type,
    compliant: { description: "API to cache: cached data", ...(type === GROUP && described) },
    mutations: [
      ...(type === GROUP
        ? ["ingress.0.description", "egress.0.description"].map((path) => mustBeSet(path, ...reason))
        : []),
      mustBeSet("description", ...reason),
      {
        path: "description",
        value: "Managed by Pulumi",
        messages: [mustBe("description", '"Managed by Pulumi"', ...reason)],
      },
      { path: "description", value: " ", messages: [mustBe("description", '" "', ...reason)] },
    ],
  })),
);

const narrow = (property: string, is: string): string =>
  `${property} is ${is}; it must be at most 10 ports of one protocol. Set the protocol to tcp, and fromPort and toPort to the port that is needed.`;
const portMutations = (before: string, protocol: string, property: string): Mutation[] => [
  {
    path: `${before}${protocol}`,
    value: "-1",
    messages: [narrow(property, "every protocol and port")],
  },
  {
    path: `${before}toPort`,
    value: 5442,
    conditions: ["fromPort", protocol],
    messages: [narrow(property, "tcp 5432-5442")],
  },
  {
    path: `${before}fromPort`,
    value: 5431,
    conditions: ["toPort", protocol],
    messages: [narrow(property, "tcp 5431-5441")],
  },
];
const tenPorts = { fromPort: 5432, toPort: 5441 };
describeRule(ruleNarrow, [
  ...[INGRESS, EGRESS].map((type) => ({
    type,
    compliant: { ipProtocol: "tcp", ...tenPorts, referencedSecurityGroupId: "sg-1" },
    // The engine reads a rule without them as one port, or as TCP.
    wellWithout: ["ipProtocol", "fromPort", "toPort"],
    // Whoever it is for.
    decides: ["cidrIpv4", "cidrIpv6"],
    mutations: portMutations("", "ipProtocol", "ports"),
  })),
  {
    type: OLD_RULE,
    compliant: { protocol: "tcp", ...tenPorts, sourceSecurityGroupId: "sg-1" },
    wellWithout: ["protocol", "fromPort", "toPort"],
    decides: ["cidrBlocks", "ipv6CidrBlocks"],
    mutations: portMutations("", "protocol", "ports"),
  },
  ...["ingress", "egress"].map((list) => ({
    type: GROUP,
    compliant: { [list]: [{ protocol: "tcp", ...tenPorts, cidrBlocks: ["10.0.0.0/16"] }] },
    wellWithout: [`${list}.*.protocol`, `${list}.*.fromPort`, `${list}.*.toPort`],
    decides: [`${list}.*.cidrBlocks.*`, `${list}.*.ipv6CidrBlocks`],
    mutations: portMutations(`${list}.0.`, "protocol", `${list}[0]`),
  })),
]);

const SESSIONS = "configuration.executeCommandConfiguration";
describeRule(sessionsEncrypted, [
  {
    type: "aws:ecs/cluster:Cluster",
    compliant: {
      configuration: {
        executeCommandConfiguration: {
          kmsKeyId: key,
          logging: "OVERRIDE",
          logConfiguration: { cloudWatchEncryptionEnabled: true, cloudWatchLogGroupName: "sessions" },
        },
      },
    },
    // Where they go to a bucket, it is the bucket's encryption that counts.
    decides: [`${SESSIONS}.logConfiguration.s3BucketName`],
    mutations: [
      ...mustBeKey(`${SESSIONS}.kmsKeyId`),
      mustBeSet(`${SESSIONS}.logging`, "OVERRIDE", "to OVERRIDE with a logConfiguration"),
      {
        path: `${SESSIONS}.logging`,
        value: "NONE",
        messages: [
          mustBe(`${SESSIONS}.logging`, '"NONE"', "OVERRIDE", "to OVERRIDE with a logConfiguration"),
        ],
      },
      ...mustBeTrue(`${SESSIONS}.logConfiguration.cloudWatchEncryptionEnabled`),
    ],
  },
  {
    type: "aws:ecs/cluster:Cluster",
    compliant: {
      configuration: {
        executeCommandConfiguration: {
          kmsKeyId: key,
          logging: "OVERRIDE",
          logConfiguration: { s3BucketName: "sessions", s3BucketEncryptionEnabled: true },
        },
      },
    },
    mutations: [
      ...mustBeKey(`${SESSIONS}.kmsKeyId`),
      mustBeSet(`${SESSIONS}.logging`, "OVERRIDE", "to OVERRIDE with a logConfiguration"),
      ...mustBeTrue(`${SESSIONS}.logConfiguration.s3BucketEncryptionEnabled`),
      {
        path: `${SESSIONS}.logConfiguration.s3BucketName`,
        value: undefined,
        messages: [mustBe(`${SESSIONS}.logConfiguration.cloudWatchEncryptionEnabled`, "not set", "true")],
      },
    ],
  },
]);

describeRule(accessPointBounded, [
  {
    type: "aws:efs/accessPoint:AccessPoint",
    compliant: { rootDirectory: { path: "/data" }, posixUser: { uid: 1000, gid: 1000 } },
    mutations: [
      {
        path: "rootDirectory.path",
        value: "/",
        messages: [
          mustBe(
            "rootDirectory.path",
            '"/"',
            "a directory below the root",
            "to a directory of its own, for example /data",
          ),
        ],
      },
      mustBeSet(
        "rootDirectory.path",
        "a directory below the root",
        "to a directory of its own, for example /data",
      ),
      mustBeSet("posixUser.uid", "1 or more"),
      { path: "posixUser.uid", value: 0, messages: [mustBe("posixUser.uid", "0", "1 or more")] },
      { path: "posixUser", value: undefined, messages: [mustBe("posixUser.uid", "not set", "1 or more")] },
    ],
  },
]);

describeRule(functionEncrypted, [
  { type: "aws:lambda/function:Function", compliant: { kmsKeyArn: key }, mutations: mustBeKey("kmsKeyArn") },
]);

describeRule(permissionBounded, [
  {
    type: "aws:lambda/permission:Permission",
    compliant: {
      principal: "apigateway.amazonaws.com",
      sourceArn: "arn:aws:execute-api:us-east-1:123456789012:a1b2/*",
    },
    alsoCompliant: [
      { principal: "s3.amazonaws.com", sourceAccount: "123456789012" },
      { principal: "123456789012" },
      { principal: "*", principalOrgId: "o-1" },
    ],
    decides: ["sourceAccount", "principalOrgId"],
    mutations: [
      {
        path: "principal",
        value: "*",
        messages: [
          'principal is "*"; it must be a service, an account or a role. Set principal to the service that invokes the function, and sourceArn to the resource.',
        ],
      },
      mustBeSet(
        "principal",
        "a service, an account or a role",
        "to the service that invokes the function, and sourceArn to the resource",
      ),
      {
        path: "sourceArn",
        value: undefined,
        conditions: ["principal"],
        messages: [mustBe("sourceArn", "not set", "the ARN of what invokes the function")],
      },
      {
        path: "sourceArn",
        value: "*",
        conditions: ["principal"],
        messages: [mustBe("sourceArn", '"*"', "the ARN of one resource")],
      },
    ],
  },
  {
    type: "aws:lambda/permission:Permission",
    compliant: {
      principal: "secretsmanager.amazonaws.com",
      sourceAccount: "123456789012",
      sourceArn: "arn:aws:secretsmanager:us-east-1:123456789012:secret:a",
    },
    decides: ["sourceAccount"],
    mutations: [
      mustBeSet(
        "principal",
        "a service, an account or a role",
        "to the service that invokes the function, and sourceArn to the resource",
      ),
      { ...mustBeSet("sourceArn", "the ARN of what invokes the function"), conditions: ["principal"] },
    ],
  },
]);

describeRule(ownerEnforced, [
  {
    type: "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
    compliant: { bucket: "b", rule: { objectOwnership: "BucketOwnerEnforced" } },
    mutations: [
      mustBeSet("rule.objectOwnership", "BucketOwnerEnforced"),
      {
        path: "rule.objectOwnership",
        value: "ObjectWriter",
        messages: [mustBe("rule.objectOwnership", '"ObjectWriter"', "BucketOwnerEnforced")],
      },
    ],
  },
]);

describeRule(secretPolicyGuarded, [
  {
    type: "aws:secretsmanager/secretPolicy:SecretPolicy",
    compliant: { secretArn: "arn", blockPublicPolicy: true },
    mutations: mustBeTrue("blockPublicPolicy"),
  },
]);

const metrics = (): object => ({ cloudwatchMetricsEnabled: true });
const bad = "AWSManagedRulesKnownBadInputsRuleSet";
const withoutGroup = `rules is without ${bad}; it must be with it, blocking. Add a rule with statement.managedRuleGroupStatement.name ${bad} and overrideAction none.`;
describeRule(knownBadInputs, [
  {
    type: "aws:wafv2/webAcl:WebAcl",
    compliant: {
      visibilityConfig: metrics(),
      rules: [
        {
          action: { block: {} },
          statement: { rateBasedStatement: { limit: 100 } },
          visibilityConfig: metrics(),
        },
        {
          overrideAction: { none: {} },
          statement: { managedRuleGroupStatement: { name: bad, vendorName: "AWS" } },
          visibilityConfig: metrics(),
        },
      ],
    },
    mutations: [
      {
        path: "rules.1.statement.managedRuleGroupStatement.name",
        value: "AWSManagedRulesLinuxRuleSet",
        messages: [withoutGroup],
      },
      {
        path: "rules.1.statement.managedRuleGroupStatement.name",
        value: undefined,
        messages: [withoutGroup],
      },
      {
        path: "rules.1.overrideAction.count",
        value: {},
        messages: [
          "rules[1].overrideAction is count; it must be none, so that the group blocks. Set rules[1].overrideAction to { none: {} }.",
        ],
      },
      mustBeSet("rules.0.action.block", "{}"),
      {
        path: "rules.1.statement.rateBasedStatement",
        value: { limit: 100 },
        messages: [mustBe("rules[1].action.block", "not set", "{}")],
      },
      ...mustBeTrue("visibilityConfig.cloudwatchMetricsEnabled"),
      ...mustBeTrue("rules.0.visibilityConfig.cloudwatchMetricsEnabled"),
      ...mustBeTrue("rules.1.visibilityConfig.cloudwatchMetricsEnabled"),
    ],
  },
]);

describeRule(poolStrict, [
  {
    type: "aws:cognito/userPool:UserPool",
    compliant: { passwordPolicy: { minimumLength: 12 }, mfaConfiguration: "OPTIONAL" },
    mutations: [
      mustBeSet("passwordPolicy.minimumLength", "12 or more"),
      mustBeSet("mfaConfiguration", "one of ON, OPTIONAL"),
      {
        path: "passwordPolicy.minimumLength",
        value: 8,
        messages: [mustBe("passwordPolicy.minimumLength", "8", "12 or more")],
      },
      {
        path: "mfaConfiguration",
        value: "OFF",
        messages: [mustBe("mfaConfiguration", '"OFF"', "one of ON, OPTIONAL")],
      },
    ],
  },
]);
