import { copyFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { capture, type Invocation, type Outcome, passThrough } from "../../../sandbox/cli/pulumi.ts";
import { sandboxFile } from "../../../sandbox/cli/project.ts";
import { openSession } from "../../../sandbox/cli/session.ts";
import { InterruptListener } from "../../../sandbox/cli/signals.ts";
import { UserError } from "../../../sandbox/cli/user-error.ts";
import { writeSandboxFile } from "../../../sandbox/cli/stack-config.ts";
import { locateEngine } from "../../../sandbox/engine/locate.ts";
import { progressTo } from "../../../sandbox/engine/progress.ts";

export const checkout = resolve(import.meta.dirname, "../../..");

/** Pulumi's CLI on one stack of one project, in AWS or in the stand-in for it. */
export interface Cli {
  readonly stack: string;
  readonly project: string;
  /** Runs it with this process's terminal; gives the exit code. */
  show(args: readonly string[]): Promise<number>;
  /** Runs it and gives what it printed. @param input what it reads from its standard input; nothing by default */
  read(args: readonly string[], input?: string): Promise<Outcome>;
  /** The same CLI with another copy of the project, for example an older commit's, or another backend. */
  elsewhere(place: Elsewhere): Promise<Cli>;
  close(): Promise<void>;
}

/** What differs from the CLI it came from. */
export interface Elsewhere {
  readonly project?: string;
  readonly env?: Readonly<Record<string, string>>;
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
  const { stack, command, env, directory } = options;
  const project = options.project ?? checkout;
  const session = await openSession({ project, command, ...(directory !== undefined && { directory }) });
  try {
    await session.stacks.ready(stack);
  } catch (error) {
    await session.close();
    throw error;
  }
  return cliOf({
    stack,
    invocation: (args) => ({ ...session.invocation(args, stack), cwd: project }),
    interrupts: session.interrupts,
    close: () => session.close(),
    ownConfig: async (other) => {
      const sandbox = sandboxFile(session.paths, `${stack}.elsewhere`);
      // With it come the sandbox's own secrets.
      await copyFile(sandboxFile(session.paths, stack), sandbox);
      await writeSandboxFile({ committed: join(other, `Pulumi.${stack}.yaml`), sandbox });
      return { PULUMI_OPTION_CONFIG_FILE: sandbox };
    },
  }).elsewhere(env ? { env } : {});
}

/** What Pulumi says of itself is about its own service, which is one backend of many. */
function requireBackend(outcome: Outcome, stack: string): Outcome {
  if (outcome.code !== 0 && outcome.stderr.includes("PULUMI_ACCESS_TOKEN must be set"))
    throw new UserError(
      `Nothing says where the state of ${stack} lies. Set it: export PULUMI_BACKEND_URL='s3://<bucket>?region=us-west-2', as ` +
        "`npm run bootstrap` printed it (docs/delivery.md, Day 1).",
    );
  return outcome;
}

async function inAws({ stack, project, env }: CliOptions): Promise<Cli> {
  const engine = await locateEngine({ onProgress: progressTo(process.stderr) });
  const interrupts = new InterruptListener();
  const given = { ...(process.env as Record<string, string>), ...engine.environment, PULUMI_STACK: stack };
  return cliOf({
    stack,
    invocation: (args) => ({ pulumi: engine.pulumi, args, cwd: checkout, env: given }),
    interrupts,
    close: () => {
      interrupts.dispose();
      return Promise.resolve();
    },
    ownConfig: () => Promise.resolve({}),
    checked: (outcome) => requireBackend(outcome, stack),
  }).elsewhere({ ...(project !== undefined && { project }), ...(env && { env }) });
}

interface Base {
  readonly stack: string;
  readonly invocation: (args: readonly string[]) => Invocation;
  readonly interrupts: InterruptListener;
  readonly close: () => Promise<void>;
  /** What makes Pulumi take the configuration of another copy of the project. */
  readonly ownConfig: (project: string) => Promise<Readonly<Record<string, string>>>;
  /** Looks at how a command ended. @throws UserError @default - it is as it is */
  readonly checked?: (outcome: Outcome) => Outcome;
}

function cliOf(base: Base): Cli {
  const { stack, invocation, interrupts, close, checked = (outcome: Outcome): Outcome => outcome } = base;
  return {
    stack,
    project: invocation([]).cwd,
    show: (args) => passThrough(invocation(args), interrupts),
    read: async (args, input) =>
      checked(await capture({ ...invocation(args), ...(input !== undefined && { input }) })),
    elsewhere: async ({ project, env }) => {
      const config = project === undefined ? {} : await base.ownConfig(project);
      return cliOf({
        ...base,
        invocation: (args) => {
          const usual = invocation(args);
          return { ...usual, cwd: project ?? usual.cwd, env: { ...usual.env, ...config, ...env } };
        },
      });
    },
    close,
  };
}

/** What makes Pulumi run this project's policy pack. */
export function gated(project: string): string[] {
  return ["--policy-pack", join(project, "policies")];
}
