import assert from "node:assert/strict";
import { outcome, Project, succeeded } from "./harness.ts";

describe("a stack with a name of 40 characters", function () {
  this.timeout(900_000);
  const stack = "enterprise-copy-for-a-very-long-branch-1";
  let project: Project;
  before(async () => {
    assert.equal(stack.length, 40);
    project = await Project.ofCheckout({
      [stack]: {
        "macro-ai:environment": "development",
        "macro-ai:scale": "enterprise",
        "macro-ai:domain": "branch.macro-ai.com",
        "macro-ai:hostedZoneId": "Z0123456789EXAMPLE",
      },
    });
  });
  after(() => project.remove());

  it("previews", async () => {
    const preview = succeeded(await project.start("--preview", "--stack", stack));
    assert.match(outcome(preview, stack), /^\d+ to create, 0 unchanged$/);
  });

  it("comes up", async () => {
    const up = succeeded(await project.start("--stack", stack));
    assert.match(outcome(up, stack), /^\d+ created, 0 unchanged$/);
    assert.deepEqual(await project.differences(stack), []);
  });
});
