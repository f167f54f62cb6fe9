/**
 * Fails every single creation of both committed stacks once, one after the other, and checks after each failure that
 * nothing was orphaned, and at the end that the stacks are whole. Takes about a preview's time for each resource.
 *
 *   npm run test:faults
 *   npm run test:faults -- --stack staging --kind error-after
 */
import { parseArgs } from "node:util";
import { type Ended, nameOf, outcome, printed, Project, type Resource } from "../engine/harness.ts";

const kinds = ["error", "error-after", "timeout", "die"] as const;
type Kind = (typeof kinds)[number];

const { values } = parseArgs({
  options: {
    stack: { type: "string", multiple: true, default: ["staging", "production"] },
    kind: { type: "string", default: "error" },
  },
});
const kind = kinds.find((known) => known === values.kind);
if (kind === undefined) throw new Error(`--kind ${values.kind}: allowed are ${kinds.join(", ")}.`);

const problems: string[] = [];
for (const stack of values.stack) problems.push(...(await sweep(stack, kind)));
for (const problem of problems) process.stderr.write(`${problem}\n`);
process.exitCode = problems.length > 0 ? 1 : 0;

/** @returns What went wrong, a sentence each. */
async function sweep(stack: string, kind: Kind): Promise<string[]> {
  const project = await Project.ofCheckout();
  const startedAt = Date.now();
  const say = (text: string) => {
    const seconds = Math.round((Date.now() - startedAt) / 1000);
    process.stdout.write(`${stack}: ${text} (${seconds} s)\n`);
  };
  try {
    const found: string[] = [];
    const failed = new Set<string>();
    for (let run = 1; ; run += 1) {
      // The first creation of a run is the one that failed in the run before; the second is the next to fail.
      const ended = await update(project, stack, `create:*#${run === 1 ? 1 : 2}=${kind}`);
      if (ended.code === 0) break;
      const struck = kind === "die" ? [await lastMade(project, stack)] : struckResources(ended);
      if (struck.length !== 1)
        return [...found, `${stack}, run ${run}: not the injected fault\n${printed(ended)}`];
      for (const name of struck) failed.add(name);
      say(`run ${run}: ${struck.join()} failed, ${failed.size} so far`);
      if (kind === "error" || kind === "timeout") found.push(...(await orphans(project, stack, run)));
    }
    const last = await project.start("--stack", stack);
    if (!outcome(last, stack).startsWith("nothing changed"))
      found.push(`${stack} is not settled\n${printed(last)}`);
    found.push(...(await orphans(project, stack, "the last")));
    const all = (await project.state(stack)).resources.filter(isMade).map(label);
    const spared = all.filter((name) => !failed.has(name));
    say(`${failed.size} of ${all.length} creations failed once and were made good; ${found.length} problems`);
    if (spared.length > 0)
      say(`never failed, because others were made at the same time: ${spared.join(", ")}`);
    return found;
  } finally {
    await project.remove();
  }
}

/** One creation at a time, so that the order is the same in each run. */
function update(project: Project, stack: string, fault: string): Promise<Ended> {
  const flags = ["--yes", "--skip-preview", "--parallel", "1", "--non-interactive", "--stack", stack];
  return project.sandboxWithFaults([fault], "up", ...flags);
}

async function orphans(project: Project, stack: string, run: number | string): Promise<string[]> {
  const differences = await project.differences(stack);
  return differences.map((difference) => `${stack}, after run ${run}: ${difference}`);
}

/** Type and name of each resource that the engine reports an injected fault of. */
function struckResources({ stdout }: Ended): string[] {
  const found = stdout.matchAll(/^ {2}(\S+) \((\S+)\):\n(?: {4}.*\n)*? {4}error: .*\(injected fault\)/gm);
  return [...new Set([...found].map(([, type = "", name = ""]) => `${type} ${name}`))];
}

async function lastMade(project: Project, stack: string): Promise<string> {
  const recorded = new Set((await project.state(stack)).resources.map(({ urn }) => urn));
  const last = project.cloud().find(({ urn }) => !recorded.has(urn));
  return last === undefined ? "nothing" : label({ ...last, custom: true });
}

function isMade({ custom, type }: Resource): boolean {
  return custom && !type.startsWith("pulumi:");
}

/** As Pulumi shows it: the module's file is left out of the type. */
function label(resource: Pick<Resource, "type" | "urn" | "custom">): string {
  return `${resource.type.replace(/\/\w+:/, ":").replace(":index:", ":")} ${nameOf(resource)}`;
}
