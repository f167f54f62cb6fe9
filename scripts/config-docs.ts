// Writes README.md's table of configuration keys from the schema; `--check` only tells whether it is current.
import { readFile } from "node:fs/promises";
import * as prettier from "prettier";
import { configurationSection } from "../stacks/config/docs.ts";
import { writeOrCheckFile } from "./generated-file.ts";
import { pageOptions } from "./page-options.ts";

const readme = new URL("../README.md", import.meta.url);
const start = "<!-- configuration:start -->";
const end = "<!-- configuration:end -->";

const options = pageOptions("docs:config", "Writes README.md's table of configuration keys from the schema.");
await writeOrCheckFile(
  {
    file: readme,
    name: "README.md's configuration section",
    expected: await withSection(await readFile(readme, "utf8")),
    remedy: 'Run "npm run docs:config" and commit README.md.',
  },
  options,
);

async function withSection(text: string): Promise<string> {
  const from = text.indexOf(start);
  const to = text.indexOf(end, from);
  if (from < 0 || to < 0)
    throw new Error(`README.md needs the lines "${start}" and "${end}", in that order.`);
  const section = await prettier.format(configurationSection(), {
    ...(await prettier.resolveConfig(readme)),
    parser: "markdown",
  });
  return `${text.slice(0, from + start.length)}\n\n${section}\n${text.slice(to)}`;
}
