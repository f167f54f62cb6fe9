import assert from "node:assert/strict";
import { aws } from "../../components/aws.ts";
import { runningRevision } from "../../components/deployment-check.ts";
import { outcome, run, valueOf } from "./mocks.ts";

const revision = (number: number): string =>
  `arn:aws:ecs:us-east-1:123456789012:task-definition/macro-ai-stack-api:${number}`;

function ask(running: string, preview = false) {
  return run(
    () =>
      runningRevision({
        label: "API",
        clusterArn: "arn:aws:ecs:us-east-1:123456789012:cluster/cluster",
        expectedArn: revision(2),
        service: new aws.ecs.Service("api", { taskDefinition: revision(2) }),
      }),
    { preview, calls: { "aws:ecs/getService:getService": { taskDefinition: running } } },
  );
}

describe("runningRevision", () => {
  it("is the wanted revision where ECS runs it", async () => {
    assert.equal(await valueOf((await ask(revision(2))).result), revision(2));
  });

  it("fails the update where ECS runs another one, with the way out", async () => {
    await assert.rejects(
      async () => outcome((await ask(revision(1))).result),
      /API: ECS runs .*api:1, not .*api:2: .*pulumi up --refresh/,
    );
  });

  it("asks nothing in a preview", async () => {
    assert.equal(await valueOf((await ask(revision(1), true)).result), revision(2));
  });
});
