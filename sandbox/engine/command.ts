import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

export interface CommandOptions {
  cwd?: string;
  /** @default process.env */
  env?: NodeJS.ProcessEnv;
  /** The command's whole process group is killed when it takes longer. */
  timeLimitMs: number;
  /** … and when it says nothing for longer than this. @default - no limit */
  silenceLimitMs?: number;
  /** Kills the command's process group. */
  signal?: AbortSignal | undefined;
  /** Each line of its standard output, as it comes. */
  onLine?: (line: string) => void;
  /** Each line of its standard error, as it comes. */
  onErrorLine?: (line: string) => void;
}

export interface CommandResult {
  stdout: string;
  /** The last lines of its standard error. */
  stderr: string;
}

const KEPT_ERROR_LINES = 20;

/**
 * Runs a command to its end in a process group of its own, so that nothing it started outlives it.
 *
 * @throws Error that names the command and says why: not found, exit code, signal, time limit, aborted.
 */
export function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<CommandResult> {
  const name = [command, ...args].join(" ");
  options.signal?.throwIfAborted();
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });

  let reason: string | undefined;
  const kill = (why: string): void => {
    reason ??= why;
    if (child.pid === undefined) return;
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch {
      // The group has ended by itself.
    }
  };
  const limit = setTimeout(
    () => kill(`took longer than ${seconds(options.timeLimitMs)}`),
    options.timeLimitMs,
  );
  const { silenceLimitMs } = options;
  const silence =
    silenceLimitMs === undefined
      ? undefined
      : setTimeout(() => kill(`said nothing for ${seconds(silenceLimitMs)}`), silenceLimitMs);
  const abort = (): void => kill("was interrupted");
  options.signal?.addEventListener("abort", abort);

  const chunks: Buffer[] = [];
  const errorLines: string[] = [];
  if (options.onLine) createInterface({ input: child.stdout }).on("line", options.onLine);
  child.stdout.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    silence?.refresh();
  });
  createInterface({ input: child.stderr }).on("line", (line) => {
    silence?.refresh();
    errorLines.push(line);
    if (errorLines.length > KEPT_ERROR_LINES) errorLines.shift();
    options.onErrorLine?.(line);
  });

  return new Promise<CommandResult>((resolve, reject) => {
    child.once("error", (error: NodeJS.ErrnoException) => {
      reject(
        new Error(error.code === "ENOENT" ? `${command} is not installed` : `${name}: ${error.message}`),
      );
    });
    child.once("close", (code, signal) => {
      const stderr = errorLines.join("\n");
      if (code === 0 && reason === undefined) resolve({ stdout: Buffer.concat(chunks).toString(), stderr });
      else {
        const why = reason ?? (signal ? `was ended by ${signal}` : `failed with exit code ${code ?? "none"}`);
        reject(new Error(`"${name}" ${why}${reason === undefined && stderr ? `:\n${stderr}` : ""}`));
      }
    });
  }).finally(() => {
    clearTimeout(limit);
    clearTimeout(silence);
    options.signal?.removeEventListener("abort", abort);
  });
}

function seconds(milliseconds: number): string {
  return `${Number((milliseconds / 1000).toFixed(1))} s`;
}
