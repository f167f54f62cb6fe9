import { createHash } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import * as z from "zod";
import { UserError } from "../../../sandbox/cli/user-error.ts";
import { makeFolder } from "../../report-folder.ts";
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
 * Makes the folders, and takes away what an earlier plan left there: after a preview that failed nobody applies that one.
 *
 * @throws UserError with every folder that cannot be written
 */
export async function makeRoom({ plan, evidence }: Places): Promise<void> {
  const places = [
    ["--output", plan, ["plan.json", "manifest.json"]],
    ["--evidence", evidence, ["preview.json", "snapshot.json"]],
  ] as const;
  const problems: string[] = [];
  for (const [option, folder, files] of places) {
    try {
      await makeFolder(resolve(folder), 0o700);
      for (const file of files) await rm(join(folder, file), { force: true });
    } catch (error) {
      const { code = "" } = error as NodeJS.ErrnoException;
      problems.push(`  - ${option} is "${folder}", ${UNUSABLE[code] ?? (error as Error).message}`);
    }
  }
  if (problems.length > 0)
    throw new UserError(`Nothing was previewed:\n${problems.join("\n")}\nGive folders that you may write.`);
}

const UNUSABLE: Readonly<Record<string, string>> = {
  EEXIST: "which is a file",
  ENOTDIR: "which lies below a file",
  EACCES: "which you may not write",
  EPERM: "which you may not write",
  EROFS: "which lies on a disk that is only read",
};

/**
 * Previews and keeps the plan: what was shown is all that a later `deploy --plan` may do. Secrets in it are encrypted as in the
 * state.
 *
 * @param say hears why the preview failed
 * @returns undefined when it failed
 */
export async function makePlan(
  cli: Cli,
  { plan, evidence }: Places,
  say: (text: string) => void,
): Promise<Manifest | undefined> {
  const commit = await headOf(cli.project);
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
    say([stderr.trim(), ...errorsIn(stdout)].filter((text) => text !== "").join("\n"));
    return undefined;
  }
  const made = { stack: cli.stack, commit, sha256: await digestOf(file) };
  await writeFile(join(plan, "manifest.json"), `${JSON.stringify(made, undefined, 2)}\n`);
  return made;
}

const diagnosed = z.looseObject({
  diagnostics: z.array(z.looseObject({ message: z.string(), severity: z.string() })).default([]),
});

/** With --json Pulumi tells errors there and nowhere else. */
function errorsIn(stdout: string): string[] {
  try {
    const { diagnostics } = diagnosed.parse(JSON.parse(stdout));
    return diagnostics.flatMap(({ message, severity }) => (severity === "error" ? [message.trim()] : []));
  } catch {
    return [stdout.trim()];
  }
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
