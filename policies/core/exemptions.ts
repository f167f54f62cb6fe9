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
  /** The last day on which it holds: `2026-12-31`, within two years. */
  expires: string;
}

const KEYS = ["rule", "resource", "reason", "owner", "expires"];

/** URNs begin so; the stack's name in the third place says which stacks an exemption concerns. */
const URN = /^urn:pulumi:[^:]+::[^:]+::.+/;

/** An exemption is leave for a time: somebody looks at it again within two years, a leap year included. */
const MAX_DAYS = 731;
const DAY = 24 * 60 * 60 * 1000;

export function exemptionsFrom(reader: Reader, given: unknown, rules: readonly string[]): Exemption[] {
  return reader.list(given, "exemptions", (value, path) => {
    const entry = reader.object(value, path, KEYS);
    const resource = reader.text(entry["resource"], `${path}.resource`, "the URN of a resource");
    if (resource !== "" && !URN.test(resource))
      reader.tell(
        `${path}.resource`,
        `is ${JSON.stringify(resource)}; it must be a URN such as urn:pulumi:production::macro-ai::*$aws:s3/bucket:Bucket::logs`,
      );
    else if (resource !== "" && !namesSomething(resource))
      reader.tell(
        `${path}.resource`,
        `is ${JSON.stringify(resource)}, which is every resource; it must name one, or a type as in urn:pulumi:production::macro-ai::*$aws:s3/bucket:Bucket::*`,
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

/** Whether more than stars stands in the place of the name, or a whole type in that of the type. */
function namesSomething(urn: string): boolean {
  const [, , types = "", name = ""] = urn.split("::");
  return /[^*?]/.test(name) || /[\w-]+:[\w/-]+:\w+$/.test(types);
}

/** Whether it is a day of the calendar: the thirtieth of February is none. */
function isDate(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 10) === text;
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
  readonly #latest: string;

  constructor(exemptions: readonly Exemption[], today: Date) {
    this.#today = today.toISOString().slice(0, 10);
    this.#latest = new Date(today.getTime() + MAX_DAYS * DAY).toISOString().slice(0, 10);
    this.#held = exemptions.map((exemption) => ({
      exemption,
      matches: globPattern(exemption.resource),
      verdicts: [],
    }));
  }

  /** True where an exemption that holds today covers the verdict. */
  cover(verdict: Verdict): boolean {
    const covering = this.#about(verdict).filter(({ exemption }) => this.#lapse(exemption) === undefined);
    for (const held of covering) held.verdicts.push(verdict);
    return covering.length > 0;
  }

  /** Exemptions that would cover the verdict if they held today, each with why it does not. */
  lapsed(verdict: Verdict): { exemption: Exemption; problem: string }[] {
    return this.#about(verdict).flatMap(({ exemption }) => {
      const problem = this.#lapse(exemption);
      return problem === undefined ? [] : { exemption, problem };
    });
  }

  get used(): { exemption: Exemption; verdicts: Verdict[] }[] {
    return this.#held.filter(({ verdicts }) => verdicts.length > 0);
  }

  /** What is wrong with the exemptions that concern this stack: expired, for too long, or without anything to exempt. */
  problems(stackUrn: string): { exemption: Exemption; problem: string }[] {
    return this.#held.flatMap(({ exemption, verdicts }) => {
      if (!concerns(exemption, stackUrn)) return [];
      const lapse = this.#lapse(exemption);
      if (lapse !== undefined) return { exemption, problem: lapse };
      if (verdicts.length === 0) return { exemption, problem: "matches nothing that breaks the rule" };
      return [];
    });
  }

  #about({ rule, resource }: Verdict): Held[] {
    return this.#held.filter(
      ({ exemption, matches }) => exemption.rule === rule.name && matches.test(resource.urn),
    );
  }

  /** Why it does not hold today. */
  #lapse({ expires }: Exemption): string | undefined {
    if (expires < this.#today) return `expired on ${expires}`;
    return expires > this.#latest
      ? `ends on ${expires}, more than two years from now: it holds until ${this.#latest} at most`
      : undefined;
  }
}

/** Whether the exemption's URN is of this stack and project. */
function concerns({ resource }: Exemption, stackUrn: string): boolean {
  const own = stackUrn.split("::").slice(0, 2);
  const named = resource.split("::").slice(0, 2);
  return named.every((part, index) => globPattern(part).test(own[index] ?? ""));
}
