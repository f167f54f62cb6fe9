import { readdirSync, readFileSync } from "node:fs";

const runbookFolder = new URL("../../docs/runbooks/", import.meta.url);

/** The runbooks' file names. */
export function pages(): string[] {
  return readdirSync(runbookFolder).filter((name) => name.endsWith(".md"));
}

/** The anchors that GitHub gives a page's headings below its title. */
export function anchorsOf(page: string): string[] {
  return sectionsOf(page).map(([heading]) =>
    heading
      .toLowerCase()
      .replace(/[^\w -]/g, "")
      .replaceAll(" ", "-"),
  );
}

/** Headings of the second level with the text below each. */
export function sectionsOf(page: string): [heading: string, text: string][] {
  const [, ...sections] = textOf(page).split(/^## /m);
  return sections.map((section) => {
    const end = section.indexOf("\n");
    return [section.slice(0, end), section.slice(end + 1)];
  });
}

function textOf(page: string): string {
  return readFileSync(new URL(page, runbookFolder), "utf8");
}
