#!/usr/bin/env node
// Before a container starts, and in CI: whether the configuration of this process is complete.
import { parseArgs } from "node:util";
import { checkVariables, loadConfig } from "./load-config.ts";
import { kinds } from "./secret-kinds.ts";

const help = `Usage: validate-env [options]

Checks the configuration that this process would get: its variables, and the secrets of the environment that APP_ENV
names. Ends with 0 where all is well, and with 1 and every problem, by variable, where not. Shows no value.

Options:
  --env-file <file>   a developer's variables, where APP_ENV is development or test (default: .env)
  --without-secrets   read no secret: check the variables alone, for CI without AWS
  --help              show this

In a container's image: CMD ["sh", "-c", "validate-env && exec node server.js"]`;

/** @returns the exit code */
async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      "env-file": { type: "string" },
      "without-secrets": { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(help);
    return 0;
  }
  const envFile = values["env-file"];
  const options = envFile === undefined ? {} : { envFile };
  if (values["without-secrets"]) {
    const appEnv = await checkVariables(options);
    console.log(`${appEnv}: the variables are complete; no secret was read.`);
  } else {
    const { appEnv } = await loadConfig(options);
    console.log(`${appEnv}: the configuration is complete, with what ${kinds.join(", ")} hold.`);
  }
  return 0;
}

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  const { code, message } = error as { code?: unknown; message?: string };
  const isUsage = typeof code === "string" && code.startsWith("ERR_PARSE_ARGS");
  console.error(`${message ?? "It failed."}${isUsage ? "\nvalidate-env --help lists the options." : ""}`);
  return 1;
});
