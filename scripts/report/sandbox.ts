import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Snapshot } from "../../policies/core/snapshot.ts";
import { Tally } from "../../sandbox/cli/events.ts";
import { forSandbox } from "../../sandbox/cli/for-sandbox.ts";
import { sandboxPaths } from "../../sandbox/cli/paths.ts";
import { readProject } from "../../sandbox/cli/project.ts";
import { type Invocation, stream } from "../../sandbox/cli/pulumi.ts";
import { openSession, policyPack, type Session } from "../../sandbox/cli/session.ts";
import { UserError } from "../../sandbox/cli/user-error.ts";
import { layOut, type Revision } from "../cost/revision.ts";
import { errorsIn, type Source } from "./build.ts";
import { parsePreview } from "./preview.ts";

const COMMAND = "npm run report";

/** What is compared in the sandbox. */
export interface Comparison {
  readonly stack: string;
  readonly base: string;
  /** The checkout. */
  readonly project: string;
  /** Told how it goes. */
  readonly tell: (sentence: string) => void;
}

/**
 * Deploys a revision's program into a sandbox of its own, which goes again, and previews the checkout's over it.
 *
 * @throws UserError where there is no such revision, or it cannot be deployed, or the checkout's program ends without a preview
 */
export async function fromSandbox(comparison: Comparison): Promise<Omit<Source, "today">> {
  const { stack, project, tell } = comparison;
  const folder = await mkdtemp(join(tmpdir(), "report-"));
  try {
    const revision = await laidOut(comparison, join(folder, "base"));
    const directory = join(folder, "sandbox");
    const against = `${revision.name} (${revision.commit}), deployed in the sandbox`;
    const notes = [
      "In the sandbox, AWS is stood in for: what it computes is invented, and secrets are placeholders.",
      ...(revision.otherPackages
        ? [`${revision.name} asks for other packages; it ran with this checkout's.`]
        : []),
    ];
    const { stacks } = await readProject(sandboxPaths({ project: revision.project }));
    if (stacks.includes(stack)) {
      tell(`Deploying ${stack} of ${revision.name} (${revision.commit}) into a sandbox of its own ...`);
      await inSession({ project: revision.project, directory }, (session) =>
        deploy(session, stack, revision.name, tell),
      );
    } else notes.push(`${revision.name} has no stack ${stack}: all of it is new.`);
    tell(`Previewing ${stack} of this checkout over it ...`);
    const snapshotFile = join(folder, "snapshot.json");
    const printed = await inSession({ project, directory }, (session) =>
      preview(session, stack, snapshotFile),
    );
    const snapshot = await readFile(snapshotFile, "utf8").then(
      (text) => JSON.parse(text) as Snapshot,
      () => undefined,
    );
    if (snapshot === undefined)
      notes.push("The preview ended before the policy pack had seen the whole stack.");
    const shown = parsePreview(printed, "the sandbox's preview", stack);
    const diagnostics = shown.diagnostics.map((one) => ({ ...one, message: forSandbox(one.message) }));
    return {
      stack,
      preview: { ...shown, diagnostics },
      against,
      notes,
      ...(snapshot && { snapshot }),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** On a runner, a branch is often there as its remote's only. */
async function laidOut({ base, project }: Comparison, folder: string): Promise<Revision & { name: string }> {
  try {
    return { name: base, ...(await layOut(base, folder, project)) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const remote = `origin/${base}`;
    return layOut(remote, folder, project).then(
      (revision) => ({ name: remote, ...revision }),
      () => {
        throw new UserError(error.message.replaceAll("--diff", "--base"));
      },
    );
  }
}

async function inSession<Result>(
  place: { project: string; directory: string },
  work: (session: Session) => Promise<Result>,
): Promise<Result> {
  const session = await openSession({ ...place, command: COMMAND });
  try {
    const result = await work(session);
    if (session.interrupts.reason !== undefined) throw new UserError(session.interrupts.reason);
    if (session.interrupts.presses > 0)
      throw new UserError(`${COMMAND} was interrupted; its sandbox is removed, and no report was written.`);
    return result;
  } finally {
    await session.close();
  }
}

async function deploy(
  session: Session,
  stack: string,
  name: string,
  tell: (sentence: string) => void,
): Promise<void> {
  await session.stacks.ready(stack);
  const tally = new Tally();
  const ticking = setInterval(() => {
    tell(`  ${tally.finished} resources`);
  }, 5_000);
  const args = ["up", "--yes", "--skip-preview", "--json", "--non-interactive", "--stack", stack];
  try {
    const { code, stderr } = await run(session, session.invocation(args, stack), (line) => {
      tally.read(line);
    });
    if (code === 0 || session.interrupts.presses > 0) return;
    const causes = errorsIn(tally.errors).map(forSandbox);
    throw new UserError(
      `${name} cannot be deployed in the sandbox, so there is nothing to compare with:\n${[...causes, stderr.trim()].filter((text) => text !== "").join("\n")}\n` +
        "Name a revision that can be: --base <revision>",
    );
  } finally {
    clearInterval(ticking);
  }
}

async function preview(session: Session, stack: string, snapshot: string): Promise<string> {
  await session.stacks.ready(stack);
  const pack = await policyPack(session.paths);
  const gate = pack === undefined ? [] : ["--policy-pack", pack];
  const args = ["preview", "--json", "--show-sames", "--non-interactive", "--stack", stack, ...gate];
  const invocation = session.invocation(args, stack);
  const env = { ...invocation.env, MACRO_AI_POLICY_SNAPSHOT: snapshot };
  const lines: string[] = [];
  const { stderr } = await run(session, { ...invocation, env }, (line) => lines.push(line));
  const printed = lines.join("\n");
  if (session.interrupts.presses === 0 && !printed.trimStart().startsWith("{"))
    throw new UserError(
      `The preview of ${stack} ended without a result: ${stderr.trim() || printed.trim()} Try: npm run sandbox -- preview --stack ${stack}`,
    );
  return printed;
}

async function run(
  session: Session,
  invocation: Invocation,
  onLine: (line: string) => void,
): Promise<{ code: number; stderr: string }> {
  const running = stream(invocation, session.interrupts, onLine);
  await session.watch(running.group);
  return running.ended;
}
