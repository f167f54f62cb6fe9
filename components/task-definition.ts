import type * as awsTypes from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { aws } from "./aws.ts";
import { containerDefinition, type Container } from "./container.ts";
import { broken, throwProblems, type Problem } from "./problems.ts";
import type { SharedDirectory } from "./shared-files.ts";
import type { TaskRoles } from "./task-roles.ts";

/** A volume of a task: empty and gone with the task, unless it is shared. */
export interface TaskVolume {
  name: string;
  shared?: SharedDirectory;
}

/** The arguments of {@link TaskDefinition}. */
export interface TaskDefinitionArgs {
  /** vCPU units: 1024 are one vCPU. */
  cpu: number;
  memoryMiB: number;
  containers: Container[];
  volumes: TaskVolume[];
  roles: TaskRoles;
}

/** Fargate's sizes on Linux: memory in MiB from, to and in steps of, by vCPU units. */
const FARGATE_MEMORY: Record<number, { from: number; to: number; step: number }> = {
  512: { from: 1024, to: 4096, step: 1024 },
  1024: { from: 2048, to: 8192, step: 1024 },
  2048: { from: 4096, to: 16_384, step: 1024 },
  4096: { from: 8192, to: 30_720, step: 1024 },
  8192: { from: 16_384, to: 61_440, step: 4096 },
  16_384: { from: 32_768, to: 122_880, step: 8192 },
};

/** A quarter of a vCPU has no regular steps. */
const SMALLEST = { cpu: 256, memory: [512, 1024, 2048] };

/**
 * A Fargate task definition for ARM64. The containers are registered as data before they become one JSON string, so
 * that a preview still shows each setting when one value in them is unknown. Free; every change makes a new revision.
 */
export class TaskDefinition extends pulumi.ComponentResource {
  public readonly arn: pulumi.Output<string>;

  /** @throws pulumi.InputPropertiesError with every bad argument */
  constructor(name: string, args: TaskDefinitionArgs, opts?: pulumi.ComponentResourceOptions) {
    throwProblems("TaskDefinition", name, problems(args));
    const containers = args.containers.map(containerDefinition);
    super("macro-ai:components:TaskDefinition", name, { containers }, opts);
    const definition = new aws.ecs.TaskDefinition(
      name,
      {
        family: `${pulumi.getProject()}-${pulumi.getStack()}-${name}`.replace(/[^\w-]/g, "-"),
        requiresCompatibilities: ["FARGATE"],
        networkMode: "awsvpc",
        runtimePlatform: { cpuArchitecture: "ARM64", operatingSystemFamily: "LINUX" },
        cpu: String(args.cpu),
        memory: String(args.memoryMiB),
        executionRoleArn: args.roles.execution.readyArn,
        taskRoleArn: args.roles.task.readyArn,
        containerDefinitions: pulumi.jsonStringify(containers),
        ...(args.volumes.length > 0 && { volumes: args.volumes.map(volume) }),
      },
      { parent: this },
    );
    this.arn = definition.arn;
    this.registerOutputs({ arn: this.arn });
  }
}

function volume({ name, shared }: TaskVolume): awsTypes.types.input.ecs.TaskDefinitionVolume {
  if (!shared) return { name };
  return {
    name,
    efsVolumeConfiguration: {
      fileSystemId: shared.fileSystemId,
      transitEncryption: "ENABLED",
      authorizationConfig: { accessPointId: shared.accessPointId, iam: "ENABLED" },
    },
  };
}

/** What is wrong with a task's size, if anything. */
export function sizeProblems(cpu: number, memoryMiB: number): Problem[] {
  const range = FARGATE_MEMORY[cpu];
  if (cpu !== SMALLEST.cpu && !range) {
    const sizes = [SMALLEST.cpu, ...Object.keys(FARGATE_MEMORY)].join(", ");
    return [{ path: "cpu", message: `is ${cpu}; Fargate offers ${sizes} vCPU units (1024 are one vCPU)` }];
  }
  if (!range) {
    if (SMALLEST.memory.includes(memoryMiB)) return [];
    return [
      {
        path: "memoryMiB",
        message: `is ${memoryMiB}; with cpu ${cpu} Fargate offers ${SMALLEST.memory.join(", ")}`,
      },
    ];
  }
  const { from, to, step } = range;
  if (memoryMiB >= from && memoryMiB <= to && (memoryMiB - from) % step === 0) return [];
  return [
    {
      path: "memoryMiB",
      message: `is ${memoryMiB}; with cpu ${cpu} Fargate offers ${from} to ${to} in steps of ${step}`,
    },
  ];
}

function problems({ cpu, memoryMiB, containers, volumes }: TaskDefinitionArgs): Problem[] {
  const names = volumes.map(({ name }) => name);
  return [
    ...sizeProblems(cpu, memoryMiB),
    ...broken([
      {
        path: "containers",
        holds: containers.some(({ essential }) => essential),
        message: "has no essential one; a task lives as long as its essential containers do",
      },
      ...containers.flatMap(({ mounts }, container) =>
        mounts.map(({ volume }, mount) => ({
          path: `containers[${container}].mounts[${mount}].volume`,
          holds: names.includes(volume),
          message: `is "${volume}", which is not among the volumes: ${names.join(", ") || "there are none"}`,
        })),
      ),
    ]),
  ];
}
