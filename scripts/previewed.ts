import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import type { Snapshot } from "../policies/core/snapshot.ts";
import { forSandbox } from "../sandbox/cli/for-sandbox.ts";
import { InterruptListener } from "../sandbox/cli/signals.ts";
import { UserError } from "../sandbox/cli/user-error.ts";

const checkout = resolve(import.meta.dirname, "..");

/** How a stack is previewed. */
export interface PreviewOptions {
  /** A copy of the project, whose own program, policies and sandbox are used. @default - this checkout */
  project?: string;
  /** Where the sandbox keeps what it makes. @default - where the project's own commands keep it */
  sandbox?: string;
}

/** What the engine shows the pack in a preview of the stack in the sandbox, whether or not the pack lets it pass. */
export function previewed(stack: string, options: PreviewOptions = {}): Promise<Snapshot> {
  return shown(["preview"], stack, options);
}

/** What the engine shows the pack in an update that makes the stack in the sandbox: nothing is unknown. */
export function recordedUpdate(stack: string, options: PreviewOptions = {}): Promise<Snapshot> {
  return shown(["up", "--yes", "--skip-preview"], stack, options);
}

async function shown(
  words: readonly [command: string, ...flags: string[]],
  stack: string,
  { project = checkout, sandbox }: PreviewOptions,
): Promise<Snapshot> {
  const folder = await mkdtemp(join(tmpdir(), "preview-"));
  const interrupts = new InterruptListener();
  try {
    const file = join(folder, "snapshot.json");
    const command = join(project, "sandbox/cli/run-sandbox.ts");
    const child = spawn(process.execPath, [command, ...words, "--non-interactive", "--stack", stack], {
      cwd: project,
      env: {
        ...process.env,
        MACRO_AI_POLICY_SNAPSHOT: file,
        ...(sandbox !== undefined && { MACRO_AI_SANDBOX: sandbox }),
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    interrupts.listen((_presses, signal) => child.kill(signal));
    const [stdout, stderr] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, "close"),
    ]);
    if (interrupts.presses > 0) throw new UserError(`The ${words[0]} of ${stack} was interrupted.`);
    const content = await readFile(file, "utf8").catch(() => undefined);
    if (content === undefined)
      throw new UserError(
        `The ${words[0]} of ${stack} ended before its policies were asked:\n${forSandbox(diagnostics(stdout))}${stderr}`,
      );
    return JSON.parse(content) as Snapshot;
  } finally {
    interrupts.dispose();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Why a preview failed, without what it would have made. */
function diagnostics(output: string): string {
  return /^Diagnostics:\n([\s\S]*?)^Resources:/m.exec(output)?.[1] ?? output;
}
