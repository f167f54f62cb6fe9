import { missing } from "../../core/expectations.ts";
import type { StackRule } from "../../core/rule.ts";
import { isKnown } from "../../core/unknown.ts";
import { LOAD_BALANCERS } from "./balancers.ts";

const ASSOCIATION = "aws:wafv2/webAclAssociation:WebAclAssociation";

export const balancerFirewall: StackRule = {
  name: "lb-firewall",
  description: "Application load balancers that face the internet stand behind AWS WAF.",
  severity: "medium",
  group: "exposure",
  references: ["CKV2_AWS_28", "FSBP ELB.16"],
  url: "https://docs.aws.amazon.com/waf/latest/developerguide/waf-chapter.html",
  types: LOAD_BALANCERS,
  covers: [ASSOCIATION],
  judge: (balancer, graph) => {
    const { internal, loadBalancerType } = balancer.inputs;
    if (
      internal === true ||
      (isKnown(loadBalancerType) && (loadBalancerType ?? "application") !== "application")
    )
      return [];
    return graph.referring(balancer, "resourceArn", ASSOCIATION).length > 0
      ? []
      : [missing("web ACL", `Add an ${ASSOCIATION} with the balancer's ARN as resourceArn.`)];
  },
};
