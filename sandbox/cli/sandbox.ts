import { basename, dirname, resolve } from "node:path";
import { type CommandLine, hasFlag, readCommandLine, valuesOf, withAbsoluteFiles } from "./command-line.ts";
import { refuseLostCloud } from "./losses.ts";
import { type Paths, sandboxPaths } from "./paths.ts";
import { plainSecretText, refusePlainSecrets } from "./plain-secrets.ts";
import { passThrough } from "./pulumi.ts";
import { openSession, policyPack, type Session, type SessionOptions } from "./session.ts";
import { UserError } from "./user-error.ts";

const usage = `Runs any Pulumi command in the offline stand-in cloud: the stock CLI, the project's own program and
policies, no AWS account. Everything it keeps lies in .sandbox/.

  npm run sandbox -- <any pulumi command>

Examples
  npm run sandbox -- preview --stack production          what an update would change
  npm run sandbox -- up --stack staging                  update one stack (npm start updates all)
  npm run sandbox -- stack output --stack staging        its outputs
  npm run sandbox -- stack export --stack production     its state, in Pulumi's own format
  npm run sandbox -- refresh --stack staging             compare the state with the stand-in cloud
  npm run sandbox -- config set macro-ai:scale enterprise --stack staging
                                                         changes the committed Pulumi.staging.yaml;
                                                         a --secret stays in the sandbox

Pulumi's own help: npm run sandbox -- help, or <command> --help.
`;

/** Runs one Pulumi command in the sandbox; gives its exit code. */
export async function sandbox(
  args: readonly string[],
  options: Partial<SessionOptions> = {},
): Promise<number> {
  const [first] = args;
  if (first === undefined || first === "--help" || first === "-h") {
    process.stdout.write(usage);
    return 0;
  }
  const line = readCommandLine(args);
  const touches = line.asksForHelp ? "none" : line.treatment.touches;
  if (touches !== "none") {
    refuseCommittedFile(sandboxPaths(options), line);
    await refusePlainSecrets(sandboxPaths(options), line);
  }
  // Whoever finds the sandbox in use is told: of `config`, which may carry a secret, only what it does.
  const said = line.words[0] === "config" ? line.words.slice(0, 2) : args;
  const command = `npm run sandbox -- ${said.join(" ")}`;
  const session = await openSession({ ...options, command, touches });
  try {
    if (touches === "none") return await run(session, line, []);
    const code = await runOnStack(session, line);
    const { reason } = session.interrupts;
    if (reason === undefined) return code;
    process.stderr.write(`${reason}\n`);
    return 1;
  } finally {
    await session.close();
  }
}

async function runOnStack(session: Session, line: CommandLine): Promise<number> {
  const stack = line.stack ?? (await session.stacks.selected());
  const { makesStack, policies, repairs, touches } = line.treatment;
  if (stack === undefined || makesStack !== true) {
    if (makesStack === true) throw new UserError(noStackText(session));
    if (stack !== undefined) await session.state.read(stack);
    return run(session, line, []);
  }
  await session.stacks.require(stack);
  await session.state.read(stack);
  // A refresh finds out what is left, and so is a way out.
  if (touches === "cloud" && line.words[0] !== "refresh") await refuseLostCloud(session.paths, session.state);
  const before = await session.stacks.ready(stack);
  const { destination } = line;
  if (destination !== undefined) return copyConfig(session, line, destination);
  if (repairs === true) {
    for (const done of await repair(session, stack)) process.stderr.write(`${stack}: ${done}\n`);
    await session.journal.begin(stack);
  }
  const pack =
    policies === true && !hasFlag(line.args, "--policy-pack") ? await policyPack(session.paths) : undefined;
  const code = await run(session, line, pack === undefined ? [] : ["--policy-pack", pack], stack);
  if (repairs === true && code === 0) await session.journal.settle(stack);
  if (touches === "files" || valuesOf(line.args, ["--config", "-c"]).length > 0) {
    return takeOver(session, stack, before, code);
  }
  return code;
}

/** `config copy`: what changes is another stack's file. */
async function copyConfig(session: Session, line: CommandLine, destination: string): Promise<number> {
  await session.stacks.require(destination);
  const before = await session.stacks.ready(destination);
  return takeOver(session, destination, before, await run(session, line, []));
}

/** @returns The exit code: the command's own, unless it wrote a secret in plain text. */
async function takeOver(
  session: Session,
  stack: string,
  before: Record<string, unknown>,
  code: number,
): Promise<number> {
  const { committed, kept, refused } = await session.stacks.carryBack(stack, before);
  if (committed.length > 0) process.stderr.write(`Pulumi.${stack}.yaml changed: ${committed.join(", ")}\n`);
  if (kept.length > 0) {
    const file = committed.length > 0 ? "" : ` Pulumi.${stack}.yaml is unchanged.`;
    process.stderr.write(`Kept in the sandbox, as secrets: ${kept.join(", ")}.${file}\n`);
  }
  for (const key of refused) process.stderr.write(`${plainSecretText(key, stack)}\n`);
  return refused.length > 0 ? 1 : code;
}

async function repair(session: Session, stack: string): Promise<string[]> {
  const { repair: repairStack } = await import("./repair.ts");
  return repairStack(session, stack);
}

function run(session: Session, line: CommandLine, added: readonly string[], stack?: string): Promise<number> {
  const { place } = line.treatment;
  const args = place === "twin" ? withAbsoluteFiles(line.args) : line.args;
  const end = args.indexOf("--");
  const all = end < 0 ? [...args, ...added] : [...args.slice(0, end), ...added, ...args.slice(end)];
  return passThrough(session.invocation(all, stack, place), session.interrupts);
}

/** Pulumi would write the sandbox's own encryption into it, and miss the sandbox's secrets in it. */
function refuseCommittedFile({ project }: Paths, { args }: CommandLine): void {
  for (const file of valuesOf(args, ["--config-file"])) {
    const path = resolve(project, file);
    if (dirname(path) !== project || !/^Pulumi\..+\.yaml$/.test(basename(path))) continue;
    throw new UserError(
      `--config-file ${file} is a committed file, which the sandbox reads and writes by itself: leave out --config-file, and name the stack by --stack. Nothing was changed.`,
    );
  }
}

function noStackText(session: Session): string {
  const stacks = session.project.stacks;
  const [example = "<stack>"] = stacks;
  return (
    `No stack is selected. Add --stack ${stacks.join(" or --stack ")}, ` +
    `or select one: npm run sandbox -- stack select ${example}`
  );
}
