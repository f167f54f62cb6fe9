import type { Container } from "./container.ts";
import { placeholderCommand, PLACEHOLDER_IMAGE } from "./placeholder.ts";
import type { ServiceArgs } from "./service-args.ts";
import type { TaskVolume } from "./task-definition.ts";
import { collector, TRACING_ENVIRONMENT } from "./tracing.ts";

/** The user `node` of the official Node images. */
const NODE_USER = "1000:1000";

/**
 * Where the agent of ECS Exec writes. AWS calls a read-only root and ECS Exec incompatible because of these two
 * directories; as volumes they are writable.
 */
const SESSION_DIRECTORIES = [
  { volume: "session-state", path: "/var/lib/amazon" },
  { volume: "session-log", path: "/var/log/amazon" },
];

const SHARED_VOLUME = "shared";

/** The containers of a service's task: the application, and the trace collector if there is tracing. */
export function serviceContainers(name: string, args: ServiceArgs): Container[] {
  const log = (streamPrefix: string) => ({
    groupName: args.logGroup.name,
    region: args.region,
    streamPrefix,
  });
  return [application(name, args, log(name)), ...(args.tracing === "xray" ? [collector(log("xray"))] : [])];
}

/** The volumes that those containers mount. */
export function serviceVolumes(args: ServiceArgs): TaskVolume[] {
  return [
    ...(args.sessions ? SESSION_DIRECTORIES.map(({ volume }) => ({ name: volume })) : []),
    ...(args.sharedDirectory ? [{ name: SHARED_VOLUME, shared: args.sharedDirectory }] : []),
  ];
}

function application(name: string, args: ServiceArgs, log: Container["log"]): Container {
  const code =
    args.image === undefined
      ? { image: PLACEHOLDER_IMAGE, command: placeholderCommand(args.port, args.healthPath) }
      : { image: args.image };
  return {
    name,
    ...code,
    essential: true,
    user: NODE_USER,
    environment: {
      ...args.environment,
      ...(args.tracing === "xray" && TRACING_ENVIRONMENT),
    },
    port: args.port,
    // The load balancer lets go of a task within 30 s.
    stopTimeoutSeconds: 60,
    scratch: [{ path: "/tmp", sizeMiB: 64 }],
    mounts: [
      ...(args.sessions ? SESSION_DIRECTORIES : []),
      ...(args.sharedDirectory ? [{ volume: SHARED_VOLUME, path: args.sharedDirectory.path }] : []),
    ],
    log,
  };
}
