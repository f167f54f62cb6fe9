import { baseline, used, type Item, type Pricer } from "../resource.ts";

const distribution: Pricer = (resource) => [
  used("cdn-egress", "answers to the internet", resource.usage("cloudfront.egressGb")),
  used("cdn-requests", "HTTPS requests", resource.usage("cloudfront.requests") / 1e4),
];

/** It runs once a request; the distribution is another resource, so that its requests are this one's usage too. */
const edgeFunction: Pricer = (resource) => [
  used("edge-function", "invocations", resource.usage("cloudfront.requests") / 1e6),
];

const webAcl: Pricer = (resource) => {
  const rules = ((resource.value("rules") ?? []) as unknown[]).length;
  return [
    baseline("firewall-acl", "web ACL", 1),
    baseline("firewall-rule", `${rules} rules`, rules),
    used("firewall-requests", "requests judged", resource.usage("waf.requests") / 1e6),
  ];
};

const TIERS: Readonly<Record<string, string>> = { LITE: "cognito-lite", ESSENTIALS: "cognito-essentials" };

const userPool: Pricer = (resource): Item[] => {
  resource.only("userPoolTier", Object.keys(TIERS), "ESSENTIALS");
  const price = TIERS[resource.text("userPoolTier", "ESSENTIALS")] ?? "";
  return [used(price, "monthly active users", resource.usage("cognito.users"))];
};

export const edge: Readonly<Record<string, Pricer>> = {
  "aws:cloudfront/distribution:Distribution": distribution,
  "aws:cloudfront/function:Function": edgeFunction,
  "aws:wafv2/webAcl:WebAcl": webAcl,
  "aws:cognito/userPool:UserPool": userPool,
};
