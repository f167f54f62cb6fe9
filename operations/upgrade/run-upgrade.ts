// npm run upgrade
import { Command, Option } from "commander";
import { enableCompileCache } from "node:module";
import { clientOptions } from "../lib/aws.ts";
import { runCommand } from "../lib/command.ts";
import { environmentOf } from "../lib/environment.ts";
import { intervalOption, readInterval } from "../lib/interval.ts";
import { openJournal } from "../lib/journal.ts";
import { refuse } from "../lib/operation-error.ts";
import { pulumi } from "../lib/pulumi.ts";
import { readStack } from "../lib/stack.ts";
import * as z from "zod";
import { scales } from "../../stacks/scales.ts";

enableCompileCache();

/** Of the stack's configuration. */
const databaseSizes = z.looseObject({
  engineVersion: z.coerce.string().default(scales.database.engineVersion),
});

interface Options {
  stack: string;
  plan: boolean;
  resume: boolean;
  rollback: boolean;
  interval: string;
}

const command = new Command("npm run upgrade --")
  .description(
    "Moves a hobby stack to enterprise scale, with its data from Neon to RDS, in a maintenance window: beside, freeze, dump, scale, " +
      "secrets, load, verify, start. It can be stopped, resumed and taken back at each: docs/runbooks/upgrade.md.",
  )
  .requiredOption("--stack <name>", "the stack, for example production")
  .addOption(
    new Option("--plan", "say what would be done and what stands in its way; change nothing")
      .default(false)
      .conflicts(["resume", "rollback"]),
  )
  .addOption(new Option("--resume", "go on where it stopped").default(false).conflicts(["rollback"]))
  .addOption(new Option("--rollback", "back to the hobby stack and Neon, as before").default(false))
  .addOption(intervalOption())
  .helpOption("--help", "show this")
  .showHelpAfterError("See: npm run upgrade -- --help")
  .parse();

const options = command.opts<Options>();

await runCommand(async (signal) => {
  const known = readStack(options.stack);
  const { intervalMs, problems } = readInterval(options.interval);
  refuse([...("problem" in known ? [known.problem] : []), ...problems]);
  const [{ SecretsManagerClient }, { plan, resume, rollBack, upgrade }] = await Promise.all([
    import("@aws-sdk/client-secrets-manager"),
    import("./upgrade.ts"),
  ]);
  const stack = pulumi(options.stack);
  const { region, databaseSecret } = environmentOf(options.stack, await stack.export());
  const { engineVersion } = databaseSizes.parse(
    JSON.parse((await stack.config())["macro-ai:database"] ?? "{}"),
  );
  const journal = await openJournal("upgrade", options.stack);
  const client = new SecretsManagerClient(clientOptions(region));
  const setting = {
    stack: options.stack,
    region,
    pulumi: stack,
    patience: { signal, intervalMs, say: (text: string): void => console.log(text) },
    folder: journal.folder,
    secrets: {
      client,
      database: databaseSecret,
      cache: databaseSecret.replace("database-credentials", "cache-credentials"),
    },
    journal,
    major: Number.parseInt(engineVersion, 10),
  };
  try {
    if (options.plan) await plan(setting);
    else if (options.resume) await resume(setting);
    else if (options.rollback) await rollBack(setting);
    else await upgrade(setting);
  } finally {
    await journal.release();
    client.destroy();
  }
});
