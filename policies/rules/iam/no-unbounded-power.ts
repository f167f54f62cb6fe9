import { isAbout, statementCheck } from "../../core/documents.ts";
import { coversEvery } from "../../core/arns.ts";
import type { ResourceRule } from "../../core/rule.ts";
import { known } from "../../core/unknown.ts";
import { coversAction } from "../../core/wildcards.ts";
import { powers } from "./powers.ts";

export const noUnboundedPower: ResourceRule = {
  name: "iam-no-unbounded-power",
  description: "No identity policy allows escalation, data access or decryption on every resource.",
  severity: "critical",
  group: "iam",
  references: [
    "CKV_AWS_286",
    "CKV_AWS_287",
    "CKV_AWS_288",
    "CKV_AWS_289",
    "CKV_AWS_290",
    "FSBP KMS.1",
    "FSBP KMS.2",
    "AWS-0342",
  ],
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege",
  checks: statementCheck(
    (statement) => {
      const { effect, property, principals, allButActions, allButResources } = statement;
      if (effect !== "Allow" || principals !== undefined || allButActions) return [];
      const given = powers.filter(({ action }) => isAbout(statement.actions, action));
      if (given.length === 0) return [];
      const unbounded = given.flatMap(({ action, kind }) => {
        const everything = known(statement.resources).filter((pattern) => coversEvery(pattern, kind));
        return allButResources || everything.length > 0 ? [{ action, everything }] : [];
      });
      if (unbounded.length === 0) return [];
      const everything = [...new Set(unbounded.flatMap((power) => power.everything))];
      const actions = known(statement.actions).filter((pattern) =>
        unbounded.some(({ action }) => coversAction(pattern, action)),
      );
      return [
        {
          property: `${property}.resources`,
          is: `${allButResources ? "everything but a list" : JSON.stringify(everything)} for ${actions.join(", ")}`,
          must: "the ARNs that are needed",
          fix: "Name the resources, for example the ARN of the secret that is read.",
        },
      ];
    },
    { kinds: ["identity"] },
  ),
};
