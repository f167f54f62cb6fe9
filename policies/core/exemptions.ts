import { globPattern } from "./glob.ts";
import type { Reader } from "./reader.ts";
import type { Verdict } from "./verdict.ts";

/** Leave to break one rule with some resources, for a time. */
export interface Exemption {
  rule: string;
  /** A resource's URN; `*` stands for any text. */
  resource: string;
  reason: string;
  /** Who answers for it: a person or a team. */
  owner: string;
  /** The last day on which it holds: `2026-12-31`. */
  expires: string;
}

const KEYS = ["rule", "resource", "reason", "owner", "expires"];

/** URNs begin so; the stack's name in the third place says which stacks an exemption concerns. */
const URN = /^urn:pulumi:[^:]+::[^:]+::.+/;

export function exemptionsFrom(reader: Reader, given: unknown, rules: readonly string[]): Exemption[] {
  return reader.list(given, "exemptions", (value, path) => {
    const entry = reader.object(value, path, KEYS);
    const resource = reader.text(entry["resource"], `${path}.resource`, "the URN of a resource");
    if (resource !== "" && !URN.test(resource))
      reader.tell(
        `${path}.resource`,
        `is ${JSON.stringify(resource)}; it must be a URN such as urn:pulumi:production::macro-ai::*$aws:s3/bucket:Bucket::logs`,
      );
    const expires = reader.text(entry["expires"], `${path}.expires`, "a date such as 2026-12-31");
    if (expires !== "" && !isDate(expires))
      reader.tell(`${path}.expires`, `is ${JSON.stringify(expires)}; it must be a date such as 2026-12-31`);
    return {
      rule: reader.oneOf(entry["rule"], `${path}.rule`, rules),
      resource,
      reason: reader.text(entry["reason"], `${path}.reason`, "why the rule may be broken"),
      owner: reader.text(entry["owner"], `${path}.owner`, "who answers for it"),
      expires,
    };
  });
}

function isDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));
}

/** An exemption, and the verdicts that it has set aside. */
interface Held {
  exemption: Exemption;
  matches: RegExp;
  verdicts: Verdict[];
}

/** Sets verdicts aside, and tells which exemptions stand for nothing. */
export class Exemptions {
  readonly #held: Held[];
  readonly #today: string;

  constructor(exemptions: readonly Exemption[], today: Date) {
    this.#today = today.toISOString().slice(0, 10);
    this.#held = exemptions.map((exemption) => ({
      exemption,
      matches: globPattern(exemption.resource, "s"),
      verdicts: [],
    }));
  }

  /** True where an exemption that has not expired covers the verdict. */
  cover(verdict: Verdict): boolean {
    const covering = this.#held.filter(
      ({ exemption, matches }) =>
        exemption.rule === verdict.rule.name &&
        matches.test(verdict.resource.urn) &&
        !this.#isOver(exemption),
    );
    for (const held of covering) held.verdicts.push(verdict);
    return covering.length > 0;
  }

  get used(): { exemption: Exemption; verdicts: Verdict[] }[] {
    return this.#held.filter(({ verdicts }) => verdicts.length > 0);
  }

  /** What is wrong with the exemptions that concern this stack: expired, or without anything to exempt. */
  problems(stackUrn: string): { exemption: Exemption; problem: string }[] {
    return this.#held.flatMap(({ exemption, verdicts }) => {
      if (!concerns(exemption, stackUrn)) return [];
      if (this.#isOver(exemption)) return { exemption, problem: `expired on ${exemption.expires}` };
      if (verdicts.length === 0) return { exemption, problem: "matches nothing that breaks the rule" };
      return [];
    });
  }

  #isOver({ expires }: Exemption): boolean {
    return expires < this.#today;
  }
}

/** Whether the exemption's URN is of this stack and project. */
function concerns({ resource }: Exemption, stackUrn: string): boolean {
  const own = stackUrn.split("::").slice(0, 2);
  const named = resource.split("::").slice(0, 2);
  return named.every((part, index) => globPattern(part, "s").test(own[index] ?? ""));
}
