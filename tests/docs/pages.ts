/** What people read of the repository, and what there is of code and links in it. */
import { globSync, readFileSync } from "node:fs";
import { dirname, join, posix, resolve } from "node:path";

export const checkout = resolve(import.meta.dirname, "../..");

export interface Page {
  /** Its path below the checkout, e.g. `docs/cost.md`. */
  readonly path: string;
  /** Its Markdown without comments. */
  readonly text: string;
}

export const pages: readonly Page[] = ["*.md", "docs/**/*.md", "{policies,rotation,runtime}/*.md"]
  .flatMap((pattern) => globSync(pattern, { cwd: checkout }))
  .toSorted()
  .map((path) => ({
    path,
    text: readFileSync(join(checkout, path), "utf8").replaceAll(/<!--[^]*?-->/g, ""),
  }));

const fence = /^( *)```(\w*)\n([^]*?)\n\1```$/gm;

/** The fenced blocks of the languages, without their indentation. */
export function blocks({ text }: Page, ...languages: readonly string[]): string[] {
  return [...text.matchAll(fence)].flatMap(([, indent = "", language = "", body = ""]) =>
    languages.includes(language)
      ? [body.replaceAll(new RegExp(`^${indent}`, "gm"), "").replaceAll(/\\\n\s*/g, " ")]
      : [],
  );
}

/** Text without its fenced blocks. */
export function prose({ text }: Page): string {
  return text.replaceAll(fence, "");
}

/** What stands between backticks in the text, on one line each. */
export function inlineCode(page: Page): string[] {
  return [...prose(page).matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code.replaceAll(/\s+/g, " "));
}

/** A link within the repository, pictures included. The file is a path below the checkout. */
export interface Link {
  readonly file: string;
  readonly anchor: string | undefined;
}

export function linksOf(page: Page): Link[] {
  const text = prose(page).replaceAll(/`[^`]+`/g, "");
  const targets = [...text.matchAll(/\]\(([^)\s]*)\)|(?:src|srcset|href)="([^"]*)"/g)].map(
    ([, markdown, html]) => markdown ?? html ?? "",
  );
  return targets
    .filter((target) => !/^(?:https?|mailto):/.test(target))
    .map((target) => {
      const [file = "", anchor] = target.split("#");
      return { file: file === "" ? page.path : posix.join(dirname(page.path), file), anchor };
    });
}

/** The anchors that GitHub gives a page's headings. */
export function anchorsOf(page: Page): string[] {
  const seen = new Map<string, number>();
  return [...prose(page).matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = ""]) => {
    const slug = heading
      .toLowerCase()
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .replaceAll(/[^\p{L}\p{N}_ -]/gu, "")
      .replaceAll(" ", "-");
    const before = seen.get(slug) ?? 0;
    seen.set(slug, before + 1);
    return before === 0 ? slug : `${slug}-${before}`;
  });
}
