import type * as awsTypes from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { aws } from "./aws.ts";
import { CLOUDFRONT_REGION } from "./cloudfront-region.ts";
import { logGroup, retentionProblems } from "./log-group.ts";
import { broken, throwProblems, type Problem } from "./problems.ts";

/** The arguments of {@link Firewall}. */
export interface FirewallArgs {
  /** REGIONAL guards load balancers of the region; CLOUDFRONT guards distributions and lies in us-east-1. */
  scope: "REGIONAL" | "CLOUDFRONT";
  /** Requests one address may make in five minutes, 10 to 2,000,000,000. */
  rateLimit: number;
  /** Encrypts the log; a key of the region where the firewall lies. @default - CloudWatch's own encryption */
  kmsKeyArn?: pulumi.Input<string>;
  logRetentionDays: number;
  /** The stack's region. A CLOUDFRONT firewall lies in us-east-1 whatever this says. */
  region: string;
}

/** AWS's managed rule groups in the order in which they are asked; the cheapest refusals first. */
const MANAGED_GROUPS: { name: string; countOnly?: string[] }[] = [
  { name: "AWSManagedRulesAmazonIpReputationList" },
  // Who hides behind a VPN or calls from a data centre may well be a user: counted, to be seen in an attack.
  { name: "AWSManagedRulesAnonymousIpList", countOnly: ["AnonymousIPList", "HostingProviderIPList"] },
  // Log4Shell and the like.
  { name: "AWSManagedRulesKnownBadInputsRuleSet" },
  // People paste code, SQL and addresses into a chat, and more than the 8 KiB allowed: bodies are counted, not blocked.
  {
    name: "AWSManagedRulesCommonRuleSet",
    countOnly: [
      "SizeRestrictions_BODY",
      "CrossSiteScripting_BODY",
      "EC2MetaDataSSRF_BODY",
      "GenericLFI_BODY",
      "GenericRFI_BODY",
    ],
  },
  { name: "AWSManagedRulesSQLiRuleSet", countOnly: ["SQLi_BODY"] },
];

/** Headers that carry secrets; they never reach the log. */
const SECRET_HEADERS = ["authorization", "cookie", "x-api-key"];

/**
 * A WAF web ACL: a rate limit for each address and AWS's managed rules against bad reputations, known bad inputs
 * (Log4j), common attacks and SQL injection in everything but bodies, where they are only counted, as are requests from
 * anonymizers and data centres. Blocked and counted requests are logged with their secrets redacted.
 *
 * USD 5 a month, 1 for each of its six rules, 0.60 per million requests, and the log. A new `scope` or name replaces it.
 */
export class Firewall extends pulumi.ComponentResource {
  public readonly webAclArn: pulumi.Output<string>;

  /** @throws pulumi.InputPropertiesError with every bad argument */
  constructor(name: string, args: FirewallArgs, opts?: pulumi.ComponentResourceOptions) {
    const region = args.scope === "CLOUDFRONT" ? CLOUDFRONT_REGION : args.region;
    throwProblems("Firewall", name, problems(args, region));
    super("macro-ai:components:Firewall", name, {}, opts);
    const acl = new aws.wafv2.WebAcl(
      name,
      {
        scope: args.scope,
        region,
        defaultAction: { allow: {} },
        rules: [rateRule(args.rateLimit), ...MANAGED_GROUPS.map(managedRule)],
        visibilityConfig: visibility(name),
      },
      { parent: this },
    );
    this.createLog(name, args, region, acl);
    this.webAclArn = acl.arn;
    this.registerOutputs({ webAclArn: this.webAclArn });
  }

  private createLog(name: string, args: FirewallArgs, region: string, acl: awsTypes.wafv2.WebAcl): void {
    const group = logGroup(
      name,
      {
        // WAF logs only into groups whose name begins so.
        namePrefix: `aws-waf-logs-${name}-`,
        retentionDays: args.logRetentionDays,
        region,
        ...(args.kmsKeyArn !== undefined && { kmsKeyArn: args.kmsKeyArn }),
      },
      { parent: this },
    );
    new aws.wafv2.WebAclLoggingConfiguration(
      name,
      {
        resourceArn: acl.arn,
        logDestinationConfigs: [group.arn],
        region,
        redactedFields: [
          ...SECRET_HEADERS.map((header) => ({ singleHeader: { name: header } })),
          { queryString: {} },
        ],
        loggingFilter: {
          defaultBehavior: "DROP",
          filters: [
            {
              behavior: "KEEP",
              requirement: "MEETS_ANY",
              conditions: ["BLOCK", "COUNT"].map((action) => ({ actionCondition: { action } })),
            },
          ],
        },
      },
      { parent: this },
    );
  }
}

function problems(args: FirewallArgs, region: string): Problem[] {
  return [
    ...broken([
      {
        path: "rateLimit",
        holds: Number.isInteger(args.rateLimit) && args.rateLimit >= 10 && args.rateLimit <= 2_000_000_000,
        message: `is ${args.rateLimit}; WAF allows whole numbers from 10 to 2000000000`,
      },
      {
        path: "kmsKeyArn",
        holds: typeof args.kmsKeyArn !== "string" || args.kmsKeyArn.split(":")[3] === region,
        message: `is a key of another region; the firewall and its log lie in ${region}: pass a key of that region or none`,
      },
    ]),
    ...retentionProblems("logRetentionDays", args.logRetentionDays),
  ];
}

function visibility(metricName: string) {
  return {
    metricName,
    cloudwatchMetricsEnabled: true,
    // Samples show whole requests, with the secrets that the log redacts.
    sampledRequestsEnabled: false,
  };
}

function rateRule(limit: number): awsTypes.types.input.wafv2.WebAclRule {
  return {
    name: "rate-limit",
    priority: 0,
    action: { block: {} },
    statement: { rateBasedStatement: { aggregateKeyType: "IP", limit, evaluationWindowSec: 300 } },
    visibilityConfig: visibility("rate-limit"),
  };
}

function managedRule(
  group: (typeof MANAGED_GROUPS)[number],
  index: number,
): awsTypes.types.input.wafv2.WebAclRule {
  return {
    name: group.name,
    priority: index + 1,
    overrideAction: { none: {} },
    statement: {
      managedRuleGroupStatement: {
        vendorName: "AWS",
        name: group.name,
        ...(group.countOnly && {
          ruleActionOverrides: group.countOnly.map((name) => ({ name, actionToUse: { count: {} } })),
        }),
      },
    },
    visibilityConfig: visibility(group.name),
  };
}
