import type { Context, Inputs, Problem, Rules } from "../rule.ts";
import {
  arnOf,
  check,
  count,
  exactlyOne,
  integer,
  lengthOf,
  matches,
  must,
  needs,
  oneOf,
  select,
  when,
  without,
} from "./constraints.ts";
import { firstOf, kmsKey, refersTo, role, securityGroup, subnet } from "./references.ts";
import { amount, arn, blank, byInput, contentHash, created, known, list, nested, text } from "./shapes.ts";

const FUNCTION = "aws:lambda/function:Function";
/** Runtimes in which functions can still be created. Source: AWS Lambda developer guide, runtimes. */
const RUNTIMES = [
  ...["nodejs22.x", "nodejs24.x", "python3.10", "python3.11", "python3.12", "python3.13", "python3.14"],
  ...["java8.al2", "java11", "java17", "java21", "java25", "dotnet8", "dotnet10", "ruby3.3", "ruby3.4"],
  ...["provided.al2", "provided.al2023"],
];

/** Variables Lambda sets itself. Source: AWS Lambda developer guide, environment variables. */
const RESERVED = [
  ...["_HANDLER", "_X_AMZN_TRACE_ID", "AWS_DEFAULT_REGION", "AWS_REGION", "AWS_EXECUTION_ENV"],
  ...["AWS_LAMBDA_FUNCTION_NAME", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_VERSION"],
  ...[
    "AWS_LAMBDA_INITIALIZATION_TYPE",
    "AWS_LAMBDA_LOG_GROUP_NAME",
    "AWS_LAMBDA_LOG_STREAM_NAME",
    "AWS_ACCESS_KEY",
  ],
  ...["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_LAMBDA_RUNTIME_API"],
  ...["LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR"],
];

export const lambdaFunctions: Rules = {
  [FUNCTION]: {
    name: {
      property: "name",
      pattern: /^[a-zA-Z0-9_-]+$/,
      allowed: "letters, digits, hyphens and underscores",
      maxLength: 64,
      scope: "region",
      autoname: "hex",
      taken: (name) => `ResourceConflictException: Function already exist: ${name}`,
    },
    id: byInput("name"),
    defaults: {
      memorySize: 128,
      packageType: "Zip",
      publish: false,
      reservedConcurrentExecutions: -1,
      skipDestroy: false,
      timeout: 3,
    },
    computed: (ctx) => {
      const functionArn = arn(ctx, "lambda", `function:${ctx.id}`);
      const version = ctx.inputs["publish"] === true ? String(1 + amountOf(ctx.state, "version")) : "$LATEST";
      const hash = contentHash(ctx.inputs["code"] ?? ctx.inputs["imageUri"] ?? ctx.inputs["s3Key"]);
      return {
        architectures: ["x86_64"],
        arn: functionArn,
        codeSha256: hash,
        ephemeralStorage: { size: 512 },
        invokeArn: invokeArn(ctx, functionArn),
        lastModified: created(ctx).replace("Z", ".000+0000"),
        loggingConfig: {
          applicationLogLevel: "",
          logFormat: "Text",
          logGroup: `/aws/lambda/${ctx.id}`,
          systemLogLevel: "",
        },
        qualifiedArn: `${functionArn}:${version}`,
        qualifiedInvokeArn: invokeArn(ctx, `${functionArn}:${version}`),
        responseStreamingInvokeArn: invokeArn(ctx, functionArn)
          .replace("2015-03-31", "2021-11-15")
          .replace(/invocations$/, "response-streaming-invocations"),
        sourceCodeHash: hash,
        sourceCodeSize: 1024,
        tracingConfig: { mode: "PassThrough" },
        version,
        ...blank("signingJobArn", "signingProfileVersionArn"),
      };
    },
    volatile: ["codeSha256", "sourceCodeHash", "version", "qualifiedArn", "qualifiedInvokeArn"],
    replaceOn: ["name", "packageType"],
    writeOnly: [
      "code",
      "publish",
      "replaceSecurityGroupsOnDestroy",
      "replacementSecurityGroupIds",
      "s3Bucket",
      "s3Key",
      "s3ObjectVersion",
      "skipDestroy",
    ],
    sets: ["vpcConfig.subnetIds", "vpcConfig.securityGroupIds"],
    check: check(
      oneOf("packageType", "Zip", "Image"),
      must(
        "runtime",
        (value) => RUNTIMES.includes(String(value)),
        `a runtime in which functions can still be created: ${RUNTIMES.join(", ")}`,
      ),
      when(
        (inputs) => inputs["packageType"] === "Image",
        needs("for package type Image", "imageUri"),
        without("for package type Image", "handler", "runtime", "layers", "code", "s3Key"),
      ),
      when(
        (inputs) => (inputs["packageType"] ?? "Zip") === "Zip",
        needs("for package type Zip", "handler", "runtime"),
        exactlyOne("code", "s3Bucket"),
      ),
      matches(
        "imageUri",
        /^\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com\/[a-z0-9._/-]+(:[\w.-]{1,128})?(@sha256:[0-9a-f]{64})?$/,
        "an image in Amazon ECR with a tag or digest",
      ),
      integer("memorySize", 128, 10240),
      integer("timeout", 1, 900),
      integer("ephemeralStorage.size", 512, 10240),
      integer("reservedConcurrentExecutions", -1, 1000),
      oneOf("architectures[]", "x86_64", "arm64"),
      count("architectures", 1, 1),
      oneOf("tracingConfig.mode", "Active", "PassThrough"),
      oneOf("loggingConfig.logFormat", "Text", "JSON"),
      count("layers", 0, 5),
      lengthOf("description", 0, 256),
      lengthOf("handler", 1, 128),
      arnOf("role", "iam"),
      arnOf("layers[]", "lambda"),
      arnOf("deadLetterConfig.targetArn", "(sqs|sns)"),
      arnOf("kmsKeyArn", "kms"),
      variables,
    ),
    admit: firstOf(
      refersTo({
        role,
        kmsKeyArn: kmsKey,
        "vpcConfig.subnetIds[]": subnet,
        "vpcConfig.securityGroupIds[]": securityGroup,
        "deadLetterConfig.targetArn": {
          types: ["aws:sqs/queue:Queue", "aws:sns/topic:Topic"],
          by: ["arn"],
          missing: (value) => `InvalidParameterValueException: The target ARN ${value} does not exist`,
        },
      }),
      roleSuffices,
    ),
  },
};

/** Lambda looks whether the role may do what Lambda itself does with it. Roles of elsewhere are taken as they are. */
function roleSuffices({ inputs, world }: Context): string | undefined {
  const bearer = world.find("aws:iam/role:Role", "arn", inputs["role"]);
  if (bearer === undefined) return undefined;
  const name = bearer.state["name"];
  const attached = world
    .list("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
    .some((attachment) => attachment.inputs["role"] === name);
  if (attached) return undefined;
  const granted = world
    .list("aws:iam/rolePolicy:RolePolicy")
    .filter((policy) => policy.inputs["role"] === name)
    .flatMap((policy) => allowedActions(policy.inputs["policy"]));
  const target = text(nested(inputs["deadLetterConfig"]), "targetArn");
  const needs = [
    {
      when: list(nested(inputs["vpcConfig"]), "subnetIds").length > 0,
      service: "EC2",
      call: "CreateNetworkInterface",
    },
    { when: target.startsWith("arn:aws:sqs:"), service: "SQS", call: "SendMessage" },
    { when: target.startsWith("arn:aws:sns:"), service: "SNS", call: "Publish" },
  ];
  const lacking = needs.find(
    ({ when: isNeeded, service, call }) => isNeeded && !grants(granted, `${service.toLowerCase()}:${call}`),
  );
  return (
    lacking &&
    `InvalidParameterValueException: The provided execution role does not have permissions to call ${lacking.call} on ${lacking.service}`
  );
}

/** What a policy allows, whatever the resource. */
function allowedActions(policy: unknown): unknown[] {
  const { Statement = [] } = (typeof policy === "string" ? JSON.parse(policy) : policy) as Inputs;
  return [Statement as Inputs | Inputs[]]
    .flat()
    .filter(({ Effect }) => Effect === "Allow")
    .flatMap(({ Action }) => Action);
}

/** Whether the actions are or comprise this one: all of its service, or all there are. */
function grants(actions: readonly unknown[], action: string): boolean {
  const [service = ""] = action.split(":");
  return [action, `${service}:*`, "*"].some((name) => actions.includes(name));
}

function amountOf(state: Inputs | undefined, property: string): number {
  return amount({ value: Number(state?.[property]) || 0 }, "value", 0);
}

function invokeArn(ctx: Context, functionArn: string): string {
  return `arn:${ctx.partition}:apigateway:${ctx.region}:lambda:path/2015-03-31/functions/${functionArn}/invocations`;
}

function variables(inputs: Inputs): Problem[] {
  const given = nested(select(inputs, "environment.variables")[0]?.value);
  const size = Object.entries(given).reduce(
    (sum, [key, value]) => sum + key.length + (known(value) ? String(value).length : 0),
    0,
  );
  return [
    ...Object.keys(given).flatMap((key) =>
      RESERVED.includes(key)
        ? [{ property: `environment.variables["${key}"]`, reason: "is reserved: Lambda sets it itself" }]
        : /^[A-Za-z]\w+$/.test(key)
          ? []
          : [
              {
                property: `environment.variables["${key}"]`,
                reason: "expected a letter first, then letters, digits and underscores",
              },
            ],
    ),
    ...(size > 4096
      ? [{ property: "environment.variables", reason: `expected at most 4096 bytes in all, got ${size}` }]
      : []),
  ];
}
