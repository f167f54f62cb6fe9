import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const docs = resolve(import.meta.dirname, "../../docs");

/** A link to a file of tests, and the quoted titles that follow it: `[vpc](../tests/vpc.test.ts): "does this", "does that"`. */
const reference = /\]\((\.\.\/tests\/[^)]+)\): ("[^"]+"(?:, "[^"]+")*)/g;

interface NamedTest {
  readonly file: string;
  readonly title: string;
}

function namedTests(page: string): NamedTest[] {
  return [...page.matchAll(reference)].flatMap(([, file = "", titles = ""]) =>
    [...titles.matchAll(/"([^"]+)"/g)].map(([, title = ""]) => ({ file, title })),
  );
}

describe("the documentation", () => {
  for (const name of readdirSync(docs).filter((file) => file.endsWith(".md"))) {
    const named = namedTests(readFileSync(join(docs, name), "utf8"));
    if (named.length === 0) continue;
    it(`names in ${name} ${named.length} tests that exist`, () => {
      const missing = named.filter(
        ({ file, title }) => !readFileSync(resolve(docs, file), "utf8").includes(title),
      );
      assert.deepEqual(missing, []);
    });
  }

  it("names a test in each line of traps.md", () => {
    const lines = readFileSync(join(docs, "traps.md"), "utf8")
      .split("\n")
      .filter((line) => line.startsWith("| ") && !/^\| (?:-+|Trap) /.test(line));
    assert.ok(lines.length > 40);
    assert.deepEqual(
      lines.filter((line) => namedTests(line).length === 0),
      [],
    );
  });
});
