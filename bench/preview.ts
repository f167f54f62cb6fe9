import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Benchmark, Case } from "./benchmark.ts";
import { writeConstants } from "./constants.ts";
import { type Command, measure } from "./measure.ts";
import { checkout, constantsProject, emptyProject, places } from "./places.ts";

const pack = join(checkout, "policies");

interface Preview {
  readonly project: string;
  readonly sandbox: string;
  readonly stack: string;
}

const previews = {
  empty: { project: emptyProject, sandbox: places.empty, stack: "empty" },
  constants: { project: constantsProject, sandbox: places.constants, stack: "constants" },
  fresh: { project: checkout, sandbox: places.fresh, stack: "production" },
  deployed: { project: checkout, sandbox: places.deployed, stack: "production" },
} as const satisfies Record<string, Preview>;

/**
 * Previews of production beside those of a program that makes nothing: the same engine, the same kind of cloud. Between
 * them stands a program that registers the same resources as constants: what no program with these resources can save.
 */
export async function preview(
  environment: Readonly<Record<string, string>>,
  onStep: (step: string) => void,
): Promise<Benchmark> {
  await bringUp(environment, onStep);
  const words = (of: Preview, ...args: string[]): Command["words"] => [
    "node",
    join(import.meta.dirname, "pulumi.ts"),
    of.project,
    of.sandbox,
    of.stack,
    ...args,
  ];
  const exported = await measure({
    words: words(previews.deployed, "stack", "export"),
    cwd: checkout,
    environment,
  });
  await writeConstants(exported.stdout);
  const plain = (name: string, of: Preview): Case => ({
    name,
    command: { words: words(of, "preview"), cwd: checkout, environment },
  });
  const gated = (name: string, of: Preview): Case => ({
    name: `${name}, with policies`,
    command: { words: words(of, "preview", "--policy-pack", pack), cwd: checkout, environment },
  });
  const [empty, constants, fresh, deployed] = [
    "empty program",
    "production's resources as constants",
    "production, new",
    "production, no changes",
  ];
  return {
    title:
      "Preview: every process of the command, with the same engine, cloud and settings for the empty program",
    cases: [
      plain(empty, previews.empty),
      plain(constants, previews.constants),
      plain(fresh, previews.fresh),
      plain(deployed, previews.deployed),
      gated(empty, previews.empty),
      gated(fresh, previews.fresh),
      gated(deployed, previews.deployed),
    ],
    comparisons: [
      ...["", ", with policies"].flatMap((suffix) =>
        [fresh, deployed].map((name) => ({ of: name + suffix, over: empty + suffix, target: 2.5 })),
      ),
      { of: constants, over: empty },
      { of: fresh, over: constants },
    ],
    explained: [`${empty}, with policies`, `${fresh}, with policies`],
    stop: () => undefined,
  };
}

/** `npm start` when there is nothing to change. */
export async function warmStart(
  environment: Readonly<Record<string, string>>,
  onStep: (step: string) => void,
): Promise<Benchmark> {
  const command = await bringUp(environment, onStep);
  const name = "npm start, no changes";
  return {
    title: "npm start, warm",
    cases: [{ name, command }],
    comparisons: [],
    explained: [name],
    stop: () => undefined,
  };
}

/** Deploys both stacks anew: an earlier run's may be of a program whose resources this one may not replace. */
async function bringUp(
  environment: Readonly<Record<string, string>>,
  onStep: (step: string) => void,
): Promise<Command> {
  onStep("bringing both stacks up");
  await rm(places.deployed, { recursive: true, force: true });
  const command: Command = {
    words: ["npm", "start"],
    cwd: checkout,
    environment: { ...environment, MACRO_AI_SANDBOX: places.deployed },
  };
  await measure(command);
  return command;
}
