import assert from "node:assert/strict";
import { keyText } from "../../../stacks/config/commands.ts";
import { configurationSection } from "../../../stacks/config/docs.ts";
import { singleKeys } from "../../../stacks/config/keys.ts";

describe("README.md's section on configuration", () => {
  const rows = configurationSection().split("\n");

  it("has one row for each key, with all cells filled", () => {
    for (const { path } of singleKeys()) {
      const own = rows.filter((row) => row.startsWith(`| \`${keyText(path)}\` |`));
      assert.equal(own.length, 1, keyText(path));
      for (const cell of own
        .join()
        .split(/(?<!\\)\|/)
        .slice(1, -1))
        assert.match(cell, /\S/, keyText(path));
    }
  });

  it("tells defaults as they are, whatever they depend on", () => {
    const without = (key: string) =>
      rows
        .find((row) => row.startsWith(`| \`macro-ai:${key}\``))
        ?.split(" | ")
        .at(-1);
    assert.equal(without("scale"), "`hobby` |");
    assert.equal(without("environment"), "an error |");
    assert.equal(without("deletionProtection"), "`true` in production and dr, else `false` |");
    assert.equal(without("features.firewall"), "hobby: `false`, enterprise: `true` |");
    assert.equal(without("features.auditTrail"), "`true` in production, else `false` |");
    assert.equal(
      without("features.dashboard"),
      "`true` in development at enterprise and staging at enterprise and uat at enterprise and production and dr, else `false` |",
    );
    assert.equal(without("monthlyBudget"), "by environment, in the table below |");
    assert.equal(without("network.natGateways"), "`single` |");
  });
});
