import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { StoredEntry } from "../cloud/store.ts";
import { isRunning } from "./processes.ts";
import type { Session } from "./session.ts";
import { filesIn, type PendingOperation, type State } from "./state.ts";
import { UserError } from "./user-error.ts";

/** What an interrupted command left of one stack. */
interface Damage {
  /** Creations that were under way; Pulumi does not know whether they came about. */
  readonly creations: readonly PendingOperation[];
  /** Updates and deletions that were under way. */
  readonly others: readonly PendingOperation[];
  /** Creations that did come about, with what the cloud made. */
  readonly made: readonly { readonly operation: PendingOperation; readonly entry: StoredEntry }[];
  /** Made by a command that was interrupted or lost the cloud's answer, so that the state will never know them. */
  readonly strays: readonly StoredEntry[];
}

/**
 * Puts right what an interrupted command left of a stack: its lock, and operations of which Pulumi does not know
 * whether they came about. Keeps a copy of the state as it is then.
 *
 * @returns What was done, a sentence each; nothing in the usual case.
 */
export async function repair(session: Session, stack: string): Promise<string[]> {
  const state = await session.state.read(stack);
  if (state === undefined) return [];
  const unlocked = await unlock(session, stack);
  const damage = await assess(session, stack, state);
  const done = [...unlocked];
  if (damage.made.length > 0) {
    await record(session, stack, damage.made);
    const names = damage.made.map(({ entry }) => `${entry.type} ${entry.id}`);
    done.push(`recorded ${names.join(", ")}, made before the interruption`);
  }
  if (damage.strays.length > 0) {
    await discard(session, damage.strays);
    const names = damage.strays.map((entry) => `${entry.type} ${entry.id}`);
    done.push(
      `removed ${names.join(", ")} from the cloud, made by the command before this one and never recorded`,
    );
  }
  const pending = [...damage.creations, ...damage.others];
  if (pending.length > 0) {
    await settle(session, stack, state, damage);
    done.push(
      `asked the cloud about ${pending.length} interrupted operation${pending.length > 1 ? "s" : ""}`,
    );
  }
  await session.journal.settle(stack);
  await session.state.keep(stack);
  return done;
}

async function assess(session: Session, stack: string, state: State): Promise<Damage> {
  const creations = state.pending.filter(({ type }) => type === "creating");
  const others = state.pending.filter(({ type }) => type !== "creating");
  const since = await session.journal.unsettledSince(stack);
  if (creations.length === 0 && since === undefined) {
    return { creations, others, made: [], strays: [] };
  }
  const { readCloud } = await import("../cloud/store.ts");
  const recorded = new Set(state.resources.map(({ urn, id }) => `${urn} ${id ?? ""}`));
  const urns = new Set(state.resources.map(({ urn }) => urn));
  const prefix = `urn:pulumi:${stack}::${session.project.name}::`;
  const unrecorded = readCloud(session.paths.cloud).filter(
    ({ urn, id }) => urn.startsWith(prefix) && !recorded.has(`${urn} ${id}`),
  );
  const made = creations.flatMap((operation) => {
    const { urn } = operation.resource;
    // A replacement's predecessor has the same URN: Pulumi makes the successor again.
    const entry = urns.has(urn) ? undefined : unrecorded.find((candidate) => candidate.urn === urn);
    return entry === undefined ? [] : [{ operation, entry }];
  });
  const kept = new Set(made.map(({ entry }) => entry));
  const pendingUrns = new Set(creations.map(({ resource }) => resource.urn));
  const strays = unrecorded.filter(
    (entry) =>
      !kept.has(entry) && (pendingUrns.has(entry.urn) || (since !== undefined && entry.createdAt >= since)),
  );
  return { creations, others, made, strays };
}

/** A lock of Pulumi's whose process has ended: this command has the sandbox, so no other of its commands runs. */
async function unlock(session: Session, stack: string): Promise<string[]> {
  const folder = session.state.locks(stack);
  const files = await filesIn(folder);
  if (files.length === 0) return [];
  for (const file of files) {
    const text = await readFile(join(folder, file), "utf8");
    const pid = /"pid":\s*(\d+)/.exec(text)?.[1];
    if (pid !== undefined && (await isRunning(Number(pid), "pulumi"))) {
      throw new UserError(
        `Stack ${stack} is locked by Pulumi's process ${pid}, which was not started through the sandbox. ` +
          "Wait until it has ended.",
      );
    }
  }
  await expectSuccess(session.pulumi(["cancel", stack, "--yes"], stack, "twin"), `unlock ${stack}`);
  return ["released the lock of a command that was killed"];
}

/**
 * Adds resources to the state as Pulumi was about to. (`pulumi refresh --import-pending-creates` of 3.259 forgets the
 * creation without importing anything.)
 */
async function record(session: Session, stack: string, made: Damage["made"]): Promise<void> {
  const file = join(session.paths.directory, `repair-${stack}.json`);
  const command = (...args: string[]) => session.pulumi(["stack", ...args, "--stack", stack], stack, "twin");
  await expectSuccess(command("export", "--file", file), `export ${stack}`);
  const exported = JSON.parse(await readFile(file, "utf8")) as Exported;
  const { deployment } = exported;
  const now = new Date().toISOString();
  for (const { operation, entry } of made) {
    const { resource } =
      deployment.pending_operations?.find((pending) => pending.resource.urn === operation.resource.urn) ??
      operation;
    const inputs = (resource as { inputs?: object }).inputs;
    deployment.resources.push({ ...resource, id: entry.id, outputs: inputs, created: now, modified: now });
  }
  deployment.pending_operations = deployment.pending_operations?.filter(
    ({ resource }) => !made.some(({ operation }) => operation.resource.urn === resource.urn),
  );
  await writeFile(file, JSON.stringify(exported), { mode: 0o600 });
  await expectSuccess(command("import", "--file", file), `import ${stack}`);
}

interface Exported {
  readonly version: number;
  readonly deployment: {
    readonly resources: object[];
    pending_operations?: PendingOperation[] | undefined;
  };
}

async function discard(session: Session, strays: readonly StoredEntry[]): Promise<void> {
  const { Store } = await import("../cloud/store.ts");
  const store = new Store(session.paths.cloud);
  for (const entry of strays) store.delete(entry);
  await store.commit();
}

/** Reads the resources concerned; a creation that did not come about is forgotten. */
async function settle(session: Session, stack: string, state: State, damage: Damage): Promise<void> {
  const root = state.resources.find(({ type }) => type === "pulumi:pulumi:Stack");
  const urns = [
    ...damage.others.map(({ resource }) => resource.urn),
    ...damage.made.map(({ entry }) => entry.urn),
    ...(root === undefined ? [] : [root.urn]),
  ];
  const targets = [...new Set(urns)].flatMap((urn) => ["--target", urn]);
  const args = [
    "refresh",
    "--yes",
    "--skip-preview",
    "--clear-pending-creates",
    ...targets,
    "--stack",
    stack,
  ];
  await expectSuccess(session.pulumi(args, stack), `refresh ${stack}`);
}

async function expectSuccess(running: ReturnType<Session["pulumi"]>, what: string): Promise<void> {
  const { code, stdout, stderr } = await running;
  if (code === 0) return;
  throw new UserError(`The interrupted command cannot be put right: "${what}" failed.\n${stdout}${stderr}`);
}
