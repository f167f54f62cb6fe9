// npm run migrate
import { Command, Option } from "commander";
import { enableCompileCache } from "node:module";
import { resolve } from "node:path";
import { runCommand } from "../lib/command.ts";
import { environmentOf } from "../lib/environment.ts";
import { intervalOption, readInterval } from "../lib/interval.ts";
import { openJournal } from "../lib/journal.ts";
import { refuse } from "../lib/operation-error.ts";
import { pulumi } from "../lib/pulumi.ts";
import { readStack } from "../lib/stack.ts";

enableCompileCache();

interface Options {
  stack: string;
  image?: string;
  migrations?: string;
  allowLoss: string[];
  plan: boolean;
  dryRun: boolean;
  resume: boolean;
  rollback: boolean;
  keepSchema: boolean;
  interval: string;
}

const command = new Command("npm run migrate --")
  .description(
    "Migrates a stack's database in six steps - snapshot, apply, verify, configure, restart, validate - and can be stopped and " +
      "resumed at each: docs/runbooks/migrations.md.",
  )
  .requiredOption("--stack <name>", "the stack, for example production")
  .option(
    "--image <tag>",
    "the API's image to go over to; at enterprise the migrations are its own (default: the one that is configured)",
  )
  .option(
    "--migrations <folder>",
    "the application's folder of migrations, only at hobby; an enterprise stack's are in the image",
  )
  .option(
    "--allow-loss <table...>",
    "tables that are meant to lose rows or go, for example public.sessions",
    [],
  )
  .addOption(
    new Option("--plan", "say what would be done; ask no more than the stack")
      .default(false)
      .conflicts(["dryRun", "resume", "rollback"]),
  )
  .addOption(
    new Option("--dry-run", "look at the database's history and show the SQL of what is pending")
      .default(false)
      .conflicts(["resume", "rollback"]),
  )
  .addOption(
    new Option("--resume", "go on with the run that was stopped")
      .default(false)
      .conflicts(["image", "rollback"]),
  )
  .addOption(
    new Option("--rollback", "take the run that was stopped back").default(false).conflicts(["image"]),
  )
  .addOption(new Option("--keep-schema", "with --rollback: leave the schema as it is").default(false))
  .addOption(intervalOption())
  .helpOption("--help", "show this")
  .showHelpAfterError("See: npm run migrate -- --help")
  .parse();

const options = command.opts<Options>();

await runCommand(async (signal) => {
  const known = readStack(options.stack);
  const { intervalMs, problems } = readInterval(options.interval);
  refuse([
    ...("problem" in known ? [known.problem] : []),
    ...(options.image === undefined || /^(?:sha256:[0-9a-f]{64}|[\w][\w.-]{0,127})$/.test(options.image)
      ? []
      : [
          `--image is "${options.image}"; give a tag, for example 1.4.0, or sha256: and 64 hexadecimal digits`,
        ]),
    ...problems,
    ...(options.keepSchema && !options.rollback ? ["--keep-schema goes with --rollback only"] : []),
    ...options.allowLoss
      .filter((table) => !/^[^.\s]+\.[^.\s]+$/.test(table))
      .map((table) => `--allow-loss is "${table}"; give schema.table, for example public.sessions`),
  ]);
  const [{ platformOf }, { dryRun, migrate, plan, resume, rollBack }] = await Promise.all([
    import("./platform.ts"),
    import("./migrate.ts"),
  ]);
  const stack = pulumi(options.stack);
  const environment = environmentOf(options.stack, await stack.export());
  const { scale } = environment.platform;
  refuse([
    ...(scale === "enterprise" && options.migrations !== undefined
      ? [
          `--migrations is for a hobby stack; ${options.stack} is an enterprise stack, whose migrations are in the image`,
        ]
      : []),
    ...(scale === "hobby" && options.migrations === undefined
      ? [`--migrations is missing: ${options.stack} is a hobby stack, whose database is migrated from here`]
      : []),
  ]);
  const journal = await openJournal("migrate", options.stack);
  const say = (text: string): void => console.log(text);
  const patience = { signal, intervalMs, say };
  const platform = platformOf({
    environment,
    pulumi: stack,
    patience,
    folder: journal.folder,
    migrations: resolve(options.migrations ?? "migrations"),
  });
  const setting = { environment, platform, pulumi: stack, journal, patience };
  const wish = { image: options.image, allowLoss: options.allowLoss };
  try {
    if (options.plan) await plan(setting, wish);
    else if (options.dryRun) await dryRun(setting, wish);
    else if (options.resume) await resume(setting, wish);
    else if (options.rollback) await rollBack(setting, options);
    else await migrate(setting, wish);
  } finally {
    await journal.release();
  }
});
