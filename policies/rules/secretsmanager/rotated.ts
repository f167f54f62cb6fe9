import { at, missing } from "../../core/expectations.ts";
import type { Graph, Node } from "../../core/graph.ts";
import type { StackRule } from "../../core/rule.ts";

const ROTATION = "aws:secretsmanager/secretRotation:SecretRotation";
const FUNCTION = "aws:lambda/function:Function";
const EVENT_TARGET = "aws:cloudwatch/eventTarget:EventTarget";

export const secretRotated: StackRule = {
  name: "secretsmanager-rotated",
  description: "Secrets rotate, and often enough; what only a person can renew is reminded of.",
  severity: "medium",
  group: "secrets",
  references: [
    "CKV2_AWS_57",
    "CKV_AWS_304",
    "FSBP SecretsManager.1",
    "FSBP SecretsManager.4",
    "AwsSolutions-SMG4",
  ],
  url: "https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets.html",
  // Logical names of secrets that no API renews: a function that is called by schedule must look at each.
  settings: { maximumDays: 90, renewedByHand: [] },
  types: ["aws:secretsmanager/secret:Secret"],
  covers: [ROTATION],
  judge: (secret, graph, { maximumDays, renewedByHand }) => {
    const rotations = graph.referring(secret, "secretId", ROTATION);
    if (rotations.length === 0) {
      if (!(renewedByHand as readonly string[]).includes(secret.name))
        return [missing("rotation", `Add an ${ROTATION} with this secretId and a rotationLambdaArn.`)];
      return isReminded(secret, graph)
        ? []
        : [
            missing(
              "reminder",
              `Add an ${FUNCTION} that is told this secret, and that an ${EVENT_TARGET} calls.`,
            ),
          ];
    }
    return rotations.flatMap((resource) => {
      const rules = at(resource.inputs, "rotationRules");
      const [property, days] = intervalOf(rules);
      if (days === undefined && at(rules, property) === undefined)
        return {
          resource,
          property: "rotationRules",
          is: "without an interval",
          must: `one of ${String(maximumDays)} days or fewer`,
          fix: `Set rotationRules.automaticallyAfterDays to ${String(maximumDays)}.`,
        };
      return days !== undefined && days > (maximumDays as number)
        ? {
            resource,
            property: `rotationRules.${property}`,
            is: String(days),
            must: `${String(maximumDays)} or fewer`,
            fix: `Set rotationRules.automaticallyAfterDays to ${String(maximumDays)}.`,
          }
        : [];
    });
  },
};

/** Days from one rotation to the next, as far as they can be told, and what tells them. */
function intervalOf(rules: unknown): [property: string, days: number | undefined] {
  const days = at(rules, "automaticallyAfterDays");
  if (days !== undefined) return ["automaticallyAfterDays", typeof days === "number" ? days : undefined];
  const rate = /^rate\((\d+) days?\)$/.exec(String(at(rules, "scheduleExpression")));
  return ["scheduleExpression", rate ? Number(rate[1]) : undefined];
}

function isReminded(secret: Node, graph: Graph): boolean {
  return graph
    .naming(secret, "environment", FUNCTION)
    .some((reminder) => graph.referring(reminder, "arn", EVENT_TARGET).length > 0);
}
