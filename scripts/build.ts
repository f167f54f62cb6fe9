/** `npm run build`: what runs in AWS beside the API, as one file each. */
import { Command } from "commander";
import { buildTask } from "../operations/migrate/build.ts";
import { buildFunctions } from "../rotation/build.ts";

new Command("npm run build --")
  .description(
    "Writes the functions of rotation/ below rotation/dist/, and operations/migrate/dist/migrate-task.mjs, which the API's image " +
      "holds: docs/runbooks/migrations.md.",
  )
  .helpOption("--help", "show this")
  .showHelpAfterError("See: npm run build -- --help")
  .parse();

const functions = Object.entries(await buildFunctions()).map(
  ([name, bytes]) => [`rotation/dist/${name}`, bytes] as const,
);
for (const [file, bytes] of [
  ...functions,
  ["operations/migrate/dist/migrate-task.mjs", await buildTask()] as const,
])
  console.log(`${file}: ${Math.round(bytes / 1000)} kB`);
