import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { Tables } from "../cloud/cloud.ts";
import { DiskGuard, requireSpace } from "./disk.ts";
import { pulumiEnvironment, prepare } from "./environment.ts";
import { Journal } from "./journal.ts";
import { endLeftovers } from "./leftovers.ts";
import { takeLock } from "./lock.ts";
import { requireFolder } from "./losses.ts";
import { type PathOptions, type Paths, sandboxPaths } from "./paths.ts";
import { type Project, readProject, sandboxFile, writeTwin } from "./project.ts";
import { capture, type Invocation, type Outcome } from "./pulumi.ts";
import { prune } from "./prune.ts";
import { InterruptListener } from "./signals.ts";
import { Stacks } from "./stacks.ts";
import { StateFiles } from "./state.ts";
import { startStandIns, type StandIns } from "./stand-ins.ts";

export interface SessionOptions extends PathOptions {
  /** What the sandbox says it is busy with, e.g. `npm start`. */
  command: string;
  /** `cloud`: providers are served and the sandbox is locked; `files`: it is locked; `none`: neither. @default "cloud" */
  touches?: "cloud" | "files" | "none";
  /** Faults of the stand-in cloud, in their command-line form. @default - none */
  faults?: readonly string[];
  /** The AWS region the stand-in cloud is in, unless the stack says otherwise. @default "us-east-1" */
  region?: string;
  /** What the stand-in cloud knows. @default - all that sandbox/cloud has */
  tables?: Tables;
}

/** A sandbox in use: Pulumi's CLI with the stand-in cloud attached. */
export interface Session {
  readonly paths: Paths;
  readonly project: Project;
  readonly state: StateFiles;
  readonly stacks: Stacks;
  readonly interrupts: InterruptListener;
  /** The pulumi version, and where it comes from. */
  readonly engine: { readonly version: string; readonly source: string };
  readonly journal: Journal;
  /** How to call Pulumi on a stack; `place` as in `Treatment`. */
  invocation(args: readonly string[], stack?: string, place?: "project" | "twin"): Invocation;
  /** Runs Pulumi without a terminal. */
  pulumi(args: readonly string[], stack?: string, place?: "project" | "twin"): Promise<Outcome>;
  /** Tells the session of a process group that a kill must not leave behind. */
  watch(group: number): Promise<void>;
  close(): Promise<void>;
}

/** Opens a sandbox. Close it in any case: the lock and the stand-in cloud end with it. */
export async function openSession(options: SessionOptions): Promise<Session> {
  const paths = sandboxPaths(options);
  const touches = options.touches ?? "cloud";
  const project = await readProject(paths);
  await requireFolder(paths);
  const lock = touches === "none" ? undefined : await takeLock(paths, options.command);
  const interrupts = new InterruptListener();
  let standIns: StandIns | undefined;
  let guard: DiskGuard | undefined;
  const close = async () => {
    await standIns?.stop();
    await guard?.stop();
    if (standIns !== undefined) await prune(paths);
    await lock?.release();
    interrupts.dispose();
  };
  try {
    if (lock?.interrupted) await endLeftovers(lock.interrupted);
    if (touches !== "none") await requireSpace(paths.directory);
    const groups = new Set<number>();
    const serving =
      touches === "cloud" ? startStandIns(paths, options, groups).then((it) => (standIns = it)) : undefined;
    const guarding =
      touches === "cloud"
        ? DiskGuard.start(paths.directory, interrupts).then((it) => (guard = it))
        : undefined;
    const [engine] = await settled(locate(), serving, guarding, prepare(paths), writeTwin(paths, project));
    const environment = pulumiEnvironment(paths, engine.environment, standIns?.environment ?? {});
    const invocation: Session["invocation"] = (args, stack, place = "project") => ({
      pulumi: engine.pulumi,
      args,
      cwd: place === "twin" ? paths.twin : paths.project,
      env: {
        ...environment,
        ...(stack === undefined || place === "twin"
          ? {}
          : { PULUMI_STACK: stack, PULUMI_OPTION_CONFIG_FILE: sandboxFile(paths, stack) }),
      },
    });
    const pulumi: Session["pulumi"] = (...command) => capture(invocation(...command));
    const state = new StateFiles(paths, project.name);
    return {
      paths,
      project,
      state,
      stacks: new Stacks({ paths, project, state, capture: (args, place) => pulumi(args, undefined, place) }),
      interrupts,
      engine,
      journal: new Journal(paths),
      invocation,
      pulumi,
      watch: async (group) => {
        groups.add(group);
        await lock?.note(group);
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The policy pack that gates this project, if it has one. */
export async function policyPack(paths: Paths): Promise<string | undefined> {
  const folder = join(paths.project, "policies");
  const found = await stat(join(folder, "PulumiPolicy.yaml")).catch(() => undefined);
  return found === undefined ? undefined : folder;
}

async function locate() {
  const [{ locateEngine }, { progressTo }] = await Promise.all([
    import("../engine/locate.ts"),
    import("../engine/progress.ts"),
  ]);
  return locateEngine({ onProgress: progressTo(process.stderr) });
}

/** Promise.all that waits for every part before it fails, so that what has started can be stopped. */
async function settled<T extends readonly unknown[]>(
  ...parts: T
): Promise<{ -readonly [P in keyof T]: Awaited<T[P]> }> {
  await Promise.allSettled(parts);
  return Promise.all(parts);
}
