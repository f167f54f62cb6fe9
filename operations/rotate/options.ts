import { Command } from "commander";
import { refusal } from "../lib/operation-error.ts";
import { readStack, type Stack } from "../lib/stack.ts";

/** What to do: one of four things. */
export type Action = "rotate" | "dry-run" | "status" | "set";

/** What the command line asks for, checked as far as that goes without AWS. */
export interface Options {
  readonly action: Action;
  readonly stack: Stack;
  /** The last part of the name: `api-keys`. Empty for `status`. */
  readonly secret: string;
  /** Of `set`. */
  readonly field: string;
  readonly dryRun: boolean;
  readonly json: boolean;
  /** Milliseconds for which a rotation is followed. */
  readonly timeLimit: number;
}

interface Raw {
  stack?: string;
  secret?: string;
  set?: string;
  status?: boolean;
  dryRun?: boolean;
  json?: boolean;
  timeLimit: string;
}

/** @throws OperationError with everything that is wrong */
export function readOptions(args: readonly string[], folder?: string): Options {
  const command = new Command("npm run rotate --")
    .description(
      "Starts the rotation of a secret and follows it to its end, or tells how the stack's secrets stand. It speaks to AWS with " +
        "the SDK's own variables: AWS_PROFILE, AWS_ENDPOINT_URL and so on. No value is ever shown.",
    )
    .option("--stack <name>", "whose secret: the name in Pulumi.<name>.yaml")
    .option("--secret <name>", "which: the last part of its name, for example api-keys")
    .option("--dry-run", "say what would happen, and change nothing")
    .option("--status", "tell of every secret of the stack: age, due date, last result, schedule, function")
    .option("--json", "with --status: as JSON")
    .option(
      "--set <field>",
      "for what no function rotates: write the field's new value, which is read from standard input, and note the day",
    )
    .option("--time-limit <minutes>", "how long a rotation is followed; it goes on beyond", "15")
    .helpOption("--help", "show this")
    .showHelpAfterError("See: npm run rotate -- --help")
    .allowExcessArguments(true);
  const raw = command.parse(args, { from: "user" }).opts<Raw>();
  const problems: string[] = [...excess(command.args), ...conflicts(raw)];
  const outcome =
    raw.stack === undefined
      ? { problem: "--stack is missing: say whose secret, for example --stack production." }
      : readStack(raw.stack, folder);
  if ("problem" in outcome) problems.unshift(outcome.problem);
  const minutes = Number(raw.timeLimit);
  if (!(minutes > 0 && minutes <= 1440))
    problems.push(
      `--time-limit ${JSON.stringify(raw.timeLimit)}: allowed are minutes, more than 0 and at most 1440, for example --time-limit 15.`,
    );
  if (problems.length > 0 || "problem" in outcome) throw refusal(problems);
  return {
    action: actionOf(raw),
    stack: outcome.stack,
    secret: shortName(raw.secret ?? "", outcome.stack),
    field: raw.set ?? "",
    dryRun: raw.dryRun === true,
    json: raw.json === true,
    timeLimit: minutes * 60_000,
  };
}

function actionOf(raw: Raw): Action {
  if (raw.status === true) return "status";
  if (raw.set !== undefined) return "set";
  return raw.dryRun === true ? "dry-run" : "rotate";
}

function excess(words: readonly string[]): string[] {
  return words.map(
    (word) => `${JSON.stringify(word)} belongs to no option. Leave it out; --help shows the options.`,
  );
}

function conflicts(raw: Raw): string[] {
  const problems: string[] = [];
  if (raw.status === true) {
    for (const [option, value] of [
      ["--secret", raw.secret],
      ["--set", raw.set],
      ["--dry-run", raw.dryRun],
    ] as const)
      if (value !== undefined)
        problems.push(
          `${option} does not go with --status, which tells of every secret and changes nothing. Leave one out.`,
        );
    return problems;
  }
  if (raw.json === true) problems.push("--json goes with --status only. Add --status, or leave it out.");
  if (raw.secret === undefined)
    problems.push("--secret is missing: say which, for example --secret api-keys. --status shows all.");
  else if (!/^[\w/+=.@-]+$/.test(raw.secret))
    problems.push(
      `--secret ${JSON.stringify(raw.secret)}: a name has letters, digits and the characters /_+=.@- only. --status shows all.`,
    );
  if (raw.set !== undefined && !/^\w+$/.test(raw.set))
    problems.push(
      `--set ${JSON.stringify(raw.set)}: a field has letters, digits and _ only, for example --set OPENAI_API_KEY.`,
    );
  return problems;
}

/** Also the full name is understood. */
function shortName(secret: string, { secretPath }: Stack): string {
  return secret.startsWith(`${secretPath}/`) ? secret.slice(secretPath.length + 1) : secret;
}
