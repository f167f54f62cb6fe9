import type { Journal } from "../lib/journal.ts";
import { errorText, Interrupted, OperationError } from "../lib/operation-error.ts";
import { healthy } from "../lib/health.ts";
import { doneSteps, performSteps } from "../lib/steps.ts";
import { duration } from "../lib/wait.ts";
import { newRun } from "../migrate/run.ts";
import { placesOf } from "../upgrade/places.ts";
import type { Point } from "./point.ts";
import { parsePoint } from "./point.ts";
import { instanceOf, readState } from "./state.ts";
import { steps, turnBack, type Work } from "./steps.ts";

/** Everything but the run. */
export interface Setting extends Pick<Work, "stack" | "region" | "pulumi" | "patience" | "folder"> {
  journal: Journal;
}

const command = (stack: string, option: string): string => `npm run restore -- --stack ${stack} ${option}`;

/** Says what would be done, and changes nothing. */
export async function plan(setting: Setting, point: Point): Promise<void> {
  const { say } = setting.patience;
  const open = await findOpen(setting);
  const work = open ?? (await begun(setting, point));
  const done = open ? await doneSteps(setting.journal, open.run) : new Set<string>();
  if (!open) await steps[0]?.perform(work).then((text) => say(`From ${text}:`));
  for (const { name, plan: words } of steps)
    say(`  ${name.padEnd(8)} ${done.has(name) ? "done" : words(work)}`);
  say(`The old instance, ${work.old}, stays as it is. The way back: ${command(setting.stack, "--rollback")}`);
}

/** Begins. */
export async function restore(setting: Setting, point: Point, to: string): Promise<void> {
  const { stack, journal } = setting;
  if (await findOpen(setting))
    throw new OperationError(
      `A restore of ${stack} is not over. Go on with it: ${command(stack, "--resume")}, or take it back: ${command(stack, "--rollback")}`,
    );
  const work = await begun(setting, point);
  await steps[0]?.perform(work);
  await journal.write({
    run: work.run,
    step: "run",
    event: "begun",
    facts: { to, old: work.old, startedAt: work.startedAt },
  });
  await finish(setting, work);
}

/** Goes on. */
export async function resume(setting: Setting): Promise<void> {
  await finish(setting, await openOrRefuse(setting, "resume"));
}

async function finish(setting: Setting, work: Work): Promise<void> {
  const { stack, journal, patience } = setting;
  await performSteps({
    steps,
    work,
    run: work.run,
    journal,
    patience,
    advice: () => [`Go on:     ${command(stack, "--resume")}`, `Take back: ${command(stack, "--rollback")}`],
  });
  await journal.write({ run: work.run, step: "run", event: "done" });
  patience.say(
    `Restored, ${duration(Date.now() - Date.parse(work.startedAt))} after it began. The old instance ${work.old} is left alone, outside of Pulumi, and costs what it costs: ` +
      "docs/runbooks/restore.md says how it goes.",
  );
}

/** Back to the old instance. */
export async function rollBack(setting: Setting): Promise<void> {
  const work = await openOrRefuse(setting, "rollback");
  const { stack, pulumi, journal, patience } = { ...setting, ...work };
  try {
    patience.say(`✔ ${await turnBack(work)}`);
    patience.say(`✔ ${await healthy(placesOf(stack, await pulumi.export()).environment.apiUrl, patience)}`);
  } catch (error) {
    const text = `✘ ${errorText(error)}\n\nAgain: ${command(stack, "--rollback")}`;
    throw error instanceof Interrupted ? new Interrupted(text) : new OperationError(text);
  }
  await journal.write({ run: work.run, step: "run", event: "failed", note: "taken back" });
  patience.say(`${stack} uses ${work.old} as before.`);
}

async function begun(setting: Setting, point: Point): Promise<Work> {
  const { id, startedAt } = newRun(undefined, undefined);
  return { ...setting, run: id, startedAt, point, old: instanceOf(readState(await setting.pulumi.export())) };
}

async function findOpen(setting: Setting): Promise<Work | undefined> {
  const last = (await setting.journal.entries()).findLast(({ step }) => step === "run");
  if (last?.event !== "begun") return undefined;
  const { to = "", old = "", startedAt = last.at } = last.facts ?? {};
  const point = parsePoint(to);
  if (typeof point === "string") throw new OperationError(`${setting.journal.file} was changed: ${point}`);
  return { ...setting, run: last.run, startedAt, point, old };
}

async function openOrRefuse(setting: Setting, option: string): Promise<Work> {
  const open = await findOpen(setting);
  if (open) return open;
  throw new OperationError(
    `There is nothing to ${option}: no restore of ${setting.stack} is open in ${setting.journal.file}. It is taken up where it was begun: the state of before lies there.`,
  );
}
