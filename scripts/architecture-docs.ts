// Draws docs/architecture.* from what the program makes; `--check` only tells whether they are current.
import { readFile, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { architectureFiles } from "../tests/architecture/page.ts";
import { pageOptions } from "./page-options.ts";

const options = pageOptions("docs:architecture", "Draws docs/architecture.* from what the program makes.");

for (const { file, content } of await architectureFiles()) {
  const name = `docs/${basename(fileURLToPath(file))}`;
  const current = await readFile(file, "utf8").catch(() => "");
  if (current === content) {
    console.log(`${name} is current.`);
  } else if (options.check) {
    console.error(`${name} is stale. Run "npm run docs:architecture", look at it, and commit it.`);
    process.exitCode = 1;
  } else {
    await writeFile(file, content);
    console.log(`${name} was written.`);
  }
}
