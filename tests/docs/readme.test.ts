import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { checkout, pages } from "./pages.ts";

const textOf = (path: string): string => pages.find((page) => page.path === path)?.text ?? "";

/** A stack's row in docs/cost.md: budget, least and most, in whole pounds. */
function costs(stack: string): number[] {
  const [, row = ""] = new RegExp(`^\\| \`${stack}\` \\|(.*)`, "m").exec(textOf("docs/cost.md")) ?? [];
  return row
    .split("|")
    .slice(0, 3)
    .map((cell) => Math.round(Number(cell)));
}

describe("README.md", () => {
  it("tells the costs as docs/cost.md has them", () => {
    const [, row = ""] = /^\| costs +\|(.*)\|$/m.exec(textOf("README.md")) ?? [];
    const [hobby = "", enterprise = ""] = row.split("|").map((cell) => cell.trim());
    const [small, , few] = costs("staging");
    const [large, least, most] = costs("production");
    assert.equal(hobby, `GBP ${few} a month as staging; the budget is ${small}`);
    assert.equal(enterprise, `GBP ${least} to ${most} a month as production; the budget is ${large}`);
  });

  it("says of every folder what lives there", () => {
    const folders = readdirSync(checkout, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && /^[a-z]/.test(entry.name))
      .map(({ name }) => name)
      // What commands make, and git ignores.
      .filter((name) => !/^(?:node_modules|policy-report|change-report|plan|evidence)$/.test(name));
    assert.deepEqual(
      folders.filter((name) => !textOf("README.md").includes(`| \`${name}/\``)),
      [],
    );
  });
});
