import { Tally } from "./events.ts";
import { refuseLostCloud } from "./losses.ts";
import type { StartOptions } from "./options.ts";
import { type Progress, progressOn } from "./progress.ts";
import { protectionText } from "./protection.ts";
import { stream } from "./pulumi.ts";
import { repair } from "./repair.ts";
import { openSession, policyPack, type Session, type SessionOptions } from "./session.ts";
import { type Action, type Halt, INTERRUPTED, type StackResult, summaryText } from "./summary.ts";
import { diskProblem, errorText, UserError } from "./user-error.ts";

const commands: Readonly<Record<Action, readonly string[]>> = {
  up: ["up", "--yes", "--skip-preview"],
  preview: ["preview"],
  destroy: ["destroy", "--yes", "--skip-preview"],
};

/** Brings stacks up (or previews, or destroys them) and prints what came of it; gives the exit code. */
export async function start(options: StartOptions, where: Partial<SessionOptions> = {}): Promise<number> {
  const startedAt = performance.now();
  const session = await openSession({ ...where, command: "npm start", faults: options.faults });
  try {
    const stacks = options.stacks.length > 0 ? options.stacks : session.project.stacks;
    if (stacks.length === 0)
      throw new UserError(`There is no Pulumi.<stack>.yaml in ${session.paths.project}.`);
    for (const stack of stacks) {
      await session.stacks.require(stack);
      // A broken file of one stack ends the command before any other changes.
      await session.state.read(stack);
    }
    await refuseLostCloud(session.paths, session.state);
    const progress = await progressOn(process.stderr);
    session.interrupts.listen((presses) => {
      if (presses > 1) return;
      const cause = session.interrupts.reason === undefined ? "" : "the disk is full; ";
      progress.note("npm start", `${cause}stopping when what is under way is done; Ctrl-C again kills it`);
    });
    const results = await runAll(session, stacks, options.action, progress).finally(() => progress.close());
    for (const result of results) process.stdout.write(`\n${summaryText(result)}\n`);
    process.stdout.write(`\n${closing(session, results, performance.now() - startedAt)}\n`);
    if (session.interrupts.reason !== undefined) return 1;
    if (session.interrupts.presses > 0) return INTERRUPTED;
    return results.every(({ exitCode }) => exitCode === 0) ? 0 : 1;
  } finally {
    await session.close();
  }
}

async function runAll(
  session: Session,
  stacks: readonly string[],
  action: Action,
  progress: Progress,
): Promise<StackResult[]> {
  await Promise.all(stacks.map((stack) => session.stacks.ready(stack)));
  if (action !== "preview") {
    // A repair may edit the cloud file, which nobody else may write meanwhile.
    for (const stack of stacks) {
      for (const done of await repair(session, stack)) progress.note(stack, done);
    }
  }
  return Promise.all(stacks.map((stack) => runOne(session, stack, action, progress)));
}

async function runOne(
  session: Session,
  stack: string,
  action: Action,
  progress: Progress,
): Promise<StackResult> {
  const startedAt = performance.now();
  const { tally, ...outcome } = await work(session, stack, action, progress).catch((error: unknown) => ({
    tally: new Tally(),
    code: 1,
    stderr: errorText(error),
    halt: undefined,
  }));
  progress.end(stack, tally, outcome.code === 0 ? "done" : "failed");
  return {
    ...{ stack, action, tally, exitCode: outcome.code, stderr: outcome.stderr, halt: outcome.halt },
    milliseconds: performance.now() - startedAt,
    state: await session.state.read(stack).catch(() => undefined),
  };
}

async function work(session: Session, stack: string, action: Action, progress: Progress): Promise<Ended> {
  const before = await session.state.read(stack);
  progress.begin(stack, before?.resources.length || undefined);
  const obstacle =
    action === "destroy" && before !== undefined
      ? protectionText(stack, session.project.name, before, await session.stacks.ready(stack))
      : undefined;
  if (obstacle !== undefined) return { tally: new Tally(), code: 1, stderr: obstacle };
  if (action === "up" && before?.resources.some(({ protect }) => protect)) {
    // Without a preview the engine deletes what it may before it refuses to delete what is protected.
    const previewed = await operate(session, stack, "preview", progress);
    if (previewed.code === INTERRUPTED) return { ...previewed, halt: "stopped in its preview" };
    if (previewed.code !== 0) return { ...previewed, halt: "refused by its preview" };
    if (previewed.tally.isQuiet) return previewed;
  }
  return operate(session, stack, action, progress);
}

/** What came of an operation. */
interface Ended {
  tally: Tally;
  code: number;
  stderr: string;
  halt?: Halt;
}

async function operate(session: Session, stack: string, action: Action, progress: Progress): Promise<Ended> {
  const tally = new Tally();
  if (session.interrupts.presses > 0)
    return { tally, code: INTERRUPTED, stderr: "Interrupted before it began." };
  const pack = action === "destroy" ? undefined : await policyPack(session.paths);
  const args = [
    ...commands[action],
    ...["--json", "--color", "never", "--non-interactive", "--stack", stack],
    ...(pack === undefined ? [] : ["--policy-pack", pack]),
  ];
  const call = session.invocation(args, stack);
  // Without it a preview prints one document at its end.
  const streaming = { ...call, env: { ...call.env, PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true" } };
  if (action !== "preview") await session.journal.begin(stack);
  const running = stream(streaming, session.interrupts, (line) => {
    tally.read(line);
    progress.update(stack, tally);
  });
  await session.watch(running.group);
  const { code, stderr } = await running.ended;
  if (action !== "preview" && code === 0) await session.journal.settle(stack);
  // Pulumi's own code for it is that of a failure.
  return { tally, code: code !== 0 && session.interrupts.presses > 0 ? INTERRUPTED : code, stderr };
}

function closing(session: Session, results: readonly StackResult[], milliseconds: number): string {
  const { version, source } = session.engine;
  const time = `${(milliseconds / 1000).toFixed(1)} s`;
  const told = results.flatMap(({ tally, stderr }) => [
    stderr,
    ...tally.errors.map(({ message }) => message),
  ]);
  const advice =
    session.interrupts.reason ??
    (session.interrupts.presses > 0
      ? "Interrupted. The next npm start puts the state right and goes on."
      : told.map(diskProblem).find((text) => text !== undefined));
  return [`${time} with Pulumi ${version} (${source}).`, ...(advice === undefined ? [] : [advice])].join(" ");
}
