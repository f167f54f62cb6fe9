import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import * as z from "zod";
import { UserError } from "../../../sandbox/cli/user-error.ts";
import { type Cli, gated } from "./cli.ts";
import { headOf } from "./git.ts";

const manifest = z.object({
  stack: z.string(),
  /** Of the project, when the plan was made. */
  commit: z.string(),
  /** Of plan.json, in hexadecimal digits. */
  sha256: z.string(),
});

export type Manifest = z.infer<typeof manifest>;

/** Pulumi hides plans behind it; they are what lets an approval mean something. */
export const PLANS = { PULUMI_EXPERIMENTAL: "true" };

/** Where a plan goes. */
export interface Places {
  /** Takes the plan and its manifest: nothing in it is readable that the state does not show. */
  readonly plan: string;
  /** Takes what `npm run report` reads. The pack's snapshot holds secrets in plain: it stays on this machine. */
  readonly evidence: string;
}

/**
 * Previews and keeps the plan: what was shown is all that a later `deploy --plan` may do. Secrets in it are encrypted as in the
 * state.
 *
 * @returns undefined when the preview failed; the report of the evidence says why, if the preview came so far
 */
export async function makePlan(cli: Cli, { plan, evidence }: Places): Promise<Manifest | undefined> {
  for (const folder of [plan, evidence]) await mkdir(folder, { recursive: true, mode: 0o700 });
  const planning = await cli.elsewhere({
    env: { ...PLANS, MACRO_AI_POLICY_SNAPSHOT: join(resolve(evidence), "snapshot.json") },
  });
  const file = join(resolve(plan), "plan.json");
  const words = ["preview", "--stack", cli.stack, "--json", "--show-sames", "--save-plan", file];
  const { code, stdout, stderr } = await planning.read([
    ...words,
    ...gated(cli.project),
    "--non-interactive",
  ]);
  await writeFile(join(evidence, "preview.json"), stdout, { mode: 0o600 });
  if (code !== 0) {
    process.stderr.write(stderr);
    return undefined;
  }
  const made = { stack: cli.stack, commit: await headOf(cli.project), sha256: await digestOf(file) };
  await writeFile(join(plan, "manifest.json"), `${JSON.stringify(made, undefined, 2)}\n`);
  return made;
}

/**
 * The plan in a folder, if it is the one that was reviewed.
 *
 * @param digest as the review had it; another way than the plan itself came
 * @throws UserError with everything that is wrong with it
 */
export async function reviewedPlan(folder: string, cli: Cli, digest: string | undefined): Promise<string> {
  const file = join(resolve(folder), "plan.json");
  const again = `Make a new one: npm run plan -- --stack ${cli.stack}`;
  const text = await readFile(join(folder, "manifest.json"), "utf8").catch(() => undefined);
  const found = manifest.safeParse(text === undefined ? undefined : JSON.parse(text));
  if (!found.success) throw new UserError(`There is no plan in ${folder}. ${again}`);
  const { stack, commit, sha256 } = found.data;
  const [head, actual] = [await headOf(cli.project), await digestOf(file)];
  const problems = [
    ...(stack === cli.stack ? [] : [`it is for the stack ${stack}, not for ${cli.stack}`]),
    ...(commit === head ? [] : [`it was made of commit ${commit}, and this is ${head}`]),
    ...(actual === sha256 && (digest === undefined || digest === sha256)
      ? []
      : [`plan.json has the digest ${actual}, and the reviewed one ${digest ?? sha256}`]),
  ];
  if (problems.length > 0)
    throw new UserError(
      `The plan in ${folder} is not the reviewed one: ${problems.join("; ")}. Nothing was changed. ${again}`,
    );
  return file;
}

async function digestOf(file: string): Promise<string> {
  return createHash("sha256")
    .update(await readFile(file))
    .digest("hex");
}
