import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { anchorsOf, linksOf, pages, runbookFolder, sectionsOf } from "./runbooks.ts";

describe("docs/runbooks", () => {
  for (const page of pages()) {
    it(`${page} leads only to pages and headings that exist`, () => {
      for (const [target = "", anchor] of linksOf(page)) {
        const file = target === "" ? page : target;
        assert.ok(existsSync(new URL(file, runbookFolder)), `${page} leads to ${file}`);
        if (anchor !== undefined)
          assert.ok(anchorsOf(file).includes(anchor), `${page} leads to ${file}#${anchor}`);
      }
    });
  }

  const procedures = [
    "README.md",
    "database.md",
    "disaster-recovery.md",
    "migrations.md",
    "restore.md",
    "upgrade.md",
  ];
  for (const page of pages().filter((name) => !procedures.includes(name) && sectionsOf(name).length > 0)) {
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
