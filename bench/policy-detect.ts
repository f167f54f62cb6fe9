/**
 * What a pack says of a stack and of its mutants: `node bench/policy-detect.ts <pack>` reads what an update showed of the
 * stack from its input, and prints JSON.
 */
import { text } from "node:stream/consumers";
import analyzer from "@pulumi/pulumi/proto/analyzer_pb.js";
import type analyzerTypes from "@pulumi/pulumi/proto/analyzer_pb.js";
import { message } from "../policies/core/verdict.ts";
import type { Snapshot } from "../policies/core/snapshot.ts";
import { assess } from "../policies/report/assess.ts";
import { rules } from "../policies/rules.ts";
import type { Mutant } from "../tests/policies/mutation/mutants.ts";
import { Trial } from "../tests/policies/mutation/trial.ts";
import { packs, Served, type Pack } from "./packs.ts";
import { mutantSets, type MutantSets } from "./policy-mutants.ts";
import { declared } from "./policy-stacks.ts";

/** A mutant, and whether the pack says something mandatory of it that it did not say before. */
export interface Fate {
  readonly type: string;
  readonly shown: string;
  readonly refused: boolean;
}

/** What a pack says of a stack. */
export interface Detected {
  readonly rules: number;
  /** What it refuses in the stack as it is. */
  readonly alarms: readonly string[];
  /** Of each set, in the same order for every pack. */
  readonly fates: Readonly<Record<keyof MutantSets, readonly Fate[]>>;
  /** The types that its rules are about. */
  readonly types: readonly string[];
}

interface Judge {
  alarms: () => Promise<string[]>;
  refuses: (mutant: Mutant) => Promise<boolean>;
}

/** Ours sees the stack as a whole, where a resource by itself says nothing. */
function ours(snapshot: Snapshot): Judge {
  const trial = new Trial(rules, snapshot);
  return {
    alarms: () =>
      Promise.resolve(
        assess("benchmark", snapshot, rules, new Date())
          .judged.filter(({ outcome, standing }) => outcome === "fail" && standing === "mandatory")
          .map(message),
      ),
    refuses: (mutant) => Promise.resolve(trial.judge(mutant).some(({ outcome }) => outcome === "fail")),
  };
}

/** Another pack, through its SDK's own handlers, with everything mandatory. Its rules look at one resource each. */
function theirs(pack: Pack, snapshot: Snapshot): Judge {
  const served = new Served(pack);
  const findings = async (
    resource: Snapshot["declared"][number],
    inputs = resource.inputs,
  ): Promise<string[]> => {
    const response = await served.judge(declared({ ...resource, inputs }));
    return (response as analyzerTypes.AnalyzeResponse)
      .getDiagnosticsList()
      .filter((diagnostic) => diagnostic.getEnforcementlevel() === analyzer.EnforcementLevel.MANDATORY)
      .map(
        (found) => `${resource.name}: ${found.getPolicyname()}: ${found.getMessage().replace(/\s+/g, " ")}`,
      );
  };
  return {
    alarms: async () => {
      const alarms = [];
      for (const resource of snapshot.declared) alarms.push(...(await findings(resource)));
      return alarms;
    },
    refuses: async ({ resource, inputs, beside }) => {
      const before = new Set(await findings(resource));
      for (const mutated of [inputs, beside]) {
        const now = mutated === undefined ? [] : await findings(resource, mutated);
        if (now.some((finding) => !before.has(finding))) return true;
      }
      return false;
    },
  };
}

const [name = ""] = process.argv.slice(2);
const pack = await packs[name]?.();
if (pack === undefined)
  throw new Error(`There is no pack ${name}; there are ${Object.keys(packs).join(", ")}.`);
const snapshot = JSON.parse(await text(process.stdin)) as Snapshot;
const judge = name === "macro-ai" ? ours(snapshot) : theirs(pack, snapshot);
const fatesOf = async (mutants: readonly Mutant[]): Promise<Fate[]> => {
  const fates = [];
  for (const mutant of mutants) {
    const { type, name } = mutant.resource;
    fates.push({ type, shown: `${name} (${type}): ${mutant.title}`, refused: await judge.refuses(mutant) });
  }
  return fates;
};
const { worse, changed } = mutantSets(snapshot);
const detected: Detected = {
  rules: pack.rules,
  types: [...pack.types],
  alarms: await judge.alarms(),
  fates: { worse: await fatesOf(worse), changed: await fatesOf(changed) },
};
process.stdout.write(JSON.stringify(detected));
