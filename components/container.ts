import type * as pulumi from "@pulumi/pulumi";

/** A writable directory of a container whose root is read-only, kept in memory. */
export interface ScratchDirectory {
  path: string;
  sizeMiB: number;
}

/** One container of a task, in the terms of the ECS API. */
export interface Container {
  name: string;
  image: pulumi.Input<string>;
  /** A task ends when an essential container ends. */
  essential: boolean;
  command?: string[];
  /** User and group id, never 0. */
  user: string;
  environment: Record<string, pulumi.Input<string>>;
  port?: number;
  /** Memory in MiB that the task sets aside for it. @default - none: it shares what the others leave */
  memoryReservationMiB?: number;
  /** Seconds between SIGTERM and SIGKILL, at most 120. */
  stopTimeoutSeconds: number;
  scratch: ScratchDirectory[];
  mounts: { volume: string; path: string }[];
  log: { groupName: pulumi.Input<string>; region: string; streamPrefix: string };
}

/** A container definition as the ECS API reads it, with everything locked that can be. */
export function containerDefinition(container: Container): Record<string, unknown> {
  return {
    name: container.name,
    image: container.image,
    essential: container.essential,
    ...(container.command && { command: container.command }),
    user: container.user,
    privileged: false,
    readonlyRootFilesystem: true,
    environment: Object.entries(container.environment).map(([name, value]) => ({ name, value })),
    ...(container.port !== undefined && {
      portMappings: [{ containerPort: container.port, hostPort: container.port, protocol: "tcp" }],
    }),
    ...(container.memoryReservationMiB !== undefined && {
      memoryReservation: container.memoryReservationMiB,
    }),
    linuxParameters: {
      // Reaps zombies and forwards signals, which Node as process 1 does not.
      initProcessEnabled: true,
      capabilities: { drop: ["ALL"] },
      ...(container.scratch.length > 0 && { tmpfs: container.scratch.map(tmpfs) }),
    },
    ulimits: [{ name: "nofile", softLimit: 65_536, hardLimit: 65_536 }],
    stopTimeout: container.stopTimeoutSeconds,
    mountPoints: container.mounts.map(({ volume, path }) => ({
      sourceVolume: volume,
      containerPath: path,
      readOnly: false,
    })),
    logConfiguration: {
      logDriver: "awslogs",
      options: {
        "awslogs-group": container.log.groupName,
        "awslogs-region": container.log.region,
        "awslogs-stream-prefix": container.log.streamPrefix,
        // A slow log service must not block the application.
        mode: "non-blocking",
        "max-buffer-size": "25m",
      },
    },
  };
}

function tmpfs({ path, sizeMiB }: ScratchDirectory): Record<string, unknown> {
  return {
    containerPath: path,
    size: sizeMiB,
    mountOptions: ["rw", "nosuid", "nodev", "noexec"],
  };
}
