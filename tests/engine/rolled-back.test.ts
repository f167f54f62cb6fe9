import assert from "node:assert/strict";
import { join } from "node:path";
import { checkout, printed, Project, refused, succeeded } from "./harness.ts";

/** A service as the components make it, without what stands around it. */
const program = (revision: number) => `
const { runningRevision } = await import(${JSON.stringify(join(checkout, "components/deployment-check.ts"))});
const vpc = new aws.ec2.Vpc("vpc", { cidrBlock: "10.0.0.0/16" });
const subnet = new aws.ec2.Subnet("subnet", { vpcId: vpc.id, cidrBlock: "10.0.0.0/24" });
const cluster = new aws.ecs.Cluster("cluster");
const definition = new aws.ecs.TaskDefinition("api", {
  family: "api",
  cpu: "256",
  memory: "512",
  networkMode: "awsvpc",
  requiresCompatibilities: ["FARGATE"],
  containerDefinitions: JSON.stringify([
    { name: "api", image: "public.ecr.aws/docker/library/node:24-alpine", essential: true, command: ["${revision}"] },
  ]),
});
const service = new aws.ecs.Service("api", {
  cluster: cluster.arn,
  taskDefinition: definition.arn,
  launchType: "FARGATE",
  desiredCount: 1,
  networkConfiguration: { subnets: [subnet.id] },
});
export const running = runningRevision({
  label: "API", clusterArn: cluster.arn, expectedArn: definition.arn, service,
});
`;

describe("a deployment that ECS rolls back", function () {
  this.timeout(900_000);
  let project: Project;
  const running = () => project.cloud().find(({ type }) => type === "aws:ecs/service:Service")?.state;
  before(async () => {
    project = await Project.small(program(1), "ungated");
    succeeded(await project.start());
  });
  after(() => project.remove());

  it("lets an update succeed as long as ECS runs what was deployed", async () => {
    const first = running()?.["taskDefinition"];
    await project.program(program(2));
    succeeded(await project.start());
    assert.notEqual(running()?.["taskDefinition"], first);
  });

  it("fails the next update, although that one sees nothing to do", async () => {
    const wanted = String(running()?.["taskDefinition"]);
    const before = wanted.replace(/:\d+$/, ":1");
    assert.notEqual(before, wanted);
    await project.editCloud((resources) => {
      for (const [key, entry] of Object.entries(resources))
        if (entry.type === "aws:ecs/service:Service")
          resources[key] = { ...entry, state: { ...entry.state, taskDefinition: before } };
    });
    const up = refused(await project.start());
    assert.ok(printed(up).includes(`API: ECS runs ${before}, not ${wanted}: it has rolled`), printed(up));
  });

  it("is over when the way out that the error names has been taken", async () => {
    const args = ["up", "--refresh", "--yes", "--skip-preview", "--non-interactive", "--stack", "one"];
    succeeded(await project.sandbox(...args));
    succeeded(await project.start());
  });
});
