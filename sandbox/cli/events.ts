import { isDeepStrictEqual } from "node:util";

/** The engine's events as `pulumi up --json` prints them, one a line; what the sandbox reads of them. */
export interface EngineEvent {
  readonly resourcePreEvent?: { readonly metadata: Step };
  readonly resOutputsEvent?: { readonly metadata: Step };
  readonly resOpFailedEvent?: { readonly metadata: Step };
  readonly diagnosticEvent?: Diagnostic;
  readonly policyEvent?: PolicyEvent;
  readonly policyAnalyzeSummaryEvent?: PolicySummary;
  readonly policyAnalyzeStackSummaryEvent?: PolicySummary;
  readonly policyRemediateSummaryEvent?: PolicySummary;
  readonly summaryEvent?: Summary;
}

export interface Step {
  readonly op: string;
  readonly urn: string;
  readonly type: string;
  readonly old?: StepState | null;
  readonly new?: StepState | null;
}

interface StepState {
  readonly protect?: boolean;
  readonly retainOnDelete?: boolean;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

export interface Diagnostic {
  readonly urn?: string;
  readonly message: string;
  readonly severity: "debug" | "info" | "info#err" | "warning" | "error";
  readonly ephemeral?: boolean;
}

export interface PolicyEvent {
  readonly resourceUrn?: string;
  readonly message: string;
  readonly policyName: string;
  readonly policyPackName: string;
  readonly enforcementLevel: string;
}

interface PolicySummary {
  readonly policyPackName: string;
  readonly passed?: readonly string[];
  readonly failed?: readonly string[];
}

interface Summary {
  readonly resourceChanges: Readonly<Record<string, number>>;
  /** Policy packs and their versions. */
  readonly PolicyPacks: Readonly<Record<string, string>> | null;
}

/** What an update has come to so far. */
export class Tally {
  readonly #started = new Set<string>();
  readonly #finished = new Set<string>();
  #current: Step | undefined;
  #summary: Summary | undefined;
  #stack: Step | undefined;
  /** Whether a resource that stays the same is held, or let go of, from now on. */
  #changesHold = false;
  readonly diagnostics: Diagnostic[] = [];
  readonly violations: PolicyEvent[] = [];
  /** The names of the policies that were asked, by pack. */
  readonly policies = new Map<string, Set<string>>();
  /** Resources whose operation failed. */
  readonly failed: Step[] = [];
  /** What was printed that is no event. */
  readonly otherLines: string[] = [];

  /** Takes one line of Pulumi's standard output. */
  read(line: string): void {
    const event = parseEvent(line);
    if (event === undefined) {
      if (line.trim() !== "") this.otherLines.push(line);
      return;
    }
    this.#take(event);
  }

  get started(): number {
    return this.#started.size;
  }

  get finished(): number {
    return this.#finished.size;
  }

  /** The step begun last. */
  get current(): Step | undefined {
    return this.#current;
  }

  /** How many resources were created, updated and so on; undefined before the end. */
  get changes(): Readonly<Record<string, number>> | undefined {
    return this.#summary?.resourceChanges;
  }

  /** Whether the operation neither changed nor would change anything: resources, how they are held, the stack's outputs. */
  get isQuiet(): boolean {
    const changed = Object.keys(this.changes ?? {}).some((op) => op !== "same");
    const { old, new: wanted } = this.#stack ?? {};
    return !changed && !this.#changesHold && isDeepStrictEqual(old?.outputs, wanted?.outputs);
  }

  /** The policy packs that were asked and their versions. */
  get packs(): Readonly<Record<string, string>> {
    const packs = Object.entries(this.#summary?.PolicyPacks ?? {});
    // A pack from a folder is called `<name>|local|<folder>` here.
    return Object.fromEntries(packs.map(([name, version]) => [name.split("|")[0] ?? name, version]));
  }

  get errors(): readonly Diagnostic[] {
    return this.diagnostics.filter(({ severity }) => severity === "error");
  }

  #take(event: EngineEvent): void {
    if (event.resourcePreEvent) {
      this.#current = event.resourcePreEvent.metadata;
      this.#started.add(this.#current.urn);
      this.#changesHold ||= changesHold(this.#current);
    }
    if (event.resOutputsEvent) this.#finish(event.resOutputsEvent.metadata);
    if (event.resOpFailedEvent) this.failed.push(event.resOpFailedEvent.metadata);
    this.#keep(event.diagnosticEvent);
    if (event.policyEvent) this.violations.push(event.policyEvent);
    this.#countPolicies(
      event.policyAnalyzeSummaryEvent ??
        event.policyAnalyzeStackSummaryEvent ??
        event.policyRemediateSummaryEvent,
    );
    if (event.summaryEvent) this.#summary = event.summaryEvent;
  }

  #finish(step: Step): void {
    this.#finished.add(step.urn);
    if (step.type === "pulumi:pulumi:Stack") this.#stack = step;
  }

  /** The SDK sends several debugging messages a resource. */
  #keep(diagnostic: Diagnostic | undefined): void {
    if (diagnostic === undefined || diagnostic.severity === "debug" || diagnostic.ephemeral === true) return;
    this.diagnostics.push(diagnostic);
  }

  #countPolicies(summary: PolicySummary | undefined): void {
    if (summary === undefined) return;
    const names = this.policies.get(summary.policyPackName) ?? new Set();
    for (const name of [...(summary.passed ?? []), ...(summary.failed ?? [])]) names.add(name);
    this.policies.set(summary.policyPackName, names);
  }
}

function changesHold({ old, new: wanted }: Step): boolean {
  if (!old || !wanted) return false;
  const differs = (flag: "protect" | "retainOnDelete") => (old[flag] ?? false) !== (wanted[flag] ?? false);
  return differs("protect") || differs("retainOnDelete");
}

function parseEvent(line: string): EngineEvent | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    return JSON.parse(line) as EngineEvent;
  } catch {
    return undefined;
  }
}

/** The logical name at the end of a URN. */
export function urnName(urn: string): string {
  return urn.split("::").slice(3).join("::");
}
