import { message } from "../../policies/core/verdict.ts";
import type { Snapshot } from "../../policies/core/snapshot.ts";
import { assess } from "../../policies/report/assess.ts";
import { count } from "../../policies/report/markdown.ts";
import { rules } from "../../policies/rules.ts";

export interface PolicyFinding {
  /** `waits`: a mandatory rule that the update will judge, because a preview does not know a value. */
  readonly level: "mandatory" | "waits" | "advisory" | "exempt";
  readonly rule: string;
  readonly severity: string;
  readonly message: string;
}

/** What the policy pack says of the stack as it would be. */
export interface PolicyResults {
  readonly rules: number;
  /** `2 mandatory, 4 exempt, 31 proven`. */
  readonly summary: string;
  /** The mandatory first; what is proven is left out. */
  readonly findings: readonly PolicyFinding[];
  /** Exemptions in use with reason, owner and end, and what is wrong with others. */
  readonly exemptions: readonly { level: string; message: string }[];
}

/** The pack names one by one below what waits for the update. */
const UNPROVEN = "unproven";

const LEVELS: readonly PolicyFinding["level"][] = ["mandatory", "waits", "advisory", "exempt"];

/** Judges a recorded preview with the whole pack. */
export function policyResults(stack: string, snapshot: Snapshot, today: Date): PolicyResults {
  const { rules: all, judged, notes } = assess(stack, snapshot, rules, today);
  const findings = judged.flatMap((verdict): PolicyFinding[] => {
    if (verdict.standing === "proven") return [];
    const waits = verdict.outcome === "unproven" && verdict.standing !== "exempt";
    return [
      {
        level: waits ? "waits" : verdict.standing,
        rule: verdict.rule.name,
        severity: verdict.rule.severity,
        message: message(verdict),
      },
    ];
  });
  return {
    rules: all.length,
    summary: count(judged),
    findings: findings.toSorted((one, other) => LEVELS.indexOf(one.level) - LEVELS.indexOf(other.level)),
    exemptions: notes
      .filter(({ rule }) => rule.name !== UNPROVEN)
      .map(({ level, message: text }) => ({ level, message: text })),
  };
}
