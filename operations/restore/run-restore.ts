// npm run restore
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
import { parsePoint } from "./point.ts";

enableCompileCache();

interface Options {
  stack: string;
  to?: string;
  plan: boolean;
  resume: boolean;
  rollback: boolean;
  drill: boolean;
  interval: string;
}

const command = new Command("npm run restore --")
  .description(
    "Restores an enterprise stack's database beside the live one - check, make, verify, switch, restart, validate - and leaves the old " +
      "one as it is: docs/runbooks/restore.md.",
  )
  .requiredOption("--stack <name>", "the stack, for example production")
  .option(
    "--to <time|snapshot>",
    "a time in UTC, for example 2026-11-23T08:00:00Z, latest, or a snapshot's name",
  )
  .addOption(
    new Option("--plan", "say what would be done; change nothing")
      .default(false)
      .conflicts(["resume", "rollback"]),
  )
  .addOption(new Option("--resume", "go on where it stopped").default(false).conflicts(["to", "rollback"]))
  .addOption(new Option("--rollback", "back to the old instance").default(false).conflicts(["to"]))
  .addOption(
    new Option("--drill", "do it in a throw-away stack, tell how long it took, and take it away again")
      .default(false)
      .conflicts(["resume", "rollback"]),
  )
  .addOption(intervalOption())
  .helpOption("--help", "show this")
  .showHelpAfterError("See: npm run restore -- --help")
  .parse();

const options = command.opts<Options>();

await runCommand(async (signal) => {
  const known = readStack(options.stack);
  const { intervalMs, problems } = readInterval(options.interval);
  const goesOn = options.resume || options.rollback;
  const point = goesOn ? undefined : parsePoint(options.to ?? (options.drill ? "latest" : ""));
  refuse([
    ...("problem" in known ? [known.problem] : []),
    ...(typeof point === "string" ? [point] : []),
    ...problems,
  ]);
  const { plan, restore, resume, rollBack } = await import("./restore.ts");
  const stack = pulumi(options.stack);
  const { region, platform } = environmentOf(options.stack, await stack.export());
  refuse(
    platform.scale === "hobby"
      ? [
          `${options.stack} is a hobby stack: its database is Neon's, which restores it (https://neon.com/docs/guides/branch-restore)`,
        ]
      : [],
  );
  const journal = await openJournal("restore", options.stack, options.drill ? "drill" : "restore");
  const say = (text: string): void => console.log(text);
  const patience = { signal, intervalMs, say };
  const setting = {
    stack: options.stack,
    region,
    pulumi: stack,
    patience,
    folder: journal.folder,
    journal,
  };
  try {
    if (options.drill && typeof point === "object") {
      const [{ drill, planDrill }, { RDSClient }, { CloudWatchLogsClient }] = await Promise.all([
        import("./drill.ts"),
        import("@aws-sdk/client-rds"),
        import("@aws-sdk/client-cloudwatch-logs"),
      ]);
      const name = `${options.stack}-drill`;
      await (options.plan ? planDrill : drill)({
        ...{ stack: options.stack, live: stack, name, throwAway: pulumi(name), point, journal, patience },
        secretsProvider: "stack" in known ? known.stack.secretsProvider : undefined,
        rds: new RDSClient(clientOptions(region)),
        logs: new CloudWatchLogsClient(clientOptions(region)),
      });
    } else if (options.resume) await resume(setting);
    else if (options.rollback) await rollBack(setting);
    else if (typeof point === "object") {
      if (options.plan) await plan(setting, point);
      else await restore(setting, point, options.to ?? "");
    }
  } finally {
    await journal.release();
  }
});
