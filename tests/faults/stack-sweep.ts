/** Fails every creation of one stack once, in as few updates as it takes. */
import { rm } from "node:fs/promises";
import { isOfCloud } from "../../sandbox/cli/components.ts";
import { Tally } from "../../sandbox/cli/events.ts";
import { isInCloud, nameOf, outcome, printed, Project, type Resource, succeeded } from "../engine/harness.ts";
import type { Kind, Pace } from "./options.ts";
import { type SweepRecord, readRecord, writeRecord } from "./record.ts";

export interface StackSweepOptions {
  readonly stack: string;
  readonly kind: Kind;
  readonly pace: Pace;
  /** Where the sweep's project and record lie; gone when it has come to its end. */
  readonly directory: string;
  readonly isFresh: boolean;
  /** Ends it after the update under way; what that had begun is put right when the sweep is taken up. */
  readonly interrupt: AbortSignal;
  /** Says whether another update may begin. */
  readonly mayGoOn: () => boolean;
  readonly say: (text: string, record: SweepRecord) => void;
  /** @default - the checkout's own program and committed stacks */
  readonly makeProject?: () => Promise<Project>;
}

/** What came of a sweep. */
export interface Swept {
  readonly record: SweepRecord;
  readonly isFinished: boolean;
  /** Creations that never failed: others of the same update were made before they could. */
  readonly spared: readonly string[];
}

export async function sweepStack(options: StackSweepOptions): Promise<Swept> {
  const { stack, kind, say } = options;
  if (options.isFresh) await rm(options.directory, { recursive: true, force: true });
  const begun = await begin(options);
  const { project } = begun;
  let { record } = begun;
  const mayGoOn = () => !options.interrupt.aborted && options.mayGoOn();
  while (mayGoOn()) {
    const left = record.planned.filter((target) => !record.struck.includes(target));
    const made = new Set(await madeTargets(project, stack));
    const targets = left.filter((target) => !made.has(target));
    if (targets.length === 0) return end(project, options, record);
    const startedAt = performance.now();
    const update = await (kind === "die" ? kill(project, stack, targets) : fail(project, options, targets));
    const wasInterrupted = options.interrupt.aborted;
    if (update.struck.length === 0 && !wasInterrupted)
      return {
        record: { ...record, problems: [...record.problems, ...update.problems] },
        isFinished: false,
        spared: [],
      };
    const problems = wasInterrupted ? [] : [...update.problems, ...(await orphans(project, options, update))];
    record = {
      planned: record.planned,
      struck: [...record.struck, ...update.struck],
      updates: record.updates + 1,
      milliseconds: record.milliseconds + performance.now() - startedAt,
      problems: [
        ...record.problems,
        ...problems.map((problem) => `update ${record.updates + 1}: ${problem}`),
      ],
    };
    await writeRecord(options.directory, record);
    if (wasInterrupted) break;
    say(`update ${record.updates}: ${update.struck.length} failed`, record);
  }
  return { record, isFinished: false, spared: [] };
}

/** Takes up an earlier sweep, unless the program makes other resources now. */
async function begin(options: StackSweepOptions): Promise<{ project: Project; record: SweepRecord }> {
  const { directory, stack, say } = options;
  const earlier = await readRecord(directory);
  const project = await projectIn(options);
  // A preview tells only what is to be made.
  const planned = [...(await madeTargets(project, stack)), ...(await plannedTargets(project, stack))];
  if (earlier === undefined) {
    const record = { planned, struck: [], updates: 0, milliseconds: 0, problems: [] };
    await writeRecord(directory, record);
    return { project, record };
  }
  if (new Set([...earlier.planned, ...planned]).size === earlier.planned.length) {
    say("goes on where it stopped", earlier);
    return { project, record: earlier };
  }
  say("the program makes other resources than when this began, so it begins anew", earlier);
  await rm(directory, { recursive: true });
  return begin(options);
}

async function projectIn({ makeProject, directory, interrupt }: StackSweepOptions): Promise<Project> {
  const project = await (makeProject?.() ?? Project.ofCheckout(undefined, directory));
  project.interrupt = interrupt;
  return project;
}

/** The stack must be whole now: an update makes what failed last, and the next has nothing to do. */
async function end(project: Project, options: StackSweepOptions, record: SweepRecord): Promise<Swept> {
  const { stack, directory, interrupt } = options;
  const problems: string[] = [];
  const last = await project.start("--stack", stack);
  if (last.code !== 0) problems.push(`the last update failed\n${printed(last)}`);
  const settled = await project.start("--stack", stack, "--preview");
  if (interrupt.aborted) return { record, isFinished: false, spared: [] };
  if (!outcome(settled, stack).startsWith("nothing changed"))
    problems.push(`it is not settled\n${printed(settled)}`);
  for (const difference of await project.differences(stack)) problems.push(`at the end: ${difference}`);
  const made = await madeTargets(project, stack);
  for (const target of record.planned)
    if (!made.includes(target)) problems.push(`at the end ${target} is missing`);
  await rm(directory, { recursive: true, force: true });
  return {
    record: { ...record, problems: [...record.problems, ...problems] },
    isFinished: true,
    spared: record.planned.filter((target) => !record.struck.includes(target)),
  };
}

/** What one update came to. */
interface Update {
  readonly struck: readonly string[];
  readonly problems: readonly string[];
}

/** An update in which the creations of all targets fail. */
async function fail(
  project: Project,
  { stack, kind, pace }: StackSweepOptions,
  targets: readonly string[],
): Promise<Update> {
  const paced = pace === "waves" ? ["--continue-on-error"] : ["--parallel", "1"];
  const flags = ["--yes", "--skip-preview", "--non-interactive", "--json", ...paced];
  const faults = targets.map((target) => `create:${target}=${kind}`);
  const ended = await project.sandboxWithFaults(faults, "up", ...flags, "--stack", stack);
  const tally = new Tally();
  for (const line of ended.stdout.split("\n")) tally.read(line);
  const errors = tally.errors.filter(({ message }) => !/^update failed$/.test(message.trim()));
  // What the program and its components say when a child was not made, or the program has ended because of that.
  const isAftermath = ({ message }: { message: string }) =>
    /failed to register|resource registration failed|resource monitor shut down|client connection is closing/.test(
      message,
    );
  const isInjected = ({ message }: { message: string }) => message.includes("(injected fault)");
  const struck = [
    ...new Set(errors.filter(isInjected).flatMap(({ urn }) => (urn === undefined ? [] : [targetOf(urn)]))),
  ];
  return {
    struck: struck.filter((target) => targets.includes(target)),
    problems: [
      ...struck.filter((target) => !targets.includes(target)).map((target) => `${target} failed again`),
      ...errors
        .filter((error) => !isInjected(error) && !isAftermath(error))
        .map(({ urn = "", message }) => `not the injected fault: ${urn} ${message}`),
      ...(struck.length > 0 ? [] : [`no creation was asked for\n${printed(ended)}`]),
    ],
  };
}

/** An update that ends with the death of all its processes as soon as one of the targets is made. */
async function kill(project: Project, stack: string, targets: readonly string[]): Promise<Update> {
  const faults = targets.flatMap((target) => ["--fault", `create:${target}=die`]);
  const ended = await project.start("--stack", stack, ...faults);
  const struck = await unrecorded(project, stack);
  const isKilled = ended.code === null && struck.length > 0;
  return {
    struck: struck.filter((target) => targets.includes(target)),
    problems: isKilled ? [] : [`nothing was killed\n${printed(ended)}`],
  };
}

/** What an update that was killed has made, or was making, without Pulumi's knowing how it ended. */
async function unrecorded(project: Project, stack: string): Promise<string[]> {
  const { resources, pending } = await project.state(stack);
  const known = new Set(resources.map(({ urn }) => urn));
  const begun = pending
    .filter(({ type, resource }) => type === "creating" && !isInCloud(resource))
    .map(({ resource }) => resource.urn);
  const made = project
    .cloud()
    .map(({ urn }) => urn)
    .filter((urn) => !known.has(urn));
  return [...new Set([...made, ...begun])].map(targetOf);
}

/** What is in the cloud and not in the state, or the other way round, beyond what the fault itself leaves there. */
async function orphans(
  project: Project,
  { stack, kind }: StackSweepOptions,
  { struck }: Update,
): Promise<string[]> {
  // The next update finds out what was made before everything was killed.
  if (kind === "die") return [];
  const differences = await project.differences(stack);
  if (kind !== "error-after") return differences;
  const isLost = (difference: string) =>
    /^only in the cloud: (\S+)/
      .exec(difference)
      ?.slice(1)
      .map(targetOf)
      .some((it) => struck.includes(it));
  return differences.filter((difference) => isLost(difference) !== true);
}

async function plannedTargets(project: Project, stack: string): Promise<string[]> {
  const args = ["preview", "--json", "--non-interactive", "--stack", stack];
  const { stdout } = succeeded(await project.sandbox(...args));
  const { steps } = JSON.parse(stdout) as { steps: { op: string; newState?: Resource }[] };
  const targets = steps.flatMap(({ newState }) =>
    newState !== undefined && isOfCloud(newState) ? [targetOf(newState.urn)] : [],
  );
  const twice = targets.filter((target, index) => targets.indexOf(target) !== index);
  if (twice.length > 0) throw new Error(`A fault cannot tell these apart: ${twice.join(", ")}.`);
  return targets;
}

async function madeTargets(project: Project, stack: string): Promise<string[]> {
  const state = await project.stateIfThere(stack);
  return (state?.resources ?? []).filter(isOfCloud).map(({ urn }) => targetOf(urn));
}

/** As the notation of faults names a resource. */
function targetOf(urn: string): string {
  const type = urn.split("::")[2]?.split("$").at(-1) ?? "";
  return `${type}@${nameOf({ urn })}`;
}
