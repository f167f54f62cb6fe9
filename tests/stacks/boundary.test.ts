import assert from "node:assert/strict";
import { scales } from "../../stacks/environments.ts";
import { evaluate, given } from "./program.ts";

const arn = "arn:aws:iam::123456789012:policy/macro-ai-workload-staging";

describe("the permissions boundary", function () {
  this.timeout(30_000);
  for (const scale of scales) {
    it(`is on every role at ${scale} scale, and on none where it is not configured`, async () => {
      const boundaries = async (more: Record<string, string>) => {
        const { recording } = await evaluate({ ...given("staging", scale), ...more }, { preview: true });
        const roles = recording.all("aws:iam/role:Role");
        assert.ok(roles.length > 0);
        return [...new Set(roles.map(({ inputs }) => inputs["permissionsBoundary"]))];
      };
      assert.deepEqual(await boundaries({ permissionsBoundary: arn }), [arn]);
      assert.deepEqual(await boundaries({}), [undefined]);
    });
  }
});
