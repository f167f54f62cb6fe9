import type { Rules } from "../rule.ts";
import { listener, listenerRule, ofType } from "./listener.ts";
import { loadBalancer } from "./load-balancer.ts";
import { certificate, refersTo } from "./references.ts";
import { joined } from "./shapes.ts";
import { targetGroup } from "./target-group.ts";

/** The types of one module; `aws.alb` and `aws.lb` are two tokens of the same resources. */
function balancing(module: "lb" | "alb"): Rules {
  return {
    [`aws:${module}/loadBalancer:LoadBalancer`]: loadBalancer,
    [`aws:${module}/listener:Listener`]: listener,
    [`aws:${module}/listenerRule:ListenerRule`]: listenerRule,
    [`aws:${module}/targetGroup:TargetGroup`]: targetGroup,
    [`aws:${module}/listenerCertificate:ListenerCertificate`]: {
      id: joined("_", "listenerArn", "certificateArn"),
      computed: () => ({}),
      replaceOn: ["listenerArn", "certificateArn"],
      admit: refersTo({
        listenerArn: ofType("listener:Listener", "ListenerNotFound"),
        certificateArn: certificate,
      }),
    },
  };
}

export const lb: Rules = { ...balancing("lb"), ...balancing("alb") };
