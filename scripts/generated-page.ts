import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import * as prettier from "prettier";
import { writeOrCheckFile } from "./generated-file.ts";
import { pageOptions } from "./page-options.ts";

/** A page below docs/ that the program itself decides. */
export interface GeneratedPage {
  page: URL;
  /** The command that writes it: `npm run docs:network`. */
  command: string;
  /** Its text, in Markdown. */
  render: () => Promise<string>;
  /**
   * Tables in columns, or, where these would be too wide to read and every change would move them, cell beside cell; such a
   * page stands in .prettierignore.
   */
  layout: "columns" | "cells";
}

/** The page as it should be. */
export async function expectedPage({ page, render, layout }: GeneratedPage): Promise<string> {
  if (layout === "cells") return `${await render()}\n`;
  return prettier.format(await render(), { ...(await prettier.resolveConfig(page)), parser: "markdown" });
}

/** Writes the page; with `--check` among the arguments only tells whether it is current. */
export async function writeOrCheck(generated: GeneratedPage): Promise<void> {
  const { page, command } = generated;
  const name = `docs/${basename(fileURLToPath(page))}`;
  const options = pageOptions(command.replace("npm run ", ""), `Writes ${name} from what the program makes.`);
  const remedy = `Run "${command}", review what changed, and commit it.`;
  await writeOrCheckFile({ file: page, name, expected: await expectedPage(generated), remedy }, options);
}

/** A table in Markdown. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

export function code(text: string): string {
  return `\`${text}\``;
}
