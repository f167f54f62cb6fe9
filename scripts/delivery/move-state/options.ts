import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { Command } from "commander";
import { UserError } from "../../../sandbox/cli/user-error.ts";
import { parseArguments } from "../../../sandbox/cli/parse-arguments.ts";
import { checkout } from "../lib/cli.ts";

/** What `npm run move-state` was asked to do. */
export interface MoveOptions {
  readonly stack: string;
  readonly from: string;
  readonly to: string;
  readonly secretsProvider?: string;
  /** What opens secrets that a passphrase encrypts, now and from now on. */
  readonly passphrase?: string;
  /** The folder of Pulumi.yaml. */
  readonly project: string;
}

const BACKEND = /^(?:s3|file|gs|azblob):\/\/\S+$/;
/** Pulumi's two ways to be told a passphrase, the first before the second; a file's text is trimmed. */
function passphraseIn({
  PULUMI_CONFIG_PASSPHRASE: given,
  PULUMI_CONFIG_PASSPHRASE_FILE: file,
}: NodeJS.ProcessEnv): string | undefined {
  if (given !== undefined || !file) return given;
  try {
    return readFileSync(file, "utf8").trim();
  } catch (error) {
    throw new UserError(
      `PULUMI_CONFIG_PASSPHRASE_FILE is "${file}", which cannot be read. Nothing was changed. Give a file, or set PULUMI_CONFIG_PASSPHRASE.`,
      { cause: error },
    );
  }
}

const PROVIDER = /^(?:passphrase|(?:awskms|gcpkms|azurekeyvault|hashivault):\/\/\S+)$/;

/**
 * Reads the arguments; undefined when help was asked for and printed.
 *
 * @throws UserError with every problem
 */
export function readMoveOptions(args: readonly string[], env: NodeJS.ProcessEnv): MoveOptions | undefined {
  const command = new Command("npm run move-state --")
    .description(
      "Moves a stack's state to another backend, for example from this machine into the bucket that `npm run bootstrap` made: export, " +
        "import, secrets encrypted anew, and a preview that must show no change. The old state stays where it is. Run again, it " +
        "goes on where it stopped.",
    )
    .option("--stack <name>", "the stack")
    .option("--to <url>", "the new backend, e.g. s3://bucket?region=us-west-2")
    .option("--from <url>", "the old backend (default: PULUMI_BACKEND_URL)")
    .option(
      "--secrets-provider <url>",
      "what encrypts the secrets from now on, e.g. awskms:///arn:...?region=us-west-2",
    )
    .option("--project <folder>", "the folder of Pulumi.yaml", ".");
  const given = parseArguments(command, args) as
    | {
        stack?: string;
        from?: string;
        to?: string;
        secretsProvider?: string;
        project: string;
      }
    | undefined;
  if (given === undefined) return undefined;
  const { stack = "", to = "", from = env["PULUMI_BACKEND_URL"] ?? "", secretsProvider } = given;
  const backends = "s3://..., file://..., gs://... or azblob://...";
  const passphrase = passphraseIn(env);
  const problems = [
    [/^[\w.-]{1,100}$/.test(stack), `--stack is "${stack}"; give the name of a stack: pulumi stack ls`],
    [BACKEND.test(to), `--to is "${to}"; give the new backend: ${backends}`],
    [BACKEND.test(from), `--from is "${from}"; give the old backend, or set PULUMI_BACKEND_URL: ${backends}`],
    [from !== to || from === "", `--from and --to are both "${to}"; give two`],
    [
      secretsProvider === undefined || PROVIDER.test(secretsProvider),
      `--secrets-provider is "${secretsProvider ?? ""}"; give passphrase, awskms://..., gcpkms://..., azurekeyvault://... or hashivault://...`,
    ],
    [
      passphrase !== undefined || !from.startsWith("file:"),
      "PULUMI_CONFIG_PASSPHRASE is not set; a state in a folder is encrypted by a passphrase (the bootstrap's by an empty one: PULUMI_CONFIG_PASSPHRASE= npm run move-state ...)",
    ],
    [
      secretsProvider !== "passphrase" || passphrase !== undefined || from.startsWith("file:"),
      "PULUMI_CONFIG_PASSPHRASE is not set; it is what encrypts the secrets from now on",
    ],
    [
      secretsProvider !== "passphrase" || passphrase === passphrase?.trim(),
      "the passphrase begins or ends with a blank, which Pulumi takes away from a new one; give another",
    ],
  ] as const;
  const broken = problems.flatMap(([holds, text]) => (holds ? [] : [text]));
  if (broken.length > 0)
    throw new UserError(
      `Nothing was changed:\n${broken.map((text) => `  - ${text}`).join("\n")}\nSee: npm run move-state -- --help`,
    );
  return {
    stack,
    from,
    to,
    ...(secretsProvider !== undefined && { secretsProvider }),
    ...(passphrase !== undefined && { passphrase }),
    project: resolve(checkout, given.project),
  };
}
