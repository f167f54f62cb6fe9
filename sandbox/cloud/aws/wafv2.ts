import type { Context, Inputs, Problem, Rules } from "../rule.ts";
import { arnOf, check, count, integer, ipv4Cidr, ipv6Cidr, lengthOf, matches, oneOf } from "./constraints.ts";
import { firstOf, naming, refersTo, unlessUsed } from "./references.ts";
import type { Reference } from "./references.ts";
import { arn, byInput, joined, list, nested, text, uuid } from "./shapes.ts";

const WEB_ACL = "aws:wafv2/webAcl:WebAcl";
const ASSOCIATION = "aws:wafv2/webAclAssociation:WebAclAssociation";
const NAME = {
  property: "name",
  pattern: /^[A-Za-z0-9_-]+$/,
  allowed: "letters, digits, hyphens and underscores",
  maxLength: 128,
  scope: "region",
  autoname: "hex",
} as const;
const METRIC = /^[A-Za-z0-9_-]{1,128}$/;
const METRIC_ALLOWED = "letters, digits, hyphens and underscores, at most 128";

const webAcl: Reference = {
  types: [WEB_ACL],
  by: ["arn"],
  missing: () =>
    "WAFNonexistentItemException: AWS WAF couldn't perform the operation because your resource doesn't exist.",
};

/** Capacity units of the managed rule groups most used. Source: AWS WAF developer guide, AWS managed rule groups. */
const CAPACITY: Readonly<Record<string, number>> = {
  AWSManagedRulesCommonRuleSet: 700,
  AWSManagedRulesAdminProtectionRuleSet: 100,
  AWSManagedRulesKnownBadInputsRuleSet: 200,
  AWSManagedRulesSQLiRuleSet: 200,
  AWSManagedRulesLinuxRuleSet: 200,
  AWSManagedRulesUnixRuleSet: 100,
  AWSManagedRulesAmazonIpReputationList: 25,
  AWSManagedRulesAnonymousIpList: 50,
  AWSManagedRulesBotControlRuleSet: 50,
};

export const wafv2: Rules = {
  [WEB_ACL]: {
    name: { ...NAME, taken: duplicate },
    id: (ctx) => uuid(ctx),
    computed: (ctx) => ({
      applicationIntegrationUrl: "",
      arn: scopedArn(ctx, "webacl"),
      capacity: list(ctx.inputs, "rules")
        .map(nested)
        .reduce((sum, rule) => sum + capacityOf(nested(rule["statement"])), 0),
      lockToken: uuid(ctx, "lock"),
      namePrefix: "",
    }),
    volatile: ["capacity"],
    replaceOn: ["name", "namePrefix", "scope"],
    sets: ["rules", "customResponseBodies"],
    check: check(
      oneOf("scope", "REGIONAL", "CLOUDFRONT"),
      lengthOf("description", 1, 256),
      matches("visibilityConfig.metricName", METRIC, METRIC_ALLOWED),
      matches("rules[].visibilityConfig.metricName", METRIC, METRIC_ALLOWED),
      matches("rules[].name", METRIC, METRIC_ALLOWED),
      integer("rules[].priority", 0, 2147483647),
      integer("rules[].statement.rateBasedStatement.limit", 10, 2000000000),
      oneOf("rules[].statement.rateBasedStatement.evaluationWindowSec", 60, 120, 300, 600),
      oneOf(
        "rules[].statement.rateBasedStatement.aggregateKeyType",
        "IP",
        "FORWARDED_IP",
        "CUSTOM_KEYS",
        "CONSTANT",
      ),
      oneWayOut("defaultAction", ["allow", "block"]),
      rules,
    ),
    admit: inScope,
    guardDelete: unlessUsed(
      { [ASSOCIATION]: ["webAclArn"], "aws:cloudfront/distribution:Distribution": ["webAclId"] },
      (_, users) =>
        `WAFAssociatedItemException: AWS WAF couldn't perform the operation because your resource is being used by another resource or it's associated with another resource (${naming(users)})`,
    ),
  },
  [ASSOCIATION]: {
    id: joined(",", "webAclArn", "resourceArn"),
    computed: () => ({}),
    replaceOn: ["webAclArn", "resourceArn"],
    check: check(
      arnOf("webAclArn", "wafv2"),
      arnOf("resourceArn", "(elasticloadbalancing|apigateway|appsync|cognito-idp|apprunner|ec2|amplify)"),
    ),
    admit: firstOf(refersTo({ webAclArn: webAcl }), isRegional),
  },
  "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": {
    id: byInput("resourceArn"),
    computed: () => ({}),
    replaceOn: ["resourceArn"],
    check: check(
      count("logDestinationConfigs", 1, 1),
      matches(
        "logDestinationConfigs[]",
        /^arn:aws[a-z-]*:(logs:[^:]+:\d+:log-group:aws-waf-logs-|firehose:[^:]+:\d+:deliverystream\/aws-waf-logs-|s3:::aws-waf-logs-)/,
        "a log group, delivery stream or bucket whose name begins with aws-waf-logs-",
      ),
      count("redactedFields", 0, 100),
      arnOf("resourceArn", "wafv2"),
    ),
    admit: refersTo({ resourceArn: webAcl }),
  },
  "aws:wafv2/ipSet:IpSet": {
    name: { ...NAME, taken: duplicate },
    id: (ctx) => uuid(ctx),
    computed: (ctx) => ({ arn: scopedArn(ctx, "ipset"), lockToken: uuid(ctx, "lock"), namePrefix: "" }),
    replaceOn: ["name", "namePrefix", "scope", "ipAddressVersion"],
    sets: ["addresses"],
    check: check(
      oneOf("scope", "REGIONAL", "CLOUDFRONT"),
      oneOf("ipAddressVersion", "IPV4", "IPV6"),
      (inputs) =>
        inputs["ipAddressVersion"] === "IPV6"
          ? ipv6Cidr("addresses[]")(inputs)
          : ipv4Cidr("addresses[]")(inputs),
    ),
    admit: inScope,
  },
};

function duplicate(name: string): string {
  return `WAFDuplicateItemException: AWS WAF couldn't perform the operation because some resource in your request is a duplicate of an existing one: ${name}`;
}

function scopedArn(ctx: Context, kind: string): string {
  const scope = text(ctx.inputs, "scope") === "CLOUDFRONT" ? "global" : "regional";
  return arn(ctx, "wafv2", `${scope}/${kind}/${text(ctx.inputs, "name")}/${ctx.id}`);
}

function capacityOf(statement: Inputs): number {
  const managed = text(nested(statement["managedRuleGroupStatement"]), "name");
  return managed === "" ? 2 : (CAPACITY[managed] ?? 50);
}

function inScope({ inputs, region }: Context): string | undefined {
  return inputs["scope"] === "CLOUDFRONT" && region !== "us-east-1"
    ? "WAFInvalidParameterException: Error reason: The scope is not valid., field: SCOPE_VALUE, parameter: CLOUDFRONT (create it in us-east-1)"
    : undefined;
}

function isRegional({ inputs }: Context): string | undefined {
  return text(inputs, "webAclArn").includes(":global/")
    ? "WAFInvalidParameterException: a web ACL of scope CLOUDFRONT is set on the distribution, not associated"
    : undefined;
}

function oneWayOut(property: string, ways: readonly string[]) {
  return (inputs: Inputs): Problem[] => {
    const given = ways.filter((way) => nested(inputs[property])[way] !== undefined);
    return given.length === 1 || inputs[property] === undefined
      ? []
      : [{ property, reason: `give exactly one of ${ways.join(", ")}` }];
  };
}

/** Rule groups are overridden, other statements act; priorities and names are unique. */
function rules(inputs: Inputs): Problem[] {
  const all = list(inputs, "rules").map(nested);
  return all.flatMap((rule, index) => {
    const statement = nested(rule["statement"]);
    const group =
      statement["managedRuleGroupStatement"] !== undefined ||
      statement["ruleGroupReferenceStatement"] !== undefined;
    const [wanted, other] = group ? ["overrideAction", "action"] : ["action", "overrideAction"];
    return [
      ...(rule[wanted] === undefined
        ? [
            {
              property: `rules[${index}].${wanted}`,
              reason: group ? "is required for a rule group" : "is required for this statement",
            },
          ]
        : []),
      ...(rule[other] === undefined
        ? []
        : [
            {
              property: `rules[${index}].${other}`,
              reason: group ? "is not allowed for a rule group" : "is for rule groups only",
            },
          ]),
      ...["priority", "name"].flatMap((key) =>
        all.findIndex((one) => one[key] === rule[key]) === index
          ? []
          : [
              {
                property: `rules[${index}].${key}`,
                reason: `${JSON.stringify(rule[key])} is used by two rules`,
              },
            ],
      ),
    ];
  });
}
