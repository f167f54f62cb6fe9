import type * as awsTypes from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { aws } from "./aws.ts";
import { Connection, type ListeningPeer } from "./connection.ts";
import { deadLetterStatements } from "./dead-letters.ts";
import { type LogDestination, STREAMS } from "./log-group.ts";
import { statementProblems, type Statement } from "./policy-document.ts";
import { INTERFACE_ACTIONS } from "./network-interfaces.ts";
import { broken, type Problem } from "./problems.ts";
import { Role } from "./role.ts";
import { securityGroup } from "./security-group.ts";
import { TRACING_STATEMENT } from "./tracing.ts";
import { useKey } from "./use-key.ts";

/** A function's code: what is deployed, and what says that it is another one. */
export interface FunctionCode {
  /** With an `index.mjs` that exports `handler`. */
  archive: pulumi.asset.Archive;
  /** Of its content. */
  hash: string;
}

/** What all functions have in common that look after a stack's secrets: see `RotationBase`. */
export interface MaintenanceSetting {
  region: string;
  accountId: pulumi.Input<string>;
  /** Encrypts the environment and the dead letters. */
  kmsKeyArn: pulumi.Input<string>;
  logGroup: LogDestination;
  deadLetterArn: pulumi.Input<string>;
  tracing: "xray" | "none";
  /**
   * Whether one execution of the account's is set aside for each function, so that none of them ever runs twice at once. New
   * accounts have none to spare: there only what calls them keeps them from it.
   */
  concurrency: "one" | "shared";
}

/** Where a function lies that must reach something in a VPC. */
export interface MaintenanceNetwork {
  vpcId: pulumi.Input<string>;
  /** Private subnets: with a way to Secrets Manager, by NAT or by interface endpoints. */
  subnetIds: pulumi.Input<string[]>;
  /** What it connects to, and why. */
  reaches: { peer: ListeningPeer; reason: string }[];
  /** What it needs HTTPS to the internet for, through NAT. @default - nothing: that way stays closed */
  internet?: string;
}

/** The arguments of {@link maintenanceFunction}. */
export interface MaintenanceArgs {
  setting: MaintenanceSetting;
  /** What it is, in words: "Database rotation". */
  label: string;
  code: FunctionCode;
  /** No secret: only where secrets are. */
  environment: Record<string, pulumi.Input<string>>;
  /** What it may do beyond running. */
  statements: Statement[];
  /** 1 to 900. */
  timeoutSeconds: number;
  /** @default - none: it reaches the internet, and nothing in a VPC */
  network?: MaintenanceNetwork;
}

/** A function that has been made. */
export interface MaintenanceFunction {
  lambda: awsTypes.lambda.Function;
  role: Role;
  /** The ways that it needs before it can do its work. */
  ways: pulumi.Resource[];
}

/**
 * A function on the current Node (ARM64), encrypted, traced, with a role of its own and, where it must reach something in
 * a VPC, a security group with the ways that it is told and no other. Costs nothing while nobody calls it.
 */
export function maintenanceFunction(
  name: string,
  args: MaintenanceArgs,
  opts: pulumi.ComponentResourceOptions,
): MaintenanceFunction {
  const { setting } = args;
  const placed = args.network && place(name, args.label, args.network, opts);
  const role = new Role(
    name,
    {
      description: `${args.label}: what the function may do`,
      service: "lambda.amazonaws.com",
      statements: [
        ...runStatements(setting),
        ...(placed ? networkStatements(setting) : []),
        ...args.statements,
      ],
    },
    opts,
  );
  const lambda = new aws.lambda.Function(
    name,
    {
      packageType: "Zip",
      runtime: "nodejs24.x",
      handler: "index.handler",
      code: args.code.archive,
      description: args.label,
      architectures: ["arm64"],
      role: role.readyArn,
      memorySize: 256,
      timeout: args.timeoutSeconds,
      ...(setting.concurrency === "one" && { reservedConcurrentExecutions: 1 }),
      environment: { variables: args.environment },
      kmsKeyArn: setting.kmsKeyArn,
      tracingConfig: { mode: setting.tracing === "xray" ? "Active" : "PassThrough" },
      deadLetterConfig: { targetArn: setting.deadLetterArn },
      loggingConfig: { logFormat: "JSON", logGroup: setting.logGroup.name },
      ...(placed && { vpcConfig: placed.vpcConfig }),
    },
    opts,
  );
  return { lambda, role, ways: placed?.ways ?? [] };
}

function place(
  name: string,
  label: string,
  network: MaintenanceNetwork,
  opts: pulumi.ComponentResourceOptions,
): { vpcConfig: awsTypes.types.input.lambda.FunctionVpcConfig; ways: pulumi.Resource[] } {
  const group = securityGroup(name, { vpcId: network.vpcId, description: label }, opts);
  const from = { label, securityGroupId: group.id };
  const connections = network.reaches.map(
    ({ peer, reason }) =>
      new Connection(
        `${name}-to-${peer.label.toLowerCase().replaceAll(/\W+/g, "-")}`,
        { from, to: peer, reason },
        opts,
      ),
  );
  const https =
    network.internet === undefined
      ? []
      : [
          new aws.vpc.SecurityGroupEgressRule(
            `${name}-https`,
            {
              securityGroupId: group.id,
              cidrIpv4: "0.0.0.0/0",
              ipProtocol: "tcp",
              fromPort: 443,
              toPort: 443,
              description: `${label} to internet: ${network.internet}`,
            },
            opts,
          ),
        ];
  return {
    vpcConfig: { subnetIds: network.subnetIds, securityGroupIds: [group.id] },
    ways: [...connections, ...https],
  };
}

function runStatements(setting: MaintenanceSetting): Statement[] {
  return [
    {
      sid: "WriteLogs",
      actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
      resources: [pulumi.interpolate`${setting.logGroup.arn}:*`],
      wildcard: STREAMS,
    },
    ...(setting.tracing === "xray" ? [TRACING_STATEMENT] : []),
    ...deadLetterStatements(setting.deadLetterArn, setting),
    useKey("DecryptEnvironment", ["kms:Decrypt"], "lambda", setting),
  ];
}

/**
 * Lambda itself makes the network interfaces, with the function's role; the function's own code must not (Lambda Developer
 * Guide, "Giving Lambda functions access to resources in an Amazon VPC").
 */
function networkStatements({ region, accountId }: MaintenanceSetting): Statement[] {
  return [
    {
      sid: "LambdaPlacesIt",
      actions: INTERFACE_ACTIONS,
      resources: ["*"],
      wildcard:
        "Lambda invents the interfaces, and listing them knows no resource; the code itself is denied all of it",
    },
    {
      sid: "NotByItself",
      effect: "Deny",
      actions: INTERFACE_ACTIONS,
      resources: ["*"],
      conditions: {
        ArnLike: {
          "lambda:SourceFunctionArn": pulumi.interpolate`arn:aws:lambda:${region}:${accountId}:function:*`,
        },
      },
      wildcard: "Whichever function's code asks, for whatever interface",
    },
  ];
}

/** What a function may do with a secret that it only reads. */
export function readSecret(
  what: string,
  secret: { arn: pulumi.Input<string>; keyArn: pulumi.Input<string> },
  region: string,
): Statement[] {
  return [
    { sid: `Read${what}`, actions: ["secretsmanager:GetSecretValue"], resources: [secret.arn] },
    useKey(`Decrypt${what}`, ["kms:Decrypt"], "secretsmanager", { kmsKeyArn: secret.keyArn, region }),
  ];
}

const RULE_CHARACTERS = "letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*";

/** Whether the text can stand in the description of a security group's rule (EC2 API reference, IpRange). */
function inRule(text: string): boolean {
  return /^[\w .:/()#,@[\]+=&;{}!$*-]*$/.test(text);
}

/** Source: Lambda API reference, CreateFunction. */
export function maintenanceProblems(name: string, args: MaintenanceArgs): Problem[] {
  const { timeoutSeconds, label } = args;
  return [
    ...broken([
      {
        path: "name",
        holds: /^[\w-]{1,56}$/.test(name),
        message: `is "${name}"; the function is named after it: up to 56 letters, digits, hyphens and underscores`,
      },
      {
        path: "label",
        holds: inRule(label) && label.length >= 1 && label.length <= 100,
        message: `is "${label}"; say in 1 to 100 ${RULE_CHARACTERS} what the function is`,
      },
      {
        path: "timeoutSeconds",
        holds: Number.isInteger(timeoutSeconds) && timeoutSeconds >= 1 && timeoutSeconds <= 900,
        message: `is ${timeoutSeconds}; Lambda allows 1 to 900`,
      },
      {
        path: "network.internet",
        holds: inRule(args.network?.internet ?? "") && (args.network?.internet ?? "").length <= 120,
        message: `is "${args.network?.internet ?? ""}"; EC2 takes up to 120 ${RULE_CHARACTERS}`,
      },
      {
        path: "network.reaches",
        holds: args.network === undefined || args.network.reaches.length > 0,
        message: "is empty; name what the function reaches in the VPC, or leave network out",
      },
    ]),
    ...statementProblems("statements", args.statements),
  ];
}
