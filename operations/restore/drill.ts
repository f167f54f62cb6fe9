import { type CloudWatchLogsClient, DeleteLogGroupCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  DeleteDBInstanceAutomatedBackupCommand,
  DeleteDBSnapshotCommand,
  type RDSClient,
} from "@aws-sdk/client-rds";
import type { Entry, Journal } from "../lib/journal.ts";
import { errorText, Interrupted, OperationError } from "../lib/operation-error.ts";
import type { Pulumi } from "../lib/pulumi.ts";
import { shortName } from "../lib/stack.ts";
import { performSteps, type Step } from "../lib/steps.ts";
import { duration, type Patience } from "../lib/wait.ts";
import { newRun } from "../migrate/run.ts";
import { checkPoint, type Point, standsAs } from "./point.ts";
import { pointConfig } from "./steps.ts";
import { instanceOf, readState, type State, urnsElsewhere } from "./state.ts";

/** What a drill works with. */
export interface Drill {
  /** The stack whose database is restored. Nothing of it is changed. */
  stack: string;
  live: Pulumi;
  /** The throw-away stack. */
  name: string;
  throwAway: Pulumi;
  /** What encrypts the configuration's secrets, where the live stack says so. */
  secretsProvider: string | undefined;
  rds: RDSClient;
  logs: CloudWatchLogsClient;
  point: Point;
  journal: Journal;
  patience: Patience;
}

interface Work extends Drill {
  state: State;
  old: string;
}

/** A throw-away instance lies in a network of its own, and may be deleted. */
const APART = ["deletion protection", "security groups", "subnet group"];

export const steps: readonly Step<Work>[] = [
  {
    name: "stack",
    plan: ({ name, stack }) => `the stack ${name} with the configuration of ${stack}`,
    perform: makeStack,
    meanwhile: "Nothing was made but a stack without resources.",
  },
  {
    name: "make",
    plan: ({ name }) => `pulumi up --stack ${name} of the instance and what it is made of`,
    perform: make,
    meanwhile: "The throw-away stack may have resources.",
  },
  {
    name: "verify",
    plan: () => "the new instance is available, and is as the live one: engine, key, database, user, access",
    perform: verify,
    meanwhile: "The throw-away stack stands.",
  },
];

/** Says what a drill would do, and does nothing. */
export async function planDrill(setting: Drill): Promise<void> {
  const { name, patience } = setting;
  const work = await worked(setting);
  patience.say(`From ${await checkPoint(work.rds, work.old, work.point)}:`);
  for (const step of steps) patience.say(`  ${step.name.padEnd(6)} ${step.plan(work)}`);
  patience.say(`  clear  pulumi destroy --stack ${name}, and what it leaves: snapshot, backups, logs`);
}

async function worked(setting: Drill): Promise<Work> {
  const state = readState(await setting.live.export());
  return { ...setting, state, old: instanceOf(state) };
}

/**
 * Restores a stack's database into a throw-away stack, looks at it, and takes all of it away again, whatever happens.
 *
 * @throws OperationError when it cannot be restored, or something is left
 */
export async function drill(setting: Drill): Promise<void> {
  const { stack, name, journal, patience, point } = setting;
  await clearLeftovers(setting);
  const work = await worked(setting);
  const { id: run } = newRun(undefined, undefined);
  patience.say(`From ${await checkPoint(work.rds, work.old, point)}:`);
  const started = performance.now();
  await journal.write({ run, step: "run", event: "begun", facts: { throwAway: name, old: work.old } });
  const restored = await performSteps({
    ...{ steps, work, run, journal, patience },
    advice: () => [`Nothing of ${stack} was changed. Again: ${again(stack)}`],
  }).then(
    () => performance.now() - started,
    (error: unknown) => error as Error,
  );
  if (restored instanceof Interrupted)
    patience.say(`Interrupted: ${name} goes first. A second Ctrl-C leaves it to the next drill.`);
  const left = await clear(setting, run).catch((error: unknown) => error as Error);
  if (restored instanceof Error || left instanceof Error) throw failure(restored, left);
  const total = performance.now() - started;
  const facts = { restoredSeconds: seconds(restored), totalSeconds: seconds(total) };
  await journal.write({ run, step: "run", event: "done", facts });
  patience.say(
    `Drilled: ${stack}'s database stood again after ${duration(restored)}; with the cleaning up it took ${duration(total)}. Its rows were not looked at: nothing reaches the throw-away network.`,
  );
}

const again = (stack: string): string => `npm run restore -- --stack ${stack} --drill`;
const seconds = (ms: number): string => (ms / 1000).toFixed(1);

function failure(restored: unknown, left: unknown): Error {
  const text = [restored, left].filter((one) => one instanceof Error).map((one) => errorText(one));
  return restored instanceof Interrupted && !(left instanceof Error)
    ? new Interrupted(text.join("\n\n"))
    : new OperationError(text.join("\n\n"));
}

async function makeStack({ throwAway, stack, name, secretsProvider, point, old }: Work): Promise<string> {
  // A key that serves several stacks tells them apart by this (docs/delivery.md).
  await throwAway.makeLike(stack, secretsProvider?.replace(/(?<=context_stack=)[^&]*/, shortName(name)));
  const config = await throwAway.config();
  // Neither copies of copies, nor what would not go again.
  for (const key of ["macro-ai:restore", "macro-ai:replicaRegion"])
    if (config[key] !== undefined) await throwAway.removeConfig(key);
  for (const [key, value] of pointConfig(point, old)) await throwAway.setNested(key, value);
  await throwAway.setConfig("macro-ai:deletionProtection", "false");
  return name;
}

/** The policies are about what lives, and take what was left out for forgotten. */
async function make({ throwAway, name, state }: Work): Promise<string> {
  const urns = urnsElsewhere(state, shortName(name));
  await throwAway.up(
    urns.flatMap((urn) => ["--target", urn]),
    "unchecked",
  );
  return instanceOf(readState(await throwAway.export()));
}

async function verify({ throwAway, rds, old, patience }: Work): Promise<string> {
  const made = instanceOf(readState(await throwAway.export()));
  return standsAs(rds, { made, old }, patience, APART);
}

/** What a drill that was killed has left goes before the next one; a stack that no drill of here has made stays. */
async function clearLeftovers(setting: Drill): Promise<void> {
  const { journal, patience, name, throwAway } = setting;
  const last = (await journal.entries()).findLast(({ step }) => step === "run");
  if (last?.event === "begun") {
    patience.say(`The drill ${last.run} was cut off: what it left goes first.`);
    await clear(setting, last.run);
  } else if (await throwAway.exists())
    throw new OperationError(
      `Nothing was changed: there is a stack ${name}, which no drill of this machine has left (${journal.file}). ` +
        `If it may go: pulumi destroy --stack ${name}, then pulumi stack rm ${name}`,
    );
}

/** Takes the throw-away stack away, with what RDS keeps of an instance that was deleted. May be repeated. */
async function clear(setting: Drill, run: string): Promise<void> {
  const { throwAway, name, journal, patience } = setting;
  const started = performance.now();
  try {
    const noted = (await journal.entries()).findLast((entry) => entry.run === run && isNoted(entry))?.facts;
    let remains = noted ?? {};
    if (await throwAway.exists()) {
      if (!noted) {
        remains = remainsOf(await throwAway.export());
        await journal.write({ run, step: "clear", event: "begun", facts: remains });
      }
      await throwAway.destroy();
      await throwAway.remove();
    }
    await forget(setting, remains);
  } catch (error) {
    throw new OperationError(
      `✘ clear  ${errorText(error)}\nThe stack ${name} may still be there, and costs what it costs. The next drill takes it away; or: pulumi destroy --stack ${name}`,
    );
  }
  const note = `${name} is gone, with its last snapshot, its backups and its logs`;
  await journal.write({ run, step: "clear", event: "done", note });
  await journal.write({ run, step: "run", event: "failed", note: "taken away" });
  patience.say(`✔ clear  ${note} (${duration(performance.now() - started)})`);
}

const isNoted = ({ step, facts }: Entry): boolean => step === "clear" && facts !== undefined;

/** What is left of a stack once it is destroyed: whose last snapshot and backups, and which logs. */
function remainsOf(exported: unknown): Readonly<Record<string, string>> {
  const { resources = [] } =
    (exported as { deployment?: { resources?: State["deployment"]["resources"] } }).deployment ?? {};
  const all = (wanted: string, output: string): string[] =>
    resources
      .filter(({ type }) => type === wanted)
      .map(({ outputs }) => outputs[output])
      .filter((one) => typeof one === "string");
  return {
    instances: all("aws:rds/instance:Instance", "identifier").join(" "),
    resources: all("aws:rds/instance:Instance", "resourceId").join(" "),
    logGroups: all("aws:cloudwatch/logGroup:LogGroup", "name").join(" "),
  };
}

/** The program has every instance leave a snapshot, its backups and its logs; these are nobody's. */
async function forget({ rds, logs }: Drill, remains: Readonly<Record<string, string>>): Promise<void> {
  const each = (what: string): string[] => remains[what]?.match(/\S+/g) ?? [];
  const calls = [
    ...each("instances").map(
      (one) => () => rds.send(new DeleteDBSnapshotCommand({ DBSnapshotIdentifier: `${one}-final` })),
    ),
    ...each("resources").map(
      (DbiResourceId) => () => rds.send(new DeleteDBInstanceAutomatedBackupCommand({ DbiResourceId })),
    ),
    ...each("logGroups").map((logGroupName) => () => logs.send(new DeleteLogGroupCommand({ logGroupName }))),
  ];
  for (const call of calls)
    await call().catch((error: unknown) => {
      if (!/NotFound/.test((error as Error).name)) throw error;
    });
}
