import * as pulumi from "@pulumi/pulumi";
import { STREAMS, type LogDestination } from "./log-group.ts";
import type { Statement } from "./policy-document.ts";
import { Role } from "./role.ts";
import { mountStatement, type SharedDirectory } from "./shared-files.ts";
import { TRACING_STATEMENT } from "./tracing.ts";

/** Secrets that a service reads at run time. */
export interface SecretAccess {
  secretArns: pulumi.Input<string>[];
  /** The key that encrypts them. */
  secretsKeyArn: pulumi.Input<string>;
  region: string;
}

/** The two roles of a task. */
export interface TaskRoles {
  execution: Role;
  task: Role;
}

/** The arguments of {@link taskRoles}. */
export interface TaskRolesArgs extends SecretAccess {
  /** What the roles are for: "API service". */
  label: string;
  accountId: pulumi.Input<string>;
  repositoryArns: pulumi.Input<string>[];
  logGroup: LogDestination;
  tracing: "xray" | "none";
  /** Where interactive sessions are logged and with which key. @default - no sessions */
  sessions?: { logGroupArn: pulumi.Input<string>; kmsKeyArn: pulumi.Input<string> };
  /** @default - none */
  sharedDirectory?: SharedDirectory;
  /** What the application may do beyond reading its secrets. */
  taskStatements: Statement[];
}

/**
 * One role for ECS, which starts the containers, and one for the application inside them. Neither can do the other's
 * work.
 */
export function taskRoles(
  name: string,
  args: TaskRolesArgs,
  opts: pulumi.ComponentResourceOptions,
): TaskRoles {
  const trust = {
    service: "ecs-tasks.amazonaws.com",
    trustConditions: {
      StringEquals: { "aws:SourceAccount": args.accountId },
      ArnLike: { "aws:SourceArn": pulumi.interpolate`arn:aws:ecs:${args.region}:${args.accountId}:*` },
    },
  };
  return {
    execution: new Role(
      `${name}-execution`,
      {
        ...trust,
        description: `${args.label}: ECS pulls its images and writes its logs`,
        statements: executionStatements(args),
      },
      opts,
    ),
    task: new Role(
      `${name}-task`,
      {
        ...trust,
        description: `${args.label}: what the application itself may do`,
        statements: taskStatements(args),
      },
      opts,
    ),
  };
}

function executionStatements(args: TaskRolesArgs): Statement[] {
  const logs: Statement = {
    sid: "WriteLogs",
    actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
    resources: [pulumi.interpolate`${args.logGroup.arn}:*`],
    wildcard: STREAMS,
  };
  return args.repositoryArns.length === 0 ? [logs] : [...pullStatements(args.repositoryArns), logs];
}

/** Lets a role pull from the repositories. */
function pullStatements(repositoryArns: pulumi.Input<string>[]): Statement[] {
  return [
    {
      sid: "LogInToRegistry",
      actions: ["ecr:GetAuthorizationToken"],
      resources: ["*"],
      wildcard: "The token is the account's: ECR knows no resource for it",
    },
    {
      sid: "PullImages",
      actions: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
      resources: repositoryArns,
    },
  ];
}

function taskStatements(args: TaskRolesArgs): Statement[] {
  return [
    ...secretStatements(args),
    ...(args.tracing === "xray" ? [TRACING_STATEMENT] : []),
    ...(args.sessions ? sessionStatements(args.sessions) : []),
    ...(args.sharedDirectory ? [mountStatement(args.sharedDirectory)] : []),
    ...args.taskStatements,
  ];
}

/** Lets a role read the secrets, and use their key for nothing else. */
export function secretStatements(access: SecretAccess): Statement[] {
  if (access.secretArns.length === 0) return [];
  return [
    { sid: "ReadSecrets", actions: ["secretsmanager:GetSecretValue"], resources: access.secretArns },
    {
      sid: "DecryptSecrets",
      actions: ["kms:Decrypt"],
      resources: [access.secretsKeyArn],
      conditions: { StringEquals: { "kms:ViaService": `secretsmanager.${access.region}.amazonaws.com` } },
    },
  ];
}

/** ECS Exec (ECS Developer Guide, "Monitor Amazon ECS containers with ECS Exec"). */
function sessionStatements(sessions: NonNullable<TaskRolesArgs["sessions"]>): Statement[] {
  return [
    {
      sid: "OpenSessionChannels",
      actions: [
        "ssmmessages:CreateControlChannel",
        "ssmmessages:CreateDataChannel",
        "ssmmessages:OpenControlChannel",
        "ssmmessages:OpenDataChannel",
      ],
      resources: ["*"],
      wildcard: "The channels know no resources",
    },
    {
      sid: "FindSessionLog",
      actions: ["logs:DescribeLogGroups"],
      resources: ["*"],
      wildcard: "Listing log groups knows no resource",
    },
    {
      sid: "WriteSessionLog",
      actions: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
      // IAM compares some requests with the group's ARN, others with that of its streams.
      resources: [sessions.logGroupArn, pulumi.interpolate`${sessions.logGroupArn}:*`],
      wildcard: STREAMS,
    },
    {
      // The key encrypts much else: only what names a session in its encryption context is one's.
      sid: "DecryptSessions",
      actions: ["kms:Decrypt"],
      resources: [sessions.kmsKeyArn],
      conditions: { Null: { "kms:EncryptionContext:aws:ssm:SessionId": "false" } },
    },
  ];
}
