import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { defaultProvider } from "@aws-sdk/credential-provider-node";
import { readIfThere } from "../../../sandbox/cli/files.ts";
import { UserError } from "../../../sandbox/cli/user-error.ts";
import { parseYaml } from "../../../sandbox/cli/yaml-file.ts";
import { checkout, type Cli, gated, openCli } from "../lib/cli.ts";
import { nextSteps } from "./next-steps.ts";
import { type BootstrapOptions, refuseProblems } from "./options.ts";

/** The bootstrap's one stack: the account it was run in. */
export const STACK = "account";
const project = join(checkout, "bootstrap");
const NAMESPACE = "macro-ai-bootstrap";

/**
 * Runs the bootstrap's program with the policy pack; gives the exit code.
 *
 * @param backend where its own state lies: at first a folder, because the bucket is what it makes
 */
export async function bootstrap(options: BootstrapOptions, backend: string): Promise<number> {
  const remembered = options.place === "aws" ? await rememberedConfig() : {};
  const repository = options.repository ?? remembered["repository"];
  const region = options.region ?? remembered["region"];
  refuseProblems({ repository, region });
  if (options.place === "aws") await requireCredentials();
  const cli = await opened(options, backend);
  try {
    if (options.place === "aws")
      await remember(cli, { repository, region, existingProvider: options.existingProvider });
    const overrides: Record<string, string | undefined> =
      options.place === "aws"
        ? {}
        : {
            [`${NAMESPACE}:repository`]: repository,
            "aws:region": region,
            [`${NAMESPACE}:existingProvider`]: options.existingProvider ? "true" : undefined,
          };
    const config = Object.entries(overrides).flatMap(([key, value]) =>
      value === undefined ? [] : ["--config", `${key}=${value}`],
    );
    const pack = [...gated(checkout), "--policy-pack-config", join(project, "policies.json")];
    const consent = options.yes ? ["--yes"] : [];
    const code = await cli.show(
      options.preview
        ? ["preview", "--stack", STACK, ...pack, ...config]
        : ["up", "--stack", STACK, ...consent, ...pack, ...config],
    );
    if (code === 0 && !options.preview) process.stdout.write(await nextSteps(cli, repository ?? "", backend));
    return code;
  } finally {
    await cli.close();
  }
}

async function opened(options: BootstrapOptions, backend: string): Promise<Cli> {
  const command = "npm run bootstrap";
  if (options.place === "sandbox") {
    const directory = join(process.env["MACRO_AI_SANDBOX"] ?? join(checkout, ".sandbox"), "bootstrap");
    return openCli({ place: "sandbox", stack: STACK, command, project, directory });
  }
  if (backend.startsWith("file:")) await mkdir(fileURLToPath(backend), { recursive: true, mode: 0o700 });
  const cli = await openCli({
    place: "aws",
    stack: STACK,
    command,
    project,
    // It has no secret; once its state lies in the bucket, the bucket's key takes over.
    env: {
      PULUMI_BACKEND_URL: backend,
      PULUMI_CONFIG_PASSPHRASE: process.env["PULUMI_CONFIG_PASSPHRASE"] ?? "",
    },
  });
  const { code, stderr } = await cli.read(["stack", "select", STACK, "--create", "--non-interactive"]);
  if (code === 0) return cli;
  await cli.close();
  throw new UserError(`The state at ${backend} cannot be opened: ${stderr.trim()}`);
}

/** What an earlier bootstrap was told: bootstrap/Pulumi.account.yaml, which is committed. */
async function rememberedConfig(): Promise<Record<string, string | undefined>> {
  const file = join(project, `Pulumi.${STACK}.yaml`);
  const text = await readIfThere(file);
  if (text === undefined) return {};
  const { config } = (parseYaml(text, file) ?? {}) as { config?: Record<string, string> | null };
  return { repository: config?.[`${NAMESPACE}:repository`], region: config?.["aws:region"] };
}

async function remember(
  cli: Cli,
  values: { repository: string | undefined; region: string | undefined; existingProvider: boolean },
): Promise<void> {
  const pairs: [string, string | undefined][] = [
    [`${NAMESPACE}:repository`, values.repository],
    ["aws:region", values.region],
    [`${NAMESPACE}:existingProvider`, values.existingProvider ? "true" : undefined],
  ];
  const args = pairs.flatMap(([key, value]) =>
    value === undefined ? [] : ["--plaintext", `${key}=${value}`],
  );
  const { code, stderr } = await cli.read(["config", "set-all", ...args, "--non-interactive"]);
  if (code !== 0) throw new UserError(`bootstrap/Pulumi.${STACK}.yaml cannot be written: ${stderr.trim()}`);
}

async function requireCredentials(): Promise<void> {
  try {
    await defaultProvider()();
  } catch (error) {
    throw new UserError(
      "There are no AWS credentials. Log in as an administrator of the account, for example by `aws sso login` and AWS_PROFILE, " +
        `and run the command again; or try it without an account: npm run bootstrap -- --sandbox --repository <owner>/<name>`,
      { cause: error },
    );
  }
}
