import { rm } from "node:fs/promises";
import { join } from "node:path";
import { sandboxPaths } from "../cli/paths.ts";
import { start } from "../cli/start.ts";
import { UserError } from "../cli/user-error.ts";
import { editCloud } from "../cloud/edit-cloud.ts";
import { readCloud, readKept, type StoredEntry } from "../cloud/store.ts";
import { type Check, checks, parsed, SECRET, SECRET_VERSION } from "./checks.ts";
import { loseRegion } from "./loss.ts";
import { committed, type Config, configure, drillProject } from "./project.ts";

const tag = "1.0.0";

/**
 * The drill of docs/runbooks/disaster-recovery.md in a stand-in cloud of its own: production comes up, a secret is rotated,
 * production's region is lost, dr is made of the copies, looked at, and taken down.
 *
 * @param changes Of production's committed configuration, to see the drill fail. @default - none
 * @returns The exit code.
 */
export async function drill(changes: Config = {}): Promise<number> {
  const project = await drillProject();
  const code = await run(project, changes).catch((error: unknown) => {
    if (!(error instanceof UserError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  });
  if (code === 0) await rm(project, { recursive: true, force: true });
  else process.stdout.write(`\nThe drill failed. What it made lies in ${project}\n`);
  return code;
}

async function run(project: string, changes: Config): Promise<number> {
  const cloudFile = sandboxPaths({ project, directory: join(project, ".sandbox") }).cloud;
  const production: Config = {
    ...(await committed("Pulumi.production.yaml")),
    "macro-ai:apiImage": tag,
    ...changes,
  };
  const dr: Config = { ...(await committed("docs/runbooks/Pulumi.dr.yaml")), "macro-ai:apiImage": tag };
  const from = text(production, "aws:region");
  const to = text(dr, "aws:region");
  const bring = async (action: "up" | "destroy", stack: string) => {
    const options = { action, stacks: [stack], faults: [] };
    if ((await start(options, { project, directory: join(project, ".sandbox") })) === 0) return;
    throw new UserError(`${stack} did not ${action === "up" ? "come up" : "go down"}.`);
  };

  say(`production comes up in ${from}`);
  await configure(project, "production", production);
  await bring("up", "production");

  say("somebody rotates a secret");
  await rotate(cloudFile, "external-services", "OPENAI_API_KEY", "sk-rotated-in-the-drill-0000");

  const secrets = secretsOf(readCloud(cloudFile), "/macro-ai/production/");
  say(`${from} is lost, with ${await loseRegion(cloudFile, from)} resources`);

  say("production's distribution lets go of the client's name");
  await withoutAliases(cloudFile);

  const backups = copiedBackups(cloudFile, to);
  say(`dr comes up in ${to}, its database from ${backups}`);
  await configure(project, "dr", {
    ...dr,
    "macro-ai:domain": text(production, "macro-ai:domain"),
    "macro-ai:restore": { ...(dr["macro-ai:restore"] as object), databaseBackups: backups },
    // Only for a drill: so that it can go again in one step.
    "macro-ai:deletionProtection": "false",
  });
  await bring("up", "dr");
  await bring("up", "dr");

  say("what came up");
  const registry = `123456789012.dkr.ecr.${to}.amazonaws.com`;
  const found = checks(readCloud(cloudFile), {
    ...{ backups, secrets, region: to, domain: text(production, "macro-ai:domain") },
    image: `${registry}/macro-ai/express-api:${tag}`,
  });
  for (const check of found) process.stdout.write(`${line(check)}\n`);

  say("dr goes down");
  await bring("destroy", "dr");
  const last = {
    what: "the copies are still there",
    holds: copiedBackups(cloudFile, to) === backups,
    seen: backups,
  };
  process.stdout.write(`${line(last)}\n`);
  const failed = [...found, last].filter(({ holds }) => !holds).length;
  process.stdout.write(
    failed === 0
      ? "\nThe drill went well: production can be made again from its copies.\n"
      : `\n${failed} of ${found.length + 1} checks failed.\n`,
  );
  return failed === 0 ? 0 : 1;
}

function say(step: string): void {
  process.stdout.write(`\n=== ${step}\n`);
}

function line({ what, holds, seen }: Check): string {
  return `${holds ? "✔" : "✘"} ${what}: ${seen}`;
}

function text(config: Config, key: string): string {
  const value = config[key];
  if (typeof value !== "string") throw new UserError(`The drill needs ${key} in the stack's committed file.`);
  return value;
}

/** What `aws rds describe-db-instance-automated-backups` tells in an emergency. */
function copiedBackups(cloudFile: string, region: string): string {
  const prefix = `automated backup|${region}|`;
  const [key] = Object.keys(readKept(cloudFile)).filter((one) => one.startsWith(`${prefix}arn:`));
  if (key === undefined)
    throw new UserError(
      `There are no copies of a database's backups in ${region}: set macro-ai:replicaRegion ${region} for production before it is lost.`,
    );
  return key.slice(prefix.length);
}

/** As `aws cloudfront update-distribution` does: a name can belong to one distribution only. */
function withoutAliases(cloudFile: string): Promise<void> {
  return editCloud(cloudFile, (resources) => {
    for (const [at, entry] of Object.entries(resources))
      if (entry.type === "aws:cloudfront/distribution:Distribution")
        resources[at] = {
          ...entry,
          inputs: { ...entry.inputs, aliases: [] },
          state: { ...entry.state, aliases: [] },
        };
  });
}

/** Changes one value in Secrets Manager, past Pulumi. */
function rotate(cloudFile: string, name: string, key: string, value: string): Promise<void> {
  return editCloud(cloudFile, (resources) => {
    const entries = Object.entries(resources);
    const secret = entries.find(
      ([, { type, state }]) => type === SECRET && state["name"] === `/macro-ai/production/${name}`,
    )?.[1];
    for (const [at, entry] of entries) {
      if (entry.type !== SECRET_VERSION || entry.state["secretId"] !== secret?.id) continue;
      const values = JSON.parse(String(entry.state["secretString"])) as Record<string, string>;
      const secretString = JSON.stringify({ ...values, [key]: value });
      resources[at] = { ...entry, state: { ...entry.state, secretString } };
    }
  });
}

function secretsOf(cloud: readonly StoredEntry[], path: string): Map<string, Record<string, string>> {
  const named = cloud.filter(({ type, state }) => type === SECRET && String(state["name"]).startsWith(path));
  return new Map(
    named.flatMap(({ id, state }) => {
      const version = cloud.find(
        ({ type, state: held }) => type === SECRET_VERSION && held["secretId"] === id,
      );
      const values = parsed(version?.state["secretString"], {}) as Record<string, string>;
      return [[String(state["name"]).slice(path.length), values]];
    }),
  );
}
