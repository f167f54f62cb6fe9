import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { difference, type Difference } from "../../policies/cost/difference.ts";
import { sandboxPaths } from "../../sandbox/cli/paths.ts";
import { readProject } from "../../sandbox/cli/project.ts";
import { InterruptListener } from "../../sandbox/cli/signals.ts";
import { UserError } from "../../sandbox/cli/user-error.ts";
import { unreadText, UsageError } from "../../policies/cost/usage.ts";
import { previewed } from "../previewed.ts";
import { price, readSnapshot, readUsage, type Priced, type UsageFile } from "./inputs.ts";
import { readCostOptions, type CostOptions } from "./options.ts";
import { layOut, type Revision } from "./revision.ts";
import { asData, asTables } from "./show.ts";

/** Runs `npm run cost`; gives its exit code. */
export async function cost(args: readonly string[]): Promise<number> {
  const options = readCostOptions(args);
  if (!options) return 0;
  const usage = options.usage === undefined ? undefined : await readUsage(options.usage);
  const interrupts = new InterruptListener();
  const folder = await mkdtemp(join(tmpdir(), "cost-"));
  try {
    const { diff } = options;
    // Before the preview, which takes its time: it may not be there.
    const revision = diff === undefined ? undefined : await layOut(diff, join(folder, "revision"));
    if (interrupts.presses > 0) throw new UserError("Interrupted.");
    const priced = await now(options, usage, folder);
    const change = revision && (await changed(options, revision, priced, usage, folder));
    if (usage) requireRead(usage, priced, change?.before);
    if (interrupts.presses > 0) throw new UserError("Interrupted.");
    const show = options.json ? asData : asTables;
    process.stdout.write(`${show(options.stack, options.currency, priced, change)}\n`);
    return priced.estimate.unpriced.length > 0 ? 1 : 0;
  } finally {
    interrupts.dispose();
    await rm(folder, { recursive: true, force: true });
  }
}

async function now(
  { stack, snapshot }: CostOptions,
  usage: UsageFile | undefined,
  folder: string,
): Promise<Priced> {
  if (snapshot !== undefined) return price(await readSnapshot(snapshot), usage);
  const { stacks } = await readProject(sandboxPaths());
  if (!stacks.includes(stack))
    throw new UserError(
      `There is no stack "${stack}": no Pulumi.${stack}.yaml is here. There are ${stacks.join(", ")}.`,
    );
  tell(`Previewing ${stack} in the sandbox ...`);
  return price(await previewed(stack, { sandbox: join(folder, "now") }), usage);
}

/** What the checkout changes against the revision. */
export interface Change extends Difference {
  revision: string;
  /** The total was before. */
  before: Priced | undefined;
}

/** A quantity that neither side reads was meant for something else. */
function requireRead({ file }: UsageFile, now: Priced, before: Priced | undefined): void {
  const unread = now.unread.filter(({ path }) => !before || before.unread.some((one) => one.path === path));
  if (unread.length > 0) throw new UsageError(file, unread.map(unreadText));
}

async function changed(
  { stack, diff = "" }: CostOptions,
  { project, commit, otherPackages }: Revision,
  priced: Priced,
  usage: UsageFile | undefined,
  folder: string,
): Promise<Change> {
  const revision = diff.startsWith(commit) ? commit : `${diff} (${commit})`;
  const { stacks } = await readProject(sandboxPaths({ project }));
  if (!stacks.includes(stack)) {
    tell(`${revision} has no stack ${stack}: all of it is new.`);
    return { revision, before: undefined, ...difference([], priced.estimate.lines) };
  }
  if (otherPackages)
    tell(`${revision} asks for other packages; it is previewed with those of this checkout.`);
  tell(`Previewing ${stack} of ${revision} ...`);
  const before = price(await previewed(stack, { project, sandbox: join(folder, "then") }), usage);
  return { revision, before, ...difference(before.estimate.lines, priced.estimate.lines) };
}

/** Beside the result, so that the result can be piped. */
function tell(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}
