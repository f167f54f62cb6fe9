import { enableCompileCache } from "node:module";
import { Command } from "commander";
import { main } from "../cli/main.ts";

enableCompileCache();
new Command("npm run dr-drill --")
  .description(
    "Plays the loss of production's region in a stand-in cloud of its own: production comes up, its region goes, and the stack dr is " +
      "made of the copies, checked and destroyed. Takes about a minute; docs/runbooks/disaster-recovery.md.",
  )
  .helpOption("--help", "show this")
  .showHelpAfterError("See: npm run dr-drill -- --help")
  .parse();
await main(async () => (await import("./drill.ts")).drill());
