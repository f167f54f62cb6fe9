import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { given } from "../stacks/program.ts";
import { total } from "../../policies/cost/estimate.ts";
import { pricedStacks } from "../policies/cost/page.ts";
import { checkout, type Config, Project, refused } from "./harness.ts";

describe("what a stack costs", function () {
  this.timeout(300_000);

  it("is told by npm run cost as docs/cost.md has it", async () => {
    const [staging] = await pricedStacks();
    assert.ok(staging?.stack === "staging");
    const command = [join(checkout, "scripts/cost.ts"), "--stack", "staging", "--currency", "USD", "--json"];
    const { stdout } = await promisify(execFile)(process.execPath, command, { cwd: checkout });
    const told = JSON.parse(stdout) as {
      total: { min: number; max: number };
      lines: { resource: string; what: string }[];
      unpriced: unknown[];
    };
    const { min, max } = total(staging.estimate.lines);
    assert.deepEqual(
      [told.total.min.toFixed(4), told.total.max.toFixed(4)],
      [min.toFixed(4), max.toFixed(4)],
    );
    assert.deepEqual(told.unpriced, []);
    const names = (lines: typeof told.lines): string[] =>
      lines.map(({ resource, what }) => `${resource}: ${what}`);
    assert.deepEqual(names(told.lines), names([...staging.estimate.lines]));
  });

  it("fails its preview with db.r6g.large", async () => {
    const own = Object.entries(given("production", "enterprise"));
    const config: Config = {
      ...Object.fromEntries(own.map(([key, value]) => [`macro-ai:${key}`, value])),
      "macro-ai:database": { instanceClass: "db.r6g.large" },
    };
    const project = await Project.ofCheckout({ production: config });
    try {
      const { stdout } = refused(
        await project.sandbox("preview", "--non-interactive", "--stack", "production"),
      );
      const told = stdout.replaceAll(/\s+/g, " ");
      assert.match(told, /\[mandatory\] \[severity: high\] cost-within-budget/);
      assert.match(told, /it must be at most GBP 300\.00, the budget of production at enterprise scale\./);
      assert.match(
        told,
        /database: db\.t4g\.\w+ in place of db\.r6g\.large would bring it under by saving GBP/,
      );
    } finally {
      await project.remove();
    }
  });
});
