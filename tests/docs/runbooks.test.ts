import assert from "node:assert/strict";
import { linksOf, pages as allPages } from "./pages.ts";
import { anchorsOf, pages, sectionsOf } from "./runbooks.ts";

describe("docs/runbooks", () => {
  const procedures = [
    "README.md",
    "compromise.md",
    "database.md",
    "disaster-recovery.md",
    "migrations.md",
    "restore.md",
    "upgrade.md",
  ];
  const alarmPages = pages().filter((name) => !procedures.includes(name));

  it("stand in docs/README.md, heading by heading", () => {
    const index = allPages.find(({ path }) => path === "docs/README.md");
    const linked = new Set(index && linksOf(index).map(({ file, anchor }) => `${file}#${anchor ?? ""}`));
    const headings = alarmPages.flatMap((page) => {
      const anchors = anchorsOf(page);
      return (anchors.length > 0 ? anchors : [""]).map((anchor) => `docs/runbooks/${page}#${anchor}`);
    });
    assert.deepEqual(
      headings.filter((one) => !linked.has(one)),
      [],
    );
  });

  for (const page of alarmPages.filter((name) => sectionsOf(name).length > 0)) {
    it(`${page} says of each alarm what it means, where to look first, its causes, what to do and when to escalate`, () => {
      for (const [heading, text] of sectionsOf(page))
        assert.deepEqual(
          [...text.matchAll(/^\*\*([\w ]+)\*\*/gm)].map(([, label]) => label),
          ["Means", "First look", "Causes", "Do", "Escalate"],
          heading,
        );
    });
  }
});
