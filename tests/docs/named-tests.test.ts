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

  for (const [name, least] of [
    ["traps.md", 40],
    ["requirements.md", 120],
  ] as const) {
    it(`names a test, or a measurement, in each line of ${name}`, () => {
      const lines = readFileSync(join(docs, name), "utf8")
        .split("\n")
        .filter((line) => line.startsWith("| ") && !/^\| (?:-+|Trap|Asked for) /.test(line));
      assert.ok(lines.length > least, String(lines.length));
      assert.deepEqual(
        lines.filter((line) => namedTests(line).length === 0 && !/`npm run bench -- --only \w+`/.test(line)),
        [],
      );
    });
  }
});
