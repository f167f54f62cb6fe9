import { documentCheck, isAbout, type Statement } from "../../core/documents.ts";
import type { ResourceRule } from "../../core/rule.ts";
import { isKnown } from "../../core/unknown.ts";

/** What Lambda does with a role to put a function into a VPC, and what moves addresses between interfaces. */
const INTERFACES = [
  "ec2:CreateNetworkInterface",
  "ec2:DeleteNetworkInterface",
  "ec2:AssignPrivateIpAddresses",
  "ec2:UnassignPrivateIpAddresses",
];

export const interfacesDenied: ResourceRule = {
  name: "lambda-interfaces-denied",
  description:
    "A role by which Lambda puts a function into a VPC lets the function itself touch no interface.",
  severity: "medium",
  group: "iam",
  references: ["Well-Architected SEC03-BP02"],
  url: "https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html",
  checks: documentCheck(
    (statements) => {
      const denials = statements.filter(isOfFunctions);
      return statements.flatMap(({ property, effect, actions, principals, allButActions }) => {
        if (effect !== "Allow" || principals !== undefined || allButActions) return [];
        const allowed = INTERFACES.filter((action) => isAbout(actions, action));
        const left = allowed.filter((action) => !denials.some((denial) => isAbout(denial.actions, action)));
        if (left.length === 0) return [];
        return [
          {
            property: `${property}.actions`,
            is: `${left.join(", ")}, for the function's own code as well`,
            must: "Lambda's alone",
            fix: "Add a statement with Effect Deny, the same actions and ArnLike lambda:SourceFunctionArn of the account's functions.",
            // What is not known yet may be the denial.
            ...(statements.some(isOpen) && { unproven: {} }),
          },
        ];
      });
    },
    { kinds: ["identity"] },
  ),
};

/** Lambda itself comes without a function's ARN, a function's code with its own. */
function isOfFunctions({ effect, conditions }: Statement): boolean {
  return (
    effect === "Deny" &&
    isKnown(conditions) &&
    Object.values(conditions).some((keys) =>
      Object.keys(keys).some((key) => key.toLowerCase() === "lambda:sourcefunctionarn"),
    )
  );
}

function isOpen({ effect, actions, conditions }: Statement): boolean {
  return !isKnown(effect) || (effect === "Deny" && !(isKnown(conditions) && actions.every(isKnown)));
}
