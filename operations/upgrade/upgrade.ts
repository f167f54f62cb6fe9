import { environmentOf } from "../lib/environment.ts";
import { healthy } from "../lib/health.ts";
import type { Journal } from "../lib/journal.ts";
import { errorText, Interrupted, OperationError, refuse } from "../lib/operation-error.ts";
import { toolProblems } from "../lib/postgres-tools.ts";
import { doneSteps, performSteps } from "../lib/steps.ts";
import { stopIfInterrupted } from "../lib/wait.ts";
import { newRun, runFacts, runFrom } from "../migrate/run.ts";
import { configure, IMAGE_KEY } from "../migrate/steps.ts";
import { bringBack, forget } from "./credentials.ts";
import { factsOf, moveProblems, type SourceFacts, thaw } from "./source.ts";
import { atSource, SCALE_KEY, steps, type Work } from "./steps.ts";

/** Everything but the run. */
export interface Setting extends Omit<Work, "run" | "image"> {
  journal: Journal;
  /** PostgreSQL's major version of the new database. */
  major: number;
}

const command = (stack: string, option: string): string => `npm run upgrade -- --stack ${stack} ${option}`;

/** Says what would be done, and what of the database stands in the way; changes nothing. */
export async function plan(setting: Setting): Promise<void> {
  const { say } = setting.patience;
  const open = await findOpen(setting);
  const work = open ?? (await begun(setting));
  const done = open ? await doneSteps(setting.journal, open.run) : new Set<string>();
  const facts = await atSource(work, factsOf);
  say(
    `${facts.host}: PostgreSQL ${facts.major}, ${facts.tables} tables, ${Math.ceil(facts.bytes / 2 ** 20)} MiB${facts.frozen ? ", takes no writes" : ""}`,
  );
  say(open ? `The run ${open.run} is not over. It would go on:` : "A run would be:");
  for (const { name, plan: words } of steps)
    say(`  ${name.padEnd(7)} ${done.has(name) ? "done" : words(work)}`);
  say(`The way back, until the last step is done: ${command(setting.stack, "--rollback")}`);
  refuse(await problemsOf(facts, setting.major));
}

/** What of the database, and of the programs that move it, stands in the way. */
async function problemsOf(facts: SourceFacts, major: number): Promise<string[]> {
  const tools = await toolProblems(["pg_dump", "pg_restore"], { from: facts.major, to: major });
  return [...moveProblems(facts, major), ...tools];
}

/** Begins. */
export async function upgrade(setting: Setting): Promise<void> {
  const { stack, pulumi, journal, patience } = setting;
  if (await findOpen(setting))
    throw new OperationError(
      `The upgrade of ${stack} is not over. Go on with it: ${command(stack, "--resume")}, or take it back: ${command(stack, "--rollback")}`,
    );
  const config = await pulumi.config();
  const work = await begun(setting);
  const facts = config[SCALE_KEY] === "enterprise" ? undefined : await atSource(work, factsOf);
  refuse([
    ...(facts === undefined
      ? [`${stack} is at enterprise scale already (${SCALE_KEY})`]
      : await problemsOf(facts, setting.major)),
    ...(config["macro-ai:domain"] === undefined
      ? [`an enterprise stack needs a domain: pulumi config set macro-ai:domain <name> --stack ${stack}`]
      : []),
  ]);
  const run = {
    id: work.run,
    startedAt: new Date().toISOString(),
    image: work.image,
    previousImage: undefined,
  };
  await journal.write({ run: work.run, step: "run", event: "begun", facts: runFacts(run) });
  patience.say(`Upgrade ${work.run} of ${stack}`);
  await finish(setting, work);
}

/** Goes on. */
export async function resume(setting: Setting): Promise<void> {
  await finish(setting, await openOrRefuse(setting, "resume"));
}

async function finish(setting: Setting, work: Work): Promise<void> {
  const { stack, journal, patience, secrets } = setting;
  await performSteps({
    steps,
    work,
    run: work.run,
    journal,
    patience,
    advice: () => [`Go on:     ${command(stack, "--resume")}`, `Take back: ${command(stack, "--rollback")}`],
  });
  for (const secret of [secrets.database, secrets.cache]) await forget(secrets.client, secret);
  await journal.write({ run: work.run, step: "run", event: "done" });
  patience.say(
    `${stack} is an enterprise stack. Neon still has the data of before, read only: keep it for some days, then delete it and the dump. Commit the stack's file.`,
  );
}

/** The way back: the hobby stack, its secrets and its database as before; the new database stays beside, unused. */
export async function rollBack(setting: Setting): Promise<void> {
  const work = await openOrRefuse(setting, "rollback");
  const { stack, pulumi, journal, patience, secrets } = work;
  const step = async (name: string, perform: () => Promise<string>): Promise<void> => {
    stopIfInterrupted(patience.signal);
    const note = await perform().catch((error: unknown) => {
      const text = `✘ ${name}: ${errorText(error)}\n\nAgain: ${command(stack, "--rollback")}`;
      throw error instanceof Interrupted ? new Interrupted(text) : new OperationError(text);
    });
    await journal.write({ run: work.run, step: name, event: "done", note });
    patience.say(`✔ ${name}: ${note}`);
  };
  await step("secrets of before", async () => {
    for (const secret of [secrets.database, secrets.cache]) await bringBack(secrets.client, secret);
    return "Neon's and Upstash's addresses and passwords";
  });
  await step("writes", () => atSource(work, thaw));
  await step("hobby scale", async () => {
    await configure(pulumi, work.image);
    if ((await pulumi.config())[SCALE_KEY] === "enterprise") await pulumi.setConfig(SCALE_KEY, "hobby");
    // Where nothing differs, it changes nothing.
    await pulumi.up();
    return `${IMAGE_KEY} is ${work.image ?? "not set"}; the new database stays beside until macro-ai:retainEnterpriseData is taken away`;
  });
  await step("health", async () => healthy(environmentOf(stack, await pulumi.export()).apiUrl, patience));
  for (const secret of [secrets.database, secrets.cache]) await forget(secrets.client, secret);
  await journal.write({ run: work.run, step: "run", event: "failed", note: "rolled back" });
  patience.say(`${stack} is a hobby stack as before.`);
}

async function begun(setting: Setting): Promise<Work> {
  const image = (await setting.pulumi.config())[IMAGE_KEY];
  return { ...setting, run: newRun(image, undefined).id, image };
}

async function findOpen(setting: Setting): Promise<(Setting & Work) | undefined> {
  const last = (await setting.journal.entries()).findLast(({ step }) => step === "run");
  if (last?.event !== "begun") return undefined;
  return { ...setting, run: last.run, image: runFrom(last.run, last.facts ?? {}).image };
}

async function openOrRefuse(setting: Setting, option: string): Promise<Setting & Work> {
  const open = await findOpen(setting);
  if (open) return open;
  throw new OperationError(
    `There is nothing to ${option}: no upgrade of ${setting.stack} is open in ${setting.journal.file}. It can be resumed only where it was begun: the dump lies there.`,
  );
}
