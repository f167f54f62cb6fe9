import { OUT_OF_SCOPE } from "../out-of-scope.ts";
import { typesOf, type About, type Rule, type Subject } from "./rule.ts";
import { verdict, type Verdict } from "./verdict.ts";

export const completeness: About = {
  name: "gate-completeness",
  description: "Every resource type is judged by a rule, or declared out of scope with a reason.",
  severity: "high",
  group: "gate",
  references: [],
  url: "https://docs.aws.amazon.com/wellarchitected/latest/security-pillar/welcome.html",
};

/** The packages by whose types Pulumi itself does its work. */
const PULUMI = /^pulumi:/;

/** Which types the pack has an opinion on. */
export class Scope {
  readonly #judged: ReadonlySet<string>;

  constructor(rules: readonly Rule[]) {
    this.#judged = new Set(rules.flatMap(typesOf));
  }

  /** What nobody has looked at must not pass for safe. */
  judge(resource: Subject, declared: Readonly<Record<string, string>>): Verdict[] {
    const { type } = resource;
    if (this.#judged.has(type) || PULUMI.test(type) || type in OUT_OF_SCOPE || type in declared) return [];
    return [
      verdict(completeness, resource, {
        property: "type",
        is: "judged by no rule",
        must: "covered by one or declared out of scope",
        fix: `Write a rule for ${type} (policies/README.md), or add it with the reason to outOfScope in the pack's configuration.`,
      }),
    ];
  }
}
