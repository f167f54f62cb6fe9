import type * as aws from "@pulumi/aws";
import { expect, show, type Expectation } from "../../core/expectations.ts";
import { check, type ResourceRule } from "../../core/rule.ts";
import { isKnown, elements, type Seen } from "../../core/unknown.ts";

const isModern: Expectation = {
  must: "a policy of TLS 1.2 and newer",
  fix: "to ELBSecurityPolicy-TLS13-1-2-2021-06 or a newer one",
  holds: (value) =>
    typeof value === "string" && /^ELBSecurityPolicy-(TLS13-1-[23]|TLS-1-2|FS-1-2)-/.test(value),
};

interface Action {
  type?: Seen<string | undefined>;
  redirect?: Seen<{ protocol?: string } | undefined>;
}

/** True also where only the update will tell. */
function redirects(actions: unknown): boolean {
  if (!isKnown(actions)) return true;
  const list = elements(actions as Action[] | undefined);
  return (
    list.length > 0 &&
    list.every((action) => {
      const { type, redirect } = action;
      if (!isKnown(type) || !isKnown(redirect)) return true;
      return type === "redirect" && (!isKnown(redirect?.protocol) || redirect?.protocol === "HTTPS");
    })
  );
}

/** What a network load balancer hands on as it is; in UDP TLS is not its to speak. */
const PACKETS = ["TCP", "UDP", "TCP_UDP", "QUIC", "TCP_QUIC"];

export const listenerHttps: ResourceRule = {
  name: "lb-listener-https",
  description: "Listeners speak TLS 1.2 or newer; HTTP only redirects to HTTPS.",
  severity: "critical",
  group: "encryption",
  references: [
    "CKV_AWS_2",
    "CKV_AWS_103",
    "CKV2_AWS_20",
    "CKV2_AWS_74",
    "FSBP ELB.1",
    "FSBP ELB.17",
    "AWS-0054",
    "AWS-0047",
  ],
  url: "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html",
  checks: [
    check<aws.lb.ListenerArgs>(["aws:lb/listener:Listener", "aws:alb/listener:Listener"], (listener) => {
      const { protocol } = listener;
      if (!isKnown(protocol)) return [];
      if (protocol === "HTTPS" || protocol === "TLS")
        return expect(listener.sslPolicy, "sslPolicy", isModern);
      // A gateway load balancer hands on packets and has no protocol.
      if (protocol === undefined && !isKnown(listener.port)) return [];
      return redirects(listener.defaultActions)
        ? []
        : [
            {
              property: "protocol",
              is: show(protocol ?? "HTTP"),
              ...(PACKETS.includes(String(protocol))
                ? { must: "TLS", fix: "Set protocol to TLS with a certificateArn and an sslPolicy." }
                : {
                    must: "HTTPS, or a redirect to it",
                    fix: 'Set protocol to HTTPS with a certificateArn, or defaultActions to one of type "redirect" with protocol HTTPS.',
                  }),
            },
          ];
    }),
  ],
};
