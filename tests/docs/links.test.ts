import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { anchorsOf, checkout, inlineCode, linksOf, type Page, pages } from "./pages.ts";

/** Made by commands and ignored by git, or told of as what is not there. */
const made =
  /(?:^|\/)dist\/|^(?:\.|evidence\/|change-report\/|plan\/|policy-report\/|bootstrap\/Pulumi\.account\.yaml)/;

/** A path with its wildcards and placeholders, e.g. `policies/rules/<service>/`. */
const path = /^[\w.@*<>-]+\/[\w.@*<>/-]*$/;

/** Whether the words may be a path: what they begin with is a folder here, or beside the page. */
function namesOurs(code: string, page: Page): boolean {
  const [first = ""] = code.split("/");
  return path.test(code) && roots(page).some((root) => existsSync(join(root, first)));
}

function exists(code: string, page: Page): boolean {
  const pattern = code.replaceAll(/<[^>]*>/g, "*").replace(/\/$/, "");
  return roots(page).some((root) => globSync(pattern, { cwd: root }).length > 0);
}

const roots = (page: Page): string[] => [checkout, join(checkout, dirname(page.path))];

function missing(file: string, anchor: string | undefined): string[] {
  if (!existsSync(join(checkout, file))) return [file];
  const page = pages.find((other) => other.path === file);
  if (anchor === undefined || (page !== undefined && anchorsOf(page).includes(anchor))) return [];
  return [`${file}#${anchor}`];
}

describe("the documentation's links", () => {
  for (const page of pages) {
    it(`of ${page.path} lead to files and headings that exist`, () => {
      assert.deepEqual(
        linksOf(page).flatMap(({ file, anchor }) => missing(file, anchor)),
        [],
      );
    });

    it(`of ${page.path} have files to their names: each path in backticks is there`, () => {
      const named = inlineCode(page).filter((code) => namesOurs(code, page) && !made.test(code));
      assert.deepEqual(
        named.filter((code) => !exists(code, page)),
        [],
      );
    });
  }

  it("lead to every page from docs/README.md or README.md, directly or over others", () => {
    const reached = new Set(["README.md"]);
    for (const from of reached) {
      const page = pages.find((other) => other.path === from);
      if (page !== undefined) for (const { file } of linksOf(page)) reached.add(file);
    }
    assert.deepEqual(
      pages.map((page) => page.path).filter((file) => !reached.has(file) && file !== "CHANGELOG.md"),
      [],
    );
  });

  it("in messages and comments of the program lead to pages and headings that exist", () => {
    const sources = execFileSync("git", ["ls-files", "*.ts", "*.js", "*.yml", "*.yaml", "*.json", ".ci/*"], {
      cwd: checkout,
      encoding: "utf8",
    });
    const files = sources.split("\n").filter((file) => /^[^/]/.test(file) && !file.startsWith("tests/"));
    const links = files.filter((file) => existsSync(join(checkout, file))).flatMap((file) => linksIn(file));
    assert.ok(links.length > 40, String(links.length));
    assert.deepEqual(
      links.flatMap(({ from, file, anchor }) => missing(file, anchor).map((target) => `${from}: ${target}`)),
      [],
    );
  });
});

function linksIn(from: string): { from: string; file: string; anchor: string | undefined }[] {
  const text = readFileSync(join(checkout, from), "utf8");
  return [...text.matchAll(/(?<![\w/.])(docs\/[\w/-]+\.md)(?:#([\w-]+))?/g)].map(([, file = "", anchor]) => ({
    from,
    file,
    anchor,
  }));
}
