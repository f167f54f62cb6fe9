import type * as awsTypes from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { AlarmDefinition } from "./alarm-definition.ts";
import { functionAlarms } from "./alarms/function.ts";
import { aws } from "./aws.ts";
import { type DeadLetterQueue, deadLetterQueue, deadLetterStatements } from "./dead-letters.ts";
import type { AliasTarget } from "./domain.ts";
import { apiProblems, HttpApi, type ApiDomain, type Throttle } from "./http-api.ts";
import { STREAMS, type LogDestination } from "./log-group.ts";
import { placeholderHandler } from "./placeholder.ts";
import { statementProblems, type Statement } from "./policy-document.ts";
import { broken, throwProblems, type Problem } from "./problems.ts";
import { Role } from "./role.ts";
import { secretStatements, type SecretAccess } from "./task-roles.ts";
import { TRACING_STATEMENT } from "./tracing.ts";
import { useKey } from "./use-key.ts";

/** The arguments of {@link FunctionService}. */
export interface FunctionServiceArgs extends SecretAccess {
  /** What it is, in words: "API". */
  label: string;
  /** An image of this account's ECR for ARM64 that holds the Lambda Web Adapter. @default - a placeholder */
  image?: pulumi.Input<string>;
  /** Where the application in the image listens: `3040`. */
  port: number;
  /** Answered with 200 when the application is ready: `/api/health`. */
  healthPath: string;
  /** 128 to 10,240; CPU grows with it, 1,769 are one vCPU. */
  memoryMiB: number;
  /** 1 to 29: the API gives up after 30 s. */
  timeoutSeconds: number;
  /** Instances at most, and set aside for it. @default - none: it shares the account's */
  reservedConcurrency?: number;
  /** @default - 50 requests a second, 100 at once */
  throttle?: Throttle;
  tracing: "xray" | "none";
  /** Plain settings; secrets are read at run time by their ARNs. */
  environment: Record<string, pulumi.Input<string>>;
  /** Encrypts the environment, the dead letters and the access log. */
  kmsKeyArn: pulumi.Input<string>;
  logGroup: LogDestination;
  /** Days for which the access log is kept. */
  logRetentionDays: number;
  /** @default - the name that AWS gives the API */
  domain?: ApiDomain;
  /** What the application may do beyond reading its secrets. */
  taskStatements: Statement[];
}

const DEFAULT_THROTTLE: Throttle = { requestsPerSecond: 50, burst: 100 };

/** How the Lambda Web Adapter in the image finds the application; a placeholder ignores it. */
const adapterEnvironment = (args: FunctionServiceArgs): Record<string, string> => ({
  AWS_LWA_PORT: String(args.port),
  // Without it the adapter asks for "/", which the application does not serve.
  AWS_LWA_READINESS_CHECK_PATH: args.healthPath,
  AWS_LWA_INVOKE_MODE: "buffered",
});

/**
 * A service on Lambda (ARM64) behind an HTTP API: the application's own image, which listens on a port, run through the
 * Lambda Web Adapter in it; traced, throttled, with a dead-letter queue for asynchronous calls.
 *
 * Costs nothing while nobody calls: USD 0.20 per million requests, 0.0000133334 per GB-second and 1 per million
 * requests of the API. The first image replaces the placeholder's function, as a function cannot change from zip to image;
 * the API and its URL stay.
 */
export class FunctionService extends pulumi.ComponentResource {
  /** Without a trailing slash. */
  public readonly url: pulumi.Output<string>;
  /** Where the records of its own domain must lead, if it has one. */
  public readonly target?: AliasTarget;
  public readonly functionName: pulumi.Output<string>;
  public readonly roleName: pulumi.Output<string>;
  public readonly roleArn: pulumi.Output<string>;
  /** Other functions of the stack may send theirs there too: its alarm is this component's. */
  public readonly deadLetters: DeadLetterQueue;

  readonly #name: string;
  readonly #timeoutSeconds: number;
  readonly #apiId: pulumi.Output<string>;
  readonly #queueName: pulumi.Output<string>;

  /** @throws pulumi.InputPropertiesError with every bad argument */
  constructor(name: string, args: FunctionServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    throwProblems("FunctionService", name, problems(args));
    super("macro-ai:components:FunctionService", name, {}, opts);
    const deadLetters = deadLetterQueue(`${name}-dead-letters`, args, { parent: this });
    const role = this.createRole(name, args, deadLetters);
    const lambda = this.createFunction(name, args, role, deadLetters);
    const api = new HttpApi(
      name,
      {
        functionName: lambda.name,
        functionInvokeArn: lambda.invokeArn,
        throttle: args.throttle ?? DEFAULT_THROTTLE,
        kmsKeyArn: args.kmsKeyArn,
        logRetentionDays: args.logRetentionDays,
        ...(args.domain && { domain: args.domain }),
      },
      { parent: this },
    );
    this.url = api.url;
    if (api.target) this.target = api.target;
    this.functionName = lambda.name;
    this.roleName = role.name;
    this.roleArn = role.arn;
    this.#name = name;
    this.#timeoutSeconds = args.timeoutSeconds;
    this.#apiId = api.apiId;
    this.deadLetters = { name: deadLetters.name, arn: deadLetters.arn };
    this.#queueName = deadLetters.name;
    this.registerOutputs({ url: this.url, functionName: this.functionName });
  }

  /** What deserves watching. */
  public alarms(): AlarmDefinition[] {
    return functionAlarms(
      this.#name,
      { functionName: this.functionName, apiId: this.#apiId, deadLetterQueueName: this.#queueName },
      this.#timeoutSeconds,
    );
  }

  private createRole(name: string, args: FunctionServiceArgs, deadLetters: awsTypes.sqs.Queue): Role {
    return new Role(
      name,
      {
        description: `${args.label}: what the function may do`,
        service: "lambda.amazonaws.com",
        statements: [
          {
            sid: "WriteLogs",
            actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
            resources: [pulumi.interpolate`${args.logGroup.arn}:*`],
            wildcard: STREAMS,
          },
          ...(args.tracing === "xray" ? [TRACING_STATEMENT] : []),
          ...deadLetterStatements(deadLetters.arn, args),
          useKey("DecryptEnvironment", ["kms:Decrypt"], "lambda", args),
          ...secretStatements(args),
          ...args.taskStatements,
        ],
      },
      { parent: this },
    );
  }

  private createFunction(
    name: string,
    args: FunctionServiceArgs,
    role: Role,
    deadLetters: awsTypes.sqs.Queue,
  ): awsTypes.lambda.Function {
    return new aws.lambda.Function(
      name,
      {
        ...code(args),
        description: `${args.label}, behind an HTTP API`,
        architectures: ["arm64"],
        role: role.readyArn,
        memorySize: args.memoryMiB,
        timeout: args.timeoutSeconds,
        ...(args.reservedConcurrency !== undefined && {
          reservedConcurrentExecutions: args.reservedConcurrency,
        }),
        environment: { variables: { ...args.environment, ...adapterEnvironment(args) } },
        kmsKeyArn: args.kmsKeyArn,
        tracingConfig: { mode: args.tracing === "xray" ? "Active" : "PassThrough" },
        deadLetterConfig: { targetArn: deadLetters.arn },
        loggingConfig: { logFormat: "JSON", logGroup: args.logGroup.name },
      },
      { parent: this },
    );
  }
}

function code(
  args: FunctionServiceArgs,
): Pick<awsTypes.lambda.FunctionArgs, "packageType" | "imageUri" | "code" | "handler" | "runtime"> {
  if (args.image !== undefined) return { packageType: "Image", imageUri: args.image };
  return {
    packageType: "Zip",
    runtime: "nodejs24.x",
    handler: "index.handler",
    code: new pulumi.asset.AssetArchive({
      "index.mjs": new pulumi.asset.StringAsset(placeholderHandler(args.healthPath)),
    }),
  };
}

function problems(args: FunctionServiceArgs): Problem[] {
  const { memoryMiB, timeoutSeconds, reservedConcurrency } = args;
  return [
    ...broken([
      {
        path: "memoryMiB",
        holds: Number.isInteger(memoryMiB) && memoryMiB >= 128 && memoryMiB <= 10_240,
        message: `is ${memoryMiB}; Lambda allows 128 to 10240`,
      },
      {
        path: "timeoutSeconds",
        holds: Number.isInteger(timeoutSeconds) && timeoutSeconds >= 1 && timeoutSeconds <= 29,
        message: `is ${timeoutSeconds}; allowed are 1 to 29, since the API gives up after 30 s`,
      },
      {
        path: "reservedConcurrency",
        holds:
          reservedConcurrency === undefined ||
          (Number.isInteger(reservedConcurrency) && reservedConcurrency >= 1),
        message: `is ${String(reservedConcurrency)}; give a whole number of at least 1 (0 would stop the function), or leave it out`,
      },
      {
        path: "healthPath",
        holds: args.healthPath.startsWith("/"),
        message: `is "${args.healthPath}"; it must begin with a slash`,
      },
    ]),
    ...apiProblems(args),
    ...statementProblems("taskStatements", args.taskStatements),
  ];
}
