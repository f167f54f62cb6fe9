import { statementCheck } from "../../core/documents.ts";
import type { ResourceRule } from "../../core/rule.ts";
import { known } from "../../core/unknown.ts";
import { isEveryActionOfService } from "../../core/wildcards.ts";

export const noServiceWildcard: ResourceRule = {
  name: "iam-no-service-wildcard",
  description: "No identity policy allows every action of a service.",
  severity: "high",
  group: "iam",
  references: ["CKV_AWS_355", "FSBP IAM.21", "AwsSolutions-IAM5"],
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege",
  checks: statementCheck(
    ({ property, effect, actions, principals }) => {
      // Where a document names principals it belongs to a resource, and speaks of that resource alone.
      if (effect !== "Allow" || principals !== undefined) return [];
      const wildcards = known(actions).filter(isEveryActionOfService);
      if (wildcards.length === 0) return [];
      return [
        {
          property: `${property}.actions`,
          is: JSON.stringify(wildcards),
          must: "a list of the actions that are needed",
          fix: "Name each action; a wildcard at the end of one (s3:GetObject*) is allowed.",
        },
      ];
    },
    { kinds: ["identity"] },
  ),
};
