// Draws docs/architecture.* from what the program makes; `--check` only tells whether they are current.
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { architectureFiles } from "../tests/architecture/page.ts";
import { writeOrCheckFile } from "./generated-file.ts";
import { pageOptions } from "./page-options.ts";

const options = pageOptions("docs:architecture", "Draws docs/architecture.* from what the program makes.");

const remedy = 'Run "npm run docs:architecture", look at it, and commit it.';

for (const { file, content } of await architectureFiles()) {
  const name = `docs/${basename(fileURLToPath(file))}`;
  await writeOrCheckFile({ file, name, expected: content, remedy }, options);
}
