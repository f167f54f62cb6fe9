import { at } from "../../core/expectations.ts";
import type { Graph, Node } from "../../core/graph.ts";
import { permits } from "../../core/key-policy.ts";
import type { StackFinding, StackRule } from "../../core/rule.ts";
import { ENCRYPTED, type KeyUse } from "./uses.ts";

const KEY = "aws:kms/key:Key";

export const permitsServices: StackRule = {
  name: "kms-permits-services",
  description:
    "A key's policy lets those use it who encrypt with it: services by themselves and for callers.",
  severity: "high",
  group: "encryption",
  references: ["Well-Architected SEC08-BP01"],
  url: "https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-services.html",
  types: Object.keys(ENCRYPTED),
  judge: (resource, graph) => {
    const { properties = [], uses = () => [] } = ENCRYPTED[resource.type] ?? {};
    const region = regionOf(resource, graph);
    return properties.flatMap((property) => {
      const keys = graph.targets(resource, property, KEY);
      return keys.flatMap((key) =>
        uses(resource, graph).flatMap((use) => findings(property, key, use, region)),
      );
    });
  },
};

function findings(property: string, key: Node, use: KeyUse, region: string | undefined): StackFinding[] {
  const verdict = permits(key, { ...use, region });
  if (verdict === "yes") return [];
  const { by, service, actions } = use;
  const principal = by === "service" ? `${service}.amazonaws.com` : `callers of ${service}`;
  return [
    {
      property,
      is: `${key.name}, whose policy ${verdict === "unknown" ? "is not known yet" : `does not let ${principal} ${actions.join(", ")}`}`,
      must: "a key that the service may use",
      fix:
        by === "service"
          ? `Add a statement to the policy of ${key.name} with Principal { Service: "${principal}" } and ${actions.join(", ")}.`
          : `Add a statement to the policy of ${key.name} with Principal { AWS: "arn:aws:iam::<account>:root" } and kms:*, or ${actions.join(", ")} and kms:ViaService ${service}.<region>.amazonaws.com.`,
      ...(verdict === "unknown" && { unproven: {} }),
    },
  ];
}

/** The region in which a resource lies: its own setting, or its provider's. */
function regionOf(resource: Node, graph: Graph): string | undefined {
  const own = at(resource.inputs, "region");
  if (typeof own === "string") return own;
  const region = graph.all("pulumi:providers:aws").map(({ inputs }) => inputs["region"])[0];
  return typeof region === "string" ? region : undefined;
}
