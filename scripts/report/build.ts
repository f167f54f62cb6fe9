import type { Snapshot } from "../../policies/core/snapshot.ts";
import { byComponent, type Change, changesOf, type ComponentChanges, KINDS, losses } from "./changes.ts";
import { costChange, type CostChange } from "./cost.ts";
import { networkChange, type NetworkChange } from "./network.ts";
import { policyResults, type PolicyResults } from "./policies.ts";
import type { Diagnostic, Preview } from "./preview.ts";
import { scrubbed, secretValues } from "./secrets.ts";
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
  readonly policies: PolicyResults;
  /** Undefined for a stack of another program. */
  readonly cost?: CostChange;
  readonly network: NetworkChange;
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
  /** Texts that must not appear. @default - those of the snapshot */
  readonly secrets?: readonly string[];
  readonly notes?: readonly string[];
  /** For exemptions. */
  readonly today: Date;
}

/** Makes the report. No secret is in it: what the engine marked is hidden, and its value is taken out everywhere. */
export async function buildReport(source: Source): Promise<Report> {
  const secrets = [...(source.secrets ?? []), ...(source.snapshot ? secretValues(source.snapshot) : [])];
  const preview = scrubbed(source.preview, secrets);
  const [before, after] = [statesOf(preview, "before"), statesOf(preview, "after")];
  const programs = { before: programOf(before), after: programOf(after) };
  const all = changesOf(preview);
  const judged = source.snapshot ?? snapshotOf(after, preview.config);
  const cost = costChange(snapshotOf(before, preview.config), snapshotOf(after, preview.config));
  const report: Report = {
    stack: source.stack,
    against: source.against,
    counts: countsOf(all, after.filter(({ custom, type }) => custom && !type.startsWith("pulumi:")).length),
    errors: errorsIn(preview.diagnostics),
    losses: losses(all),
    components: byComponent(all),
    policies: policyResults(source.stack, judged, source.today),
    ...(cost && { cost }),
    network: networkChange(programs.before, programs.after),
    topology: await topologyOf(programs.before, programs.after, all, {
      title: `What this change does to ${source.stack}`,
      region: preview.config["aws:region"] ?? "",
    }),
    notes: [
      ...(source.notes ?? []),
      ...(source.snapshot
        ? []
        : ["The policies judged the preview's own words; --snapshot takes what the engine showed the pack."]),
    ],
  };
  return scrubbed(report, secrets);
}

/** Whether a deployment of this would be refused: by the engine, or by a mandatory policy, the budget among them. */
export function isRefused({ errors, policies }: Report): boolean {
  const mandatory = [...policies.findings, ...policies.exemptions].some(({ level }) => level === "mandatory");
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
