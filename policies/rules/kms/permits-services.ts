import { at } from "../../core/expectations.ts";
import type { Graph, Node } from "../../core/graph.ts";
import { permits } from "../../core/key-policy.ts";
import type { StackFinding, StackRule } from "../../core/rule.ts";

const KEY = "aws:kms/key:Key";
const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const TARGET = "aws:cloudwatch/eventTarget:EventTarget";
const TRAIL = "aws:cloudtrail/trail:Trail";

/** A service that must use the key by itself, without a caller of the account who may. */
interface User {
  service: string;
  actions: string[];
}

/** What takes a key, the property that names it, and who uses the key then. */
const ENCRYPTED: Readonly<
  Record<string, { property: string; users: (resource: Node, graph: Graph) => User[] }>
> = {
  "aws:cloudwatch/logGroup:LogGroup": {
    property: "kmsKeyId",
    users: () => [{ service: "logs", actions: ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey"] }],
  },
  [TRAIL]: {
    property: "kmsKeyId",
    users: () => [{ service: "cloudtrail", actions: ["kms:GenerateDataKey"] }],
  },
  "aws:sns/topic:Topic": {
    property: "kmsMasterKeyId",
    users: (topic, graph) => [
      ...(graph.usersOf(topic, ALARM).length > 0 ? [publisher("cloudwatch")] : []),
      ...(graph.referring(topic, "arn", TARGET).length > 0 ? [publisher("events")] : []),
      ...(graph.usersOf(topic, "aws:budgets/budget:Budget").length > 0 ? [publisher("budgets")] : []),
    ],
  },
};

function publisher(service: string): User {
  return { service, actions: ["kms:Decrypt", "kms:GenerateDataKey"] };
}

export const permitsServices: StackRule = {
  name: "kms-permits-services",
  description: "A key's policy lets the services use it that encrypt with it.",
  severity: "high",
  group: "encryption",
  references: ["Well-Architected SEC08-BP01"],
  url: "https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-services.html",
  types: Object.keys(ENCRYPTED),
  judge: (resource, graph) => {
    const entry = ENCRYPTED[resource.type];
    if (!entry) return [];
    return graph.targets(resource, entry.property, KEY).flatMap((key) =>
      entry.users(resource, graph).flatMap(({ service, actions }): StackFinding[] => {
        const verdict = permits(key, { service, region: regionOf(resource, graph), actions });
        if (verdict === "yes") return [];
        return [
          {
            property: entry.property,
            is: `${key.name}, whose policy ${verdict === "unknown" ? "is not known yet" : `does not let ${service}.amazonaws.com ${actions.join(", ")}`}`,
            must: "a key that the service may use",
            fix: `Add a statement to the policy of ${key.name} with Principal { Service: "${service}.amazonaws.com" } and ${actions.join(", ")}.`,
            ...(verdict === "unknown" && { unproven: {} }),
          },
        ];
      }),
    );
  },
};

/** The region in which a resource lies: its own setting, or its provider's. */
function regionOf(resource: Node, graph: Graph): string | undefined {
  const own = at(resource.inputs, "region");
  if (typeof own === "string") return own;
  const region = graph.all("pulumi:providers:aws").map(({ inputs }) => inputs["region"])[0];
  return typeof region === "string" ? region : undefined;
}
