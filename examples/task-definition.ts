import { Role } from "../components/role.ts";
import { TaskDefinition } from "../components/task-definition.ts";
import { given } from "./given.ts";

const role = (purpose: string) =>
  new Role(`nightly-${purpose}`, {
    description: `The nightly job: ${purpose}`,
    service: "ecs-tasks.amazonaws.com",
    statements: [],
  });

const task = new TaskDefinition("nightly", {
  cpu: 256,
  memoryMiB: 512,
  containers: [
    {
      name: "nightly",
      image: "public.ecr.aws/docker/library/node:24-alpine",
      essential: true,
      command: ["node", "-e", "console.log('good night')"],
      user: "1000:1000",
      environment: {},
      stopTimeoutSeconds: 30,
      scratch: [{ path: "/tmp", sizeMiB: 64 }],
      mounts: [],
      log: { groupName: "/ecs/nightly", region: given.region, streamPrefix: "nightly" },
    },
  ],
  volumes: [],
  roles: { execution: role("execution"), task: role("task") },
});

export const taskDefinitionArn = task.arn;
