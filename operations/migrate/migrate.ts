import type { Environment } from "../lib/environment.ts";
import type { Journal } from "../lib/journal.ts";
import { errorText, Interrupted, OperationError, refuse } from "../lib/operation-error.ts";
import type { Pulumi } from "../lib/pulumi.ts";
import { doneSteps, performSteps } from "../lib/steps.ts";
import { type Patience, stopIfInterrupted } from "../lib/wait.ts";
import type { Platform } from "./platform.ts";
import { newRun, type Run, runFacts, runFrom } from "./run.ts";
import { answered, configure, IMAGE_KEY, steps, type Work } from "./steps.ts";

/** What the command works with. */
export interface Setting {
  environment: Environment;
  platform: Platform;
  pulumi: Pulumi;
  journal: Journal;
  patience: Patience;
}

/** What was asked of it. */
export interface Wish {
  image: string | undefined;
  allowLoss: readonly string[];
}

const command = (stack: string, option: string): string => `npm run migrate -- --stack ${stack} ${option}`;

/** Says what would be done, and changes nothing. */
export async function plan(setting: Setting, wish: Wish): Promise<void> {
  const { say } = setting.patience;
  const open = await findOpen(setting);
  const run = open ?? (await begun(setting, wish));
  const done = open ? await doneSteps(setting.journal, open.id) : new Set<string>();
  say(open ? `The run ${run.id} is not over. It would go on:` : `A run would be, as ${run.id} for example:`);
  for (const { name, plan: words } of steps)
    say(`  ${name.padEnd(9)} ${done.has(name) ? "done" : words(work(setting, run, wish))}`);
  say(`Before any of it the database's history is looked at; --dry-run does that, too, and shows the SQL.`);
}

/** Looks at history and pending migrations, and changes nothing in them. */
export async function dryRun(setting: Setting, wish: Wish): Promise<void> {
  const run = await begun(setting, wish);
  const answer = await setting.platform.database(run).perform({ phase: "inspect", withSql: true });
  for (const line of answer.lines) setting.patience.say(line);
  refuse(answer.problems);
  setting.patience.say("Nothing was changed.");
}

/** Begins a run. */
export async function migrate(setting: Setting, wish: Wish): Promise<void> {
  const { platform, environment, journal, patience } = setting;
  const open = await findOpen(setting);
  if (open)
    throw new OperationError(
      `The run ${open.id} on ${environment.stack} is not over. Go on with it: ${command(environment.stack, "--resume")}, or take it back: ${command(environment.stack, "--rollback")}`,
    );
  const run = await begun(setting, wish);
  patience.say(`Run ${run.id} on ${environment.stack}: looking at the migrations`);
  const seen = await platform.database(run).perform({ phase: "inspect", withSql: false });
  for (const line of seen.lines) patience.say(line);
  refuse([...seen.problems, ...(await platform.lacks())]);
  await journal.write({ run: run.id, step: "run", event: "begun", facts: runFacts(run) });
  await finish(setting, run, wish);
}

/** Goes on with a run that was stopped. */
export async function resume(setting: Setting, wish: Pick<Wish, "allowLoss">): Promise<void> {
  const run = await openOrRefuse(setting, "resume");
  setting.patience.say(`Going on with ${run.id} on ${setting.environment.stack}`);
  await finish(setting, run, { ...wish, image: run.image });
}

async function finish(setting: Setting, run: Run, wish: Wish): Promise<void> {
  const { journal, patience, platform, environment } = setting;
  await performSteps({
    steps,
    work: work(setting, run, wish),
    run: run.id,
    journal,
    patience,
    advice: (at) => [
      `Go on:     ${command(environment.stack, "--resume")}`,
      `Take back: ${command(environment.stack, "--rollback")}`,
      ...(at === steps[0] ? [] : [`The data of before: ${platform.words.undo(run)}`]),
    ],
  });
  await platform.close(run, "done");
  await journal.write({ run: run.id, step: "run", event: "done" });
  patience.say(`The run ${run.id} is over. The data of before: ${platform.words.undo(run)}`);
}

/**
 * Takes a run back: first the code of before, which ran on the new schema already while it was migrated; then the schema, by
 * the migrations' own way back.
 */
export async function rollBack(setting: Setting, { keepSchema }: { keepSchema: boolean }): Promise<void> {
  const { journal, platform, pulumi, patience, environment } = setting;
  const run = await openOrRefuse(setting, "rollback");
  const step = async (name: string, perform: () => Promise<string>): Promise<void> => {
    stopIfInterrupted(patience.signal);
    const note = await perform().catch((error: unknown) => {
      const text = `✘ ${name}: ${errorText(error)}\n\nAgain: ${command(environment.stack, "--rollback")}`;
      throw error instanceof Interrupted ? new Interrupted(text) : new OperationError(text);
    });
    await journal.write({ run: run.id, step: name, event: "done", note });
    patience.say(`✔ ${name}: ${note}`);
  };
  patience.say(`Taking ${run.id} on ${environment.stack} back`);
  if (run.image !== undefined) {
    await step("configuration of before", () => configure(pulumi, run.previousImage));
    if (run.previousImage !== run.image) await step("service of before", () => serviceOfBefore(setting, run));
  }
  await step("schema of before", async () => {
    if (keepSchema) return "kept, as asked";
    const answer = await platform.database(run).perform({ phase: "revert", run: run.id });
    if (answer.problems.length > 0)
      throw new OperationError(
        `${answer.problems.join("; ")}.\nThe schema stays; the code of before ran on it while it was migrated. ` +
          `Leave it so: ${command(environment.stack, "--rollback --keep-schema")}. Or go back to the data of before: ${platform.words.undo(run)}`,
      );
    return answered(answer);
  });
  // The code of before must not go on with what it remembers of the new schema.
  if (run.image === undefined && !keepSchema)
    await step("service anew", () => platform.restart(undefined, new Date()));
  await step(
    "health",
    () =>
      steps
        .find(({ name }) => name === "validate")
        ?.perform(work(setting, run, { image: run.image, allowLoss: [] })) ?? Promise.resolve(""),
  );
  await platform.close(run, "rolled back");
  await journal.write({ run: run.id, step: "run", event: "failed", note: "rolled back" });
  patience.say(`The run ${run.id} is taken back.`);
}

/** Without an image before, the placeholder comes back by the program alone. */
async function serviceOfBefore({ platform, pulumi }: Setting, run: Run): Promise<string> {
  if (run.previousImage !== undefined) return platform.restart(run.previousImage, new Date(run.startedAt));
  await pulumi.up();
  return "the placeholder";
}

async function begun({ pulumi }: Setting, { image }: Wish): Promise<Run> {
  const previous = (await pulumi.config())[IMAGE_KEY];
  return newRun(image, previous);
}

function work({ environment, platform, pulumi, patience }: Setting, run: Run, { allowLoss }: Wish): Work {
  return { stack: environment.stack, apiUrl: environment.apiUrl, run, platform, pulumi, patience, allowLoss };
}

async function openOrRefuse(setting: Setting, option: string): Promise<Run> {
  const open = await findOpen(setting);
  if (open) return open;
  throw new OperationError(
    `There is nothing to ${option}: no run on ${setting.environment.stack} is open, neither in ${setting.journal.file} nor on a snapshot.`,
  );
}

/** The run that is not over: of this machine's journal, else of another machine's marks. */
async function findOpen({ journal, platform }: Setting): Promise<Run | undefined> {
  const entries = await journal.entries();
  const ofRuns = entries.filter(({ step }) => step === "run");
  const last = ofRuns.at(-1);
  if (last?.event === "begun") return runFrom(last.run, last.facts ?? {});
  const elsewhere = await platform.openElsewhere();
  // The last line may have been lost with the machine; the mark on the snapshot is set before it.
  return elsewhere && ofRuns.some(({ run, event }) => run === elsewhere.id && event !== "begun")
    ? undefined
    : elsewhere;
}
