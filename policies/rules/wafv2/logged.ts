import { missing } from "../../core/expectations.ts";
import type { StackRule } from "../../core/rule.ts";

const LOGGING = "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration";

export const firewallLogged: StackRule = {
  name: "wafv2-logged",
  description: "Firewalls log what they decide.",
  severity: "medium",
  group: "resilience",
  references: ["CKV2_AWS_31", "FSBP WAF.11"],
  url: "https://docs.aws.amazon.com/waf/latest/developerguide/logging.html",
  types: ["aws:wafv2/webAcl:WebAcl"],
  covers: [LOGGING],
  judge: (firewall, graph) =>
    graph.referring(firewall, "resourceArn", LOGGING).length > 0
      ? []
      : [missing("log", `Add an ${LOGGING} with its ARN as resourceArn.`)],
};
