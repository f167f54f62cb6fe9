import { readFile, writeFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import type { Snapshot } from "../../policies/core/snapshot.ts";
import { secretKeysOf } from "../../sandbox/cli/config-schema.ts";
import { type Paths, sandboxPaths } from "../../sandbox/cli/paths.ts";
import { namespace } from "../../stacks/config/commands.ts";
import { exists } from "../../sandbox/cli/files.ts";
import { committedFile, readProject } from "../../sandbox/cli/project.ts";
import { UserError } from "../../sandbox/cli/user-error.ts";
import { parseYaml } from "../../sandbox/cli/yaml-file.ts";
import { readSnapshot } from "../cost/inputs.ts";
import { makeReportFolder } from "../report-folder.ts";
import { buildReport, errorsIn, isRefused, type Report, type Source } from "./build.ts";
import { asHtml } from "./html.ts";
import { asMarkdown } from "./markdown.ts";
import { type ReportOptions, readReportOptions } from "./options.ts";
import { HIDDEN, type Preview, readPreview } from "./preview.ts";
import { fromSandbox } from "./sandbox.ts";
import { type ConfigPath, encryptedIn } from "./secrets.ts";
import { asText } from "./text.ts";

/**
 * Runs `npm run report`; gives its exit code.
 *
 * @param project The checkout. @default - this one
 */
export async function report(args: readonly string[], project?: string): Promise<number> {
  const options = readReportOptions(args);
  if (!options) return 0;
  const paths = sandboxPaths(project === undefined ? {} : { project });
  await requireStack(paths, options.stack);
  const out = await folderFor(options.out);
  const source =
    options.preview === undefined
      ? await fromSandbox({ ...options, project: paths.project, tell })
      : await fromFiles(options, options.preview, paths);
  const secretConfig = await secretConfigOf(paths, options.stack);
  const made = await buildReport({ ...source, secretConfig, today: new Date() });
  await write(made, out);
  process.stdout.write(asText(made));
  return isRefused(made) ? 1 : 0;
}

async function fromFiles(
  { stack, snapshot }: ReportOptions,
  file: string,
  paths: Paths,
): Promise<Omit<Source, "today">> {
  const secretKeys = (await secretConfigOf(paths, stack)).map(([key]) => key);
  const preview = await readPreview(file, stack, [...new Set(secretKeys)]);
  const source = { stack, preview, against: `the stack ${stack} as it stands` };
  if (snapshot === undefined) return source;
  // The pack writes at the end, which a preview that failed has not come to.
  if (errorsIn(preview.diagnostics).length > 0 && !(await exists(snapshot)))
    return {
      ...source,
      notes: [
        `There is no ${snapshot}: the preview ended before the policy pack had seen the whole stack, unless that is not where the pack was told to record it.`,
      ],
    };
  const recorded = await readSnapshot(snapshot);
  requireSame({ file, config: preview.config }, { snapshot, stack: recorded.occasion.stack });
  return { ...source, snapshot: recorded };
}

/** An older record would have the policies judge, and the secrets be those of, something else. */
function requireSame(
  { file, config }: { file: string; config: Preview["config"] },
  { snapshot, stack }: { snapshot: string; stack: Snapshot["occasion"]["stack"] },
): void {
  const isOther = (key: string): boolean => {
    const [shown, recorded] = [config[key], stack[key]];
    if (shown === HIDDEN || shown === recorded) return false;
    // Of other namespaces the engine may tell the one more than the other.
    return key.startsWith(`${namespace}:`) || (shown !== undefined && recorded !== undefined);
  };
  const others = [...new Set([...Object.keys(config), ...Object.keys(stack)])].filter(isOther);
  if (others.length > 0)
    throw new UserError(
      `${snapshot} is the record of another preview than ${file}: they differ in ${others.join(", ")}. Make both anew, by one preview: ` +
        `MACRO_AI_POLICY_SNAPSHOT=${snapshot} before the command that makes ${file}.`,
    );
}

async function requireStack(paths: Paths, stack: string): Promise<void> {
  const { stacks } = await readProject(paths);
  if (stacks.includes(stack)) return;
  throw new UserError(
    `There is no stack "${stack}": Pulumi.${stack}.yaml does not exist. Stacks with a file: ${stacks.join(", ") || "none"}. ` +
      `Name one of them: npm run report -- --stack ${stacks[0] ?? "<name>"}`,
  );
}

/** What of the configuration nobody may be shown: by the program's schema, and by the stack's own file. */
async function secretConfigOf(paths: Paths, stack: string): Promise<ConfigPath[]> {
  const file = committedFile(paths, stack);
  const { config } = (parseYaml(await readFile(file, "utf8"), file) ?? {}) as { config?: object };
  const keys = await secretKeysOf(paths);
  return [...keys.map((key): ConfigPath => [key]), ...encryptedIn(config ?? {})];
}

/** What the files hold, by name. */
export function filesOf(made: Report): Record<string, string> {
  return {
    "report.md": asMarkdown(made),
    "report.html": asHtml(made),
    "report.json": `${JSON.stringify(made, undefined, 2)}\n`,
    "topology.svg": made.topology.svg,
    "topology.mmd": `${made.topology.mermaid}\n`,
  };
}

/** Made at once: a sandbox takes its time. @throws UserError where no folder can be */
async function folderFor(out: string): Promise<string> {
  const folder = resolve(out);
  await makeReportFolder(folder, out, "--out");
  return folder;
}

async function write(made: Report, folder: string): Promise<void> {
  const files = filesOf(made);
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  tell(`${Object.keys(files).join(", ")} are in ${relative(process.cwd(), folder) || "."}/.`);
}

/** Beside the result, so that the result can be piped. */
function tell(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}
