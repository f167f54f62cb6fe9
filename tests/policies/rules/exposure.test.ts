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
import { describeRule, mustBe, mustBeKey, mustBeSet, mustBeTrue, mustNotBeTrue } from "../harness.ts";

const key = "arn:aws:kms:us-east-1:123456789012:key/1";
const DISTRIBUTION = "aws:cloudfront/distribution:Distribution";
const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const GROUP = "aws:ec2/securityGroup:SecurityGroup";

describeRule(originAccess, [
  {
    type: DISTRIBUTION,
    compliant: { origins: [{ domainName: "b.s3.amazonaws.com", originAccessControlId: "E1" }] },
    alsoCompliant: [{ origins: [{ domainName: "x.example", customOriginConfig: { httpPort: 80 } }] }],
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
    ],
  },
]);

describeRule(noPublicAddresses, [
  {
    type: "aws:ec2/subnet:Subnet",
    compliant: { mapPublicIpOnLaunch: false, assignIpv6AddressOnCreation: false },
    alsoCompliant: [{}],
    mutations: [mustNotBeTrue("mapPublicIpOnLaunch"), mustNotBeTrue("assignIpv6AddressOnCreation")],
  },
  {
    type: "aws:ec2/instance:Instance",
    compliant: { associatePublicIpAddress: false },
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
describeRule(
  ruleDescribed,
  [GROUP, INGRESS, "aws:ec2/securityGroupRule:SecurityGroupRule"].map((type) => ({
    type,
    compliant: { description: "API to cache: cached data" },
    mutations: [
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
describeRule(ruleNarrow, [
  {
    type: INGRESS,
    compliant: { ipProtocol: "tcp", fromPort: 5432, toPort: 5441, referencedSecurityGroupId: "sg-1" },
    mutations: [
      {
        path: "ipProtocol",
        value: "-1",
        messages: [narrow("ports", "every protocol and port")],
      },
      {
        path: "toPort",
        value: 5442,
        conditions: ["fromPort", "ipProtocol"],
        messages: [narrow("ports", "tcp 5432-5442")],
      },
    ],
  },
  {
    type: GROUP,
    compliant: { egress: [{ protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: ["10.0.0.0/16"] }] },
    mutations: [
      { path: "egress.0.protocol", value: "-1", messages: [narrow("egress[0]", "every protocol and port")] },
    ],
  },
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
    alsoCompliant: [
      {
        configuration: {
          executeCommandConfiguration: {
            kmsKeyId: key,
            logging: "OVERRIDE",
            logConfiguration: { s3BucketName: "sessions", s3BucketEncryptionEnabled: true },
          },
        },
      },
    ],
    mutations: [
      ...mustBeKey(`${SESSIONS}.kmsKeyId`),
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
    mutations: [
      {
        path: "principal",
        value: "*",
        messages: [
          'principal is "*"; it must be a service, an account or a role. Set principal to the service that invokes the function, and sourceArn to the resource.',
        ],
      },
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
]);

describeRule(ownerEnforced, [
  {
    type: "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
    compliant: { bucket: "b", rule: { objectOwnership: "BucketOwnerEnforced" } },
    mutations: [
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
        messages: [
          `rules is without ${bad}; it must be with it, blocking. Add a rule with statement.managedRuleGroupStatement.name ${bad} and overrideAction none.`,
        ],
      },
      {
        path: "rules.1.overrideAction",
        value: { count: {} },
        messages: [
          "rules[1].overrideAction is count; it must be none, so that the group blocks. Set rules[1].overrideAction to { none: {} }.",
        ],
      },
      {
        path: "rules.0.action",
        value: { count: {} },
        messages: [mustBe("rules[0].action.block", "not set", "{}")],
      },
      ...mustBeTrue("visibilityConfig.cloudwatchMetricsEnabled"),
      {
        path: "rules.1.visibilityConfig.cloudwatchMetricsEnabled",
        value: false,
        messages: [mustBe("rules[1].visibilityConfig.cloudwatchMetricsEnabled", "false", "true")],
      },
    ],
  },
]);

describeRule(poolStrict, [
  {
    type: "aws:cognito/userPool:UserPool",
    compliant: { passwordPolicy: { minimumLength: 12 }, mfaConfiguration: "OPTIONAL" },
    mutations: [
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
