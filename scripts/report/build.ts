import type { Snapshot } from "../../policies/core/snapshot.ts";
import { byComponent, type Change, changesOf, type ComponentChanges, KINDS, losses } from "./changes.ts";
import { costChange, type CostChange } from "./cost.ts";
import { networkChange, type NetworkChange } from "./network.ts";
import { policyResults, type PolicyResults } from "./policies.ts";
import { type Diagnostic, HIDDEN, type Preview } from "./preview.ts";
import { type ConfigPath, NO_SECRETS, scrubbed, scrubbedPreview, secretValues } from "./secrets.ts";
import { programOf, snapshotOf, statesOf } from "./states.ts";
import { type Topology, topologyOf } from "./topology.ts";
import { subject } from "./urn.ts";

/** What a pull request shows: data for whoever renders it. */
export interface Report {
  readonly stack: string;
  /** What the change is compared with: `main (1a2b3c4), deployed in the sandbox`. */
  readonly against: string;
  /** Resources by what happens to them; `same` among them. */
  readonly counts: Readonly<Record<string, number>>;
  /** Why the engine would refuse it. */
  readonly errors: readonly string[];
  /** The changes with which something is lost for good. */
  readonly losses: readonly Change[];
  readonly components: readonly ComponentChanges[];
  /** Undefined where the preview ended before it had come to the whole stack; so are cost and network. */
  readonly policies?: PolicyResults;
  /** Undefined for a stack of another program, too. */
  readonly cost?: CostChange;
  readonly network?: NetworkChange;
  readonly topology: Topology;
  /** What limits this report. */
  readonly notes: readonly string[];
}

/** What a report is made of. */
export interface Source {
  readonly stack: string;
  readonly preview: Preview;
  readonly against: string;
  /** What the policy pack recorded. @default - the preview's own resources are judged */
  readonly snapshot?: Snapshot;
  /** What of the configuration is secret. @default - what the preview hides of it */
  readonly secretConfig?: readonly ConfigPath[];
  readonly notes?: readonly string[];
  /** For exemptions. */
  readonly today: Date;
}

const OWN_WORDS =
  "The policies judged the preview's own words, and a secret's value was hidden only where the engine marks it; --snapshot takes what the " +
  "engine showed the pack, by which both are complete.";
const UNSEEN =
  "A secret's value was hidden only where the engine marks it: there is no record of the preview.";

/** Makes the report. No secret is in it: what the engine marked is hidden, and its value is taken out everywhere. */
export async function buildReport(source: Source): Promise<Report> {
  const secrets = source.snapshot ? secretValues(source.snapshot, secretConfig(source)) : NO_SECRETS;
  const preview = scrubbedPreview(source.preview, secrets);
  const [before, after] = [statesOf(preview, "before"), statesOf(preview, "after")];
  const programs = { before: programOf(before), after: programOf(after) };
  const all = changesOf(preview);
  const errors = errorsIn(preview.diagnostics);
  // The pack's own record is there only when the program has come to its end; an error ends a preview wherever it is.
  const isWhole = source.snapshot !== undefined || errors.length === 0;
  const report: Report = {
    stack: source.stack,
    against: source.against,
    counts: countsOf(all, after.filter(({ custom, type }) => custom && !type.startsWith("pulumi:")).length),
    errors,
    losses: losses(all),
    components: byComponent(all),
    ...(isWhole && {
      policies: policyResults(
        source.stack,
        source.snapshot ?? snapshotOf(after, preview.config),
        source.today,
      ),
      ...costOf(source.preview),
      network: networkChange(programs.before, programs.after),
    }),
    topology: await topologyOf(programs.before, programs.after, all, {
      title: `What this change does to ${source.stack}`,
      region: preview.config["aws:region"] ?? "",
    }),
    notes: [...(source.notes ?? []), ...(source.snapshot ? [] : [isWhole ? OWN_WORDS : UNSEEN])],
  };
  return scrubbed(report, secrets);
}

/** Of the preview as it is: a size or a region is read, and not shown. */
function costOf(preview: Preview): { cost?: CostChange } {
  const [before, after] = (["before", "after"] as const).map((side) =>
    snapshotOf(statesOf(preview, side), preview.config),
  );
  const cost = before && after && costChange(before, after);
  return cost ? { cost } : {};
}

/** Beside what the program and the stack's file call secret, what the engine hides, whoever gave it. */
function secretConfig({ preview, secretConfig: told = [] }: Source): ConfigPath[] {
  const known = new Set(told.map(([key]) => key));
  const hidden = Object.entries(preview.config).filter(([key, value]) => value === HIDDEN && !known.has(key));
  return [...told, ...hidden.map(([key]): ConfigPath => [key])];
}

/** Whether a deployment of this would be refused: by the engine, or by a mandatory policy, the budget among them. */
export function isRefused({ errors, policies }: Report): boolean {
  const { findings = [], exemptions = [] } = policies ?? {};
  const mandatory = [...findings, ...exemptions].some(({ level }) => level === "mandatory");
  return errors.length > 0 || mandatory;
}

function countsOf(changes: readonly Change[], after: number): Record<string, number> {
  const counts = Object.fromEntries(
    KINDS.map((kind) => [kind, changes.filter((change) => change.kind === kind).length]).filter(
      ([, number]) => number !== 0,
    ),
  ) as Record<string, number>;
  const touched = changes.filter(({ kind }) => kind !== "delete").length;
  return { ...counts, same: after - touched };
}

/** The engine's errors, each with the resource that it is about; not the one that only says that there were some. */
export function errorsIn(diagnostics: readonly Diagnostic[]): string[] {
  const errors = diagnostics.filter(
    ({ severity, message }) =>
      severity === "error" && !/^\s*(?:error: )?(?:preview|update) failed\s*$/.test(message),
  );
  return errors.map(({ urn, message }) => {
    const type = urn?.split("::")[2]?.split("$").at(-1) ?? "";
    const said = message.trim();
    return urn === undefined || urn === "" ? said : `${subject({ urn, type })}: ${said}`;
  });
}
