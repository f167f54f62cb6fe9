import assert from "node:assert/strict";
import { environments, scales } from "../../stacks/environments.ts";
import { given } from "../stacks/program.ts";
import { type Config, outcome, Project, succeeded } from "./harness.ts";

for (const scale of scales) {
  describe(`all environments at ${scale} scale, side by side in one account`, function () {
    this.timeout(900_000);
    let project: Project;
    before(async () => {
      const stacks = environments.map((environment): [string, Config] => {
        const own = { ...given(environment, scale), ...domain(environment, scale) };
        return [
          environment,
          Object.fromEntries(Object.entries(own).map(([key, value]) => [`macro-ai:${key}`, value])),
        ];
      });
      project = await Project.ofCheckout(Object.fromEntries(stacks));
    });
    after(() => project.remove());

    // Two engines at a time are as many as a machine with two cores carries.
    const pairs = [environments.slice(0, 2), environments.slice(2, 4), environments.slice(4)];
    const flags = (stacks: readonly string[]) => stacks.flatMap((stack) => ["--stack", stack]);

    for (const pair of pairs) {
      it(`${pair.join(" and ")} come up, and preview without changes`, async () => {
        const up = succeeded(await project.start(...flags(pair)));
        for (const stack of pair) assert.match(outcome(up, stack), /^\d+ created, 0 unchanged$/);
        assert.equal(up.stdout.match(/policies, no violations/g)?.length, pair.length, up.stdout);
        const preview = succeeded(await project.start("--preview", ...flags(pair)));
        for (const stack of pair) assert.match(outcome(preview, stack), /^nothing changed, \d+ resources/);
      });
    }

    it("leaves nothing in the account that no stack knows", async () => {
      assert.deepEqual(await project.differences(...environments), []);
    });
  });
}

/** Stacks of one account cannot share a domain. */
function domain(environment: string, scale: string): Readonly<Record<string, string>> {
  return scale === "enterprise" ? { domain: `${environment}.macro-ai.com` } : {};
}
