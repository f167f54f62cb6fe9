import assert from "node:assert/strict";
import configuration from "../../policies/configuration.json" with { type: "json" };
import { levelOf, readConfiguration, UNPROVEN, type Level } from "../../policies/core/configuration.ts";
import { plainSight } from "../../policies/core/secrets.ts";
import { completeness } from "../../policies/core/scope.ts";
import { rules } from "../../policies/rules.ts";
import { environments, liveEnvironments, scales } from "../../stacks/environments.ts";

const read = readConfiguration(configuration, rules);

/** How hard a rule bites in an environment that sets nothing else. */
const level = (rule: Parameters<typeof levelOf>[0], environment: string, scale: string): Level =>
  levelOf(rule, read, { "macro-ai:environment": environment, "macro-ai:scale": scale });

/** Rules that the project sets by themselves, each with where they are no more than advice. */
const byThemselves: Readonly<Record<string, string>> = {
  "cloudfront-firewall": "hobby, where a web ACL costs more than all the rest",
};

describe("the project's configuration of the pack", () => {
  for (const environment of environments) {
    for (const scale of scales) {
      it(`has ${environment} at ${scale} scale refuse what the system must not be`, () => {
        const lenient = [...rules, plainSight, completeness]
          .filter(({ group }) => !["resilience", "cost"].includes(group))
          .filter((rule) => level(rule, environment, scale) !== "mandatory")
          .map(({ name }) => name);
        assert.deepEqual(lenient, scale === "hobby" ? Object.keys(byThemselves) : []);
      });

      const isServing = liveEnvironments.includes(environment) && scale === "enterprise";
      const resilience = isServing ? "mandatory" : "advisory";
      it(`has resilience ${resilience} in ${environment} at ${scale} scale`, () => {
        const own = rules.filter(({ group }) => group === "resilience");
        assert.ok(own.length > 15, `${own.length} rules`);
        const levels = own.map((rule) => level(rule, environment, scale));
        assert.deepEqual([...new Set(levels)], [resilience]);
      });

      const open = liveEnvironments.includes(environment) ? "mandatory" : "advisory";
      it(`has what an update leaves unproven ${open} in ${environment} at ${scale} scale`, () => {
        assert.equal(level({ name: UNPROVEN }, environment, scale), open);
      });
    }
  }

  it("takes hobby for the scale of a stack that sets none", () => {
    const unset = { "macro-ai:environment": "production" };
    const [rule] = rules.filter(({ group }) => group === "resilience");
    assert.ok(rule);
    assert.equal(levelOf(rule, read, unset), "advisory");
  });
});
