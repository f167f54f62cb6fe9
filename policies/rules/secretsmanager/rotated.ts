import { at, missing } from "../../core/expectations.ts";
import type { StackRule } from "../../core/rule.ts";

const ROTATION = "aws:secretsmanager/secretRotation:SecretRotation";

export const secretRotated: StackRule = {
  name: "secretsmanager-rotated",
  description: "Secrets rotate, and often enough.",
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
  settings: { maximumDays: 90 },
  types: ["aws:secretsmanager/secret:Secret"],
  covers: [ROTATION],
  judge: (secret, graph, { maximumDays }) => {
    const rotations = graph.referring(secret, "secretId", ROTATION);
    if (rotations.length === 0)
      return [missing("rotation", `Add a ${ROTATION} with this secretId and a rotationLambdaArn.`)];
    return rotations.flatMap((resource) => {
      const days = at(resource.inputs, "rotationRules.automaticallyAfterDays");
      return typeof days === "number" && days > (maximumDays as number)
        ? {
            resource,
            property: "rotationRules.automaticallyAfterDays",
            is: String(days),
            must: `${String(maximumDays)} or fewer`,
            fix: `Set rotationRules.automaticallyAfterDays to ${String(maximumDays)}.`,
          }
        : [];
    });
  },
};
