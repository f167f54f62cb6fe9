import { Gate, type Judged, type Report } from "../core/gate.ts";
import type { About, Rule } from "../core/rule.ts";
import { plainSight, SecretSight } from "../core/secrets.ts";
import { completeness } from "../core/scope.ts";
import { finishedResources, type Snapshot } from "../core/snapshot.ts";

/** What the pack says of one recorded stack. */
export interface Assessment {
  stack: string;
  resources: number;
  rules: readonly About[];
  judged: readonly Judged[];
  /** What the pack says about its own configuration: exemptions in use, expired ones, unread ones. */
  notes: readonly Report[];
}

/** Every rule a finding can bear the name of. */
export function everyRule(rules: readonly Rule[]): readonly About[] {
  return [...rules, plainSight, completeness];
}

/** Judges a recorded stack as the engine had it judged. */
export function assess(stack: string, snapshot: Snapshot, rules: readonly Rule[], today: Date): Assessment {
  const gate = new Gate(rules, { ...snapshot.occasion, today }, new SecretSight(snapshot));
  const reports = [
    ...gate.configure(snapshot.configuration),
    ...snapshot.declared.flatMap((declared) => gate.resource({ ...declared, properties: declared.inputs })),
    ...gate.stack(finishedResources(snapshot)),
  ];
  const names = new Set(everyRule(rules).map(({ name }) => name));
  return {
    stack,
    resources: snapshot.declared.filter(({ custom }) => custom).length,
    rules: everyRule(rules),
    judged: gate.judged,
    notes: reports.filter(({ rule }) => !names.has(rule.name)),
  };
}
