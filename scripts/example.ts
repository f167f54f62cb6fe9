/** `npm run example -- <example> [pulumi command]`: one component's example in a sandbox of the examples' own. */
import { readdir } from "node:fs/promises";
import { enableCompileCache } from "node:module";
import { join, resolve } from "node:path";
import { main } from "../sandbox/cli/main.ts";
import { passThrough } from "../sandbox/cli/pulumi.ts";
import { openSession } from "../sandbox/cli/session.ts";
import { UserError } from "../sandbox/cli/user-error.ts";

const checkout = resolve(import.meta.dirname, "..");
const project = join(checkout, "examples");
const runsProgram = ["preview", "up"];
const notExamples = ["index.ts", "given.ts"];

enableCompileCache();
await main(async () => {
  const [example = "--help", command = "preview", ...args] = process.argv.slice(2);
  const files = (await readdir(project)).filter(
    (file) => file.endsWith(".ts") && !notExamples.includes(file),
  );
  const examples = files.map((file) => file.replace(".ts", ""));
  if (example === "--help") {
    process.stdout.write(
      "Usage: npm run example -- <component> [pulumi command]\n\nPreviews one component by itself in the stand-in for AWS, with the policy " +
        `pack; or runs another command, for example "up --yes".\n\nComponents: ${examples.sort().join(", ")}\n`,
    );
    return 0;
  }
  if (!examples.includes(example)) {
    throw new UserError(
      `There is no example "${example}". There are: ${examples.sort().join(", ")}. ` +
        "For instance: npm run example -- database, or npm run example -- vpc up --yes",
    );
  }
  const directory = join(checkout, ".sandbox/examples");
  const session = await openSession({ project, directory, command: `npm run example -- ${example}` });
  try {
    await session.stacks.ready(example);
    const gated = ["--config", `example=${example}`, "--policy-pack", join(checkout, "policies")];
    const words = [command, ...args, "--stack", example, ...(runsProgram.includes(command) ? gated : [])];
    return await passThrough(session.invocation(words, example), session.interrupts);
  } finally {
    await session.close();
  }
});
