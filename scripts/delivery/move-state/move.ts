import { copyFile, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { UserError } from "../../../sandbox/cli/user-error.ts";
import type { Cli } from "../lib/cli.ts";

/** What is moved, and where to. */
export interface Move {
  readonly stack: string;
  /** Pulumi's CLI on the backend that the stack lies in. */
  readonly source: Cli;
  /** The same on the backend that it goes to. */
  readonly target: Cli;
  /** Told to people. */
  readonly from: string;
  readonly to: string;
  /** What encrypts the secrets from now on, e.g. `awskms://...`. @default - what encrypts them already */
  readonly secretsProvider?: string;
  /** What opens secrets that a passphrase encrypts, now and from now on. @default - none */
  readonly passphrase?: string;
  readonly say: (line: string) => void;
}

const exported = z.looseObject({
  deployment: z.looseObject({
    resources: z.array(z.looseObject({ urn: z.string(), id: z.string().optional() })).default([]),
    pending_operations: z.array(z.looseObject({ type: z.string() })).default([]),
    secrets_providers: z
      .looseObject({ type: z.string(), state: z.looseObject({ url: z.string().optional() }).optional() })
      .optional(),
  }),
});

type Deployment = z.infer<typeof exported>["deployment"];

/**
 * Moves a stack's state: export, import, change of what encrypts it, and a preview in the new place that must show no change.
 * Secrets stay encrypted all the way. The old state is only read. Each step first looks whether it is done, so that the
 * same command goes on where an interrupted one stopped.
 */
export async function moveState(move: Move): Promise<void> {
  const { stack, source, target, say } = move;
  const old = await deploymentIn(source, move.from);
  if (old === undefined)
    throw new UserError(`There is no stack "${stack}" in ${move.from}. See: pulumi stack ls --all`);
  refuseUnfinished(old.deployment, stack);
  say(`${stack}: ${count(old.deployment)} in ${move.from}`);
  const present = await deploymentIn(target, move.to);
  await keepConfig(target.project, stack, say);
  if (present === undefined)
    await succeed(
      target,
      ["stack", "init", stack, "--no-select", ...providerOf(old.deployment)],
      "The new stack cannot be made",
    );
  if (present === undefined || present.deployment.resources.length === 0) {
    await importInto(target, old.text);
    say(`${stack}: imported into ${move.to}`);
  } else {
    refuseAnother(old.deployment, present.deployment, move);
    say(`${stack}: is in ${move.to} already`);
  }
  await changeProvider(move);
  await verify(move, old.deployment);
}

async function deploymentIn(
  cli: Cli,
  backend: string,
): Promise<{ text: string; deployment: Deployment } | undefined> {
  const { code, stdout, stderr } = await cli.read([
    "stack",
    "export",
    "--stack",
    cli.stack,
    "--non-interactive",
  ]);
  if (code !== 0) {
    if (/no stack named/.test(stderr)) return undefined;
    const next = backend.startsWith("file:") ? "Is there such a folder? Pulumi makes none." : "";
    throw new UserError(`The states in ${backend} cannot be read: ${stderr.trim()}. ${next}`.trim());
  }
  return { text: stdout, deployment: exported.parse(JSON.parse(stdout)).deployment };
}

/** The present one: with another, `stack init` takes the key of the configuration's secrets out of the stack's file. */
function providerOf({ secrets_providers: now }: Deployment): string[] {
  return now === undefined ? [] : ["--secrets-provider", now.state?.url ?? now.type];
}

function refuseUnfinished({ pending_operations: pending }: Deployment, stack: string): void {
  if (pending.length === 0) return;
  throw new UserError(
    `An update of ${stack} was interrupted: ${pending.length} operation(s) are pending. Nothing was moved. ` +
      `First: pulumi refresh --stack ${stack}`,
  );
}

function refuseAnother(old: Deployment, present: Deployment, { stack, to }: Move): void {
  const difference = differences(old, present);
  if (difference.length === 0) return;
  throw new UserError(
    `${to} has another state of ${stack}, with ${count(present)}; they differ in ${difference.slice(0, 3).join(", ")}` +
      `${difference.length > 3 ? ` and ${difference.length - 3} more` : ""}. Nothing was changed. If the one in ${to} is the one that is ` +
      `in use, the move is long done; if it is left over, remove it: PULUMI_BACKEND_URL='${to}' pulumi stack rm ${stack} --force --preserve-config`,
  );
}

function differences(one: Deployment, other: Deployment): string[] {
  const names = ({ resources }: Deployment) => new Set(resources.map(({ urn, id }) => `${urn} ${id ?? ""}`));
  const [ours, theirs] = [names(one), names(other)];
  const only = [...ours].filter((name) => !theirs.has(name));
  const foreign = [...theirs].filter((name) => !ours.has(name));
  return [...only, ...foreign].map((name) => name.split("::").slice(2).join("::"));
}

/** The stack's file is rewritten when its secrets are encrypted anew; the old state needs the old one. */
async function keepConfig(project: string, stack: string, say: Move["say"]): Promise<void> {
  const file = join(project, `Pulumi.${stack}.yaml`);
  const copy = `${file}.before-move`;
  const exists = async (path: string) => (await stat(path).catch(() => undefined)) !== undefined;
  if (!(await exists(file)) || (await exists(copy))) return;
  await copyFile(file, copy);
  say(`${stack}: Pulumi.${stack}.yaml is kept as Pulumi.${stack}.yaml.before-move`);
}

async function importInto(target: Cli, text: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "macro-ai-move-"));
  try {
    const file = join(folder, "state.json");
    await writeFile(file, text, { mode: 0o600 });
    await succeed(target, ["stack", "import", "--file", file], "The state cannot be imported");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function changeProvider({ stack, target, to, secretsProvider, passphrase, say }: Move): Promise<void> {
  if (secretsProvider === undefined) return;
  const now = (await deploymentIn(target, to))?.deployment.secrets_providers;
  const byPassphrase = secretsProvider === "passphrase";
  // The same passphrase: what opens the old state opens the new one.
  if (byPassphrase ? now?.type === "passphrase" : now?.state?.url === secretsProvider) return;
  await succeed(
    target,
    ["stack", "change-secrets-provider", secretsProvider],
    "The secrets cannot be encrypted anew (they are still as before)",
    // Where Pulumi takes this for a change of the passphrase, it reads the new one from its input, not from its environment.
    byPassphrase ? `${passphrase ?? ""}\n` : undefined,
  );
  say(`${stack}: secrets are encrypted by ${secretsProvider.replace(/\?.*/, "")}`);
}

async function verify({ stack, target, from, to, say }: Move, old: Deployment): Promise<void> {
  const moved = await deploymentIn(target, to);
  const missing = moved === undefined ? ["everything"] : differences(old, moved.deployment);
  if (missing.length > 0)
    throw new UserError(`${to} lacks ${missing.join(", ")}. ${stack} still lies in ${from}.`);
  say(`${stack}: a preview in ${to} must show no change`);
  const { code, stdout, stderr } = await target.read([
    "preview",
    "--stack",
    stack,
    "--expect-no-changes",
    "--non-interactive",
    "--suppress-progress",
  ]);
  if (code === 0) return;
  throw new UserError(
    `The preview in ${to} shows changes or fails:\n${(stdout + stderr).trim()}\n` +
      `If a preview in ${from} shows the same, deploy there first; ${stack} still lies there, unchanged. Then run the command again ` +
      `after: pulumi stack rm ${stack} --force --preserve-config, with PULUMI_BACKEND_URL='${to}'`,
  );
}

async function succeed(cli: Cli, args: readonly string[], what: string, input?: string): Promise<void> {
  const place = args.includes("init") ? [] : ["--stack", cli.stack];
  const { code, stderr, stdout } = await cli.read([...args, ...place, "--non-interactive"], input);
  if (code !== 0)
    throw new UserError(`${what}: ${(stderr || stdout).trim()}. Mend this, then run the same command again.`);
}

function count({ resources }: Deployment): string {
  return `${resources.length} resource${resources.length === 1 ? "" : "s"}`;
}
