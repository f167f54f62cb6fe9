import { from } from "../../core/evidence.ts";
import { TASK_DEFINITION } from "../../core/containers.ts";
import type { StackRule } from "../../core/rule.ts";
import { isKnown } from "../../core/unknown.ts";

const ROLE = "aws:iam/role:Role";

export const distinctRoles: StackRule = {
  name: "ecs-distinct-roles",
  description: "What a task may do and what it takes to start it are two roles.",
  severity: "high",
  group: "iam",
  references: ["CKV_AWS_249"],
  url: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security-ecs-iam-role-overview.html",
  types: [TASK_DEFINITION],
  // Which role it is the dependency tells.
  evidence: from(ROLE),
  judge: (task, graph) => {
    const { taskRoleArn, executionRoleArn } = task.inputs;
    if (taskRoleArn === undefined || executionRoleArn === undefined) return [];
    const [own, starting] = ["taskRoleArn", "executionRoleArn"].map((property) =>
      graph.targets(task, property, ROLE),
    );
    const isSame =
      isKnown(taskRoleArn) && isKnown(executionRoleArn)
        ? taskRoleArn === executionRoleArn
        : own?.some((role) => starting?.includes(role));
    return isSame === true
      ? [
          {
            property: "taskRoleArn",
            is: "the execution role",
            must: "a role of its own",
            fix: "Set taskRoleArn to a role with only what the application does.",
          },
        ]
      : [];
  },
};
