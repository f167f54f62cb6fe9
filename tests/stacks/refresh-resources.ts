/** `npm run docs:resources`: writes anew what each scale makes. Read the difference before you commit it. */
import { Command } from "commander";
import { scales } from "../../stacks/environments.ts";
import { refreshList } from "./resources.ts";

new Command("npm run docs:resources --")
  .description("Writes anew what each scale makes, into tests/stacks/resources.*.txt.")
  .helpOption("--help", "show this")
  .showHelpAfterError("See: npm run docs:resources -- --help")
  .parse();
for (const scale of scales) await refreshList(scale);
