/** `npm run health -- --stack <name>`: whether a stack's API is well. */
import { Command } from "commander";
import { runCommand } from "../../operations/lib/command.ts";
import { healthy } from "../../operations/lib/health.ts";
import { OperationError } from "../../operations/lib/operation-error.ts";
import { errorText } from "../../sandbox/cli/user-error.ts";
import { openCli } from "./lib/cli.ts";
import { parseArguments } from "../../sandbox/cli/parse-arguments.ts";
import { demand, isStackName } from "./lib/options.ts";

const name = "npm run health --";

await runCommand(async (signal) => {
  const given = read();
  if (given === undefined) return;
  const minutes = Number(given.minutes);
  const url = given.apiUrl ?? (await apiUrlOf(given.stack ?? ""));
  const say = (text: string): void => void process.stderr.write(`${text}\n`);
  const said = await healthy(
    url.replace(/\/$/, ""),
    { signal, intervalMs: Math.min(5000, minutes * 6000), say },
    minutes * 60_000,
  );
  process.stdout.write(`${said}\n`);
});

interface Given {
  stack?: string;
  apiUrl?: string;
  minutes: string;
}

function read(): Given | undefined {
  try {
    const given = parseArguments(
      new Command(name)
        .description(
          "Asks /api/health until it answers well several times in a row; fails when it does not become well.",
        )
        .option("--stack <name>", "the stack whose output apiUrl says where")
        .option("--api-url <url>", "where the API answers")
        .option("--minutes <number>", "how long it has to become well", "5"),
      process.argv.slice(2),
    ) as Given | undefined;
    if (given === undefined) return undefined;
    demand(name, [
      [isStackName(given.stack) || given.apiUrl !== undefined, "give --stack or --api-url"],
      [
        given.apiUrl === undefined || URL.canParse(given.apiUrl),
        `--api-url is "${given.apiUrl ?? ""}"; give a URL`,
      ],
      [
        Number(given.minutes) > 0 && Number(given.minutes) <= 60,
        `--minutes is "${given.minutes}"; give more than 0 and at most 60`,
      ],
    ]);
    return given;
  } catch (error) {
    process.stderr.write(`${errorText(error)}\n`);
    process.exitCode = 1;
    return undefined;
  }
}

async function apiUrlOf(stack: string): Promise<string> {
  const cli = await openCli({ place: "aws", stack, command: name });
  try {
    const { code, stdout, stderr } = await cli.read([
      "stack",
      "output",
      "apiUrl",
      "--stack",
      stack,
      "--non-interactive",
    ]);
    if (code !== 0)
      throw new OperationError(`The stack ${stack} does not say where its API is: ${stderr.trim()}`);
    return stdout.trim();
  } finally {
    await cli.close();
  }
}
