import { join, resolve } from "node:path";
import { capture, type Invocation, type Outcome, passThrough } from "../../../sandbox/cli/pulumi.ts";
import { openSession } from "../../../sandbox/cli/session.ts";
import { InterruptListener } from "../../../sandbox/cli/signals.ts";
import { locateEngine } from "../../../sandbox/engine/locate.ts";
import { progressTo } from "../../../sandbox/engine/progress.ts";

export const checkout = resolve(import.meta.dirname, "../../..");

/** Pulumi's CLI on one stack of one project, in AWS or in the stand-in for it. */
export interface Cli {
  readonly stack: string;
  readonly project: string;
  /** Runs it with this process's terminal; gives the exit code. */
  show(args: readonly string[]): Promise<number>;
  /** Runs it and gives what it printed. */
  read(args: readonly string[]): Promise<Outcome>;
  /** The same CLI on another copy of the project, for example an older commit's. */
  at(project: string): Cli;
  close(): Promise<void>;
}

export interface CliOptions {
  /** `sandbox`: the stand-in for AWS, as `npm start` has it. */
  place: "aws" | "sandbox";
  stack: string;
  /** What a sandbox in use says it is busy with, e.g. `npm run deploy`. */
  command: string;
  /** The folder of Pulumi.yaml. @default - this checkout */
  project?: string;
  /** Where the sandbox keeps what it makes. @default - as `npm start` */
  directory?: string;
  /** Beyond the caller's own environment. @default - nothing */
  env?: Readonly<Record<string, string>>;
}

/** Opens Pulumi's CLI. Close it in any case: a sandbox ends with it. */
export function openCli(options: CliOptions): Promise<Cli> {
  return options.place === "sandbox" ? inSandbox(options) : inAws(options);
}

async function inSandbox(options: CliOptions): Promise<Cli> {
  const { stack, command } = options;
  const project = options.project ?? checkout;
  const session = await openSession({
    project,
    command,
    ...(options.directory !== undefined && { directory: options.directory }),
  });
  try {
    await session.stacks.ready(stack);
  } catch (error) {
    await session.close();
    throw error;
  }
  const cli = (cwd: string): Cli =>
    cliOf(
      options.stack,
      cwd,
      session.interrupts,
      (args) => {
        const base = session.invocation(args, stack);
        return { ...base, cwd, env: { ...base.env, ...options.env } };
      },
      () => session.close(),
    );
  return cli(project);
}

async function inAws(options: CliOptions): Promise<Cli> {
  const engine = await locateEngine({ onProgress: progressTo(process.stderr) });
  const interrupts = new InterruptListener();
  const env = {
    ...(process.env as Record<string, string>),
    ...engine.environment,
    PULUMI_STACK: options.stack,
    ...options.env,
  };
  const cli = (cwd: string): Cli =>
    cliOf(
      options.stack,
      cwd,
      interrupts,
      (args) => ({ pulumi: engine.pulumi, args, cwd, env }),
      () => {
        interrupts.dispose();
        return Promise.resolve();
      },
    );
  return cli(options.project ?? checkout);
}

function cliOf(
  stack: string,
  project: string,
  interrupts: InterruptListener,
  invocation: (args: readonly string[]) => Invocation,
  close: () => Promise<void>,
): Cli {
  return {
    stack,
    project,
    show: (args) => passThrough(invocation(args), interrupts),
    read: (args) => capture(invocation(args)),
    at: (other) => cliOf(stack, other, interrupts, (args) => ({ ...invocation(args), cwd: other }), close),
    close,
  };
}

/** What makes Pulumi run this project's policy pack. */
export function gated(project: string): string[] {
  return ["--policy-pack", join(project, "policies")];
}
