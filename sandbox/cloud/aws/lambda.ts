import { createHash } from "node:crypto";
import type { Context, Inputs, Rules } from "../rule.ts";
import { arnOf, check, exactlyOne, integer, json, matches, oneOf } from "./constraints.ts";
import { lambdaFunctions } from "./lambda-function.ts";
import { lambdaFunction, refersTo } from "./references.ts";
import type { Reference } from "./references.ts";
import {
  absent,
  arn,
  blank,
  byInput,
  contentHash,
  created,
  lastPart,
  letters,
  text,
  uuid,
} from "./shapes.ts";

const LAYER = "aws:lambda/layerVersion:LayerVersion";

const functionRef: Reference = {
  ...lambdaFunction,
  by: ["arn", "qualifiedArn", "invokeArn", "qualifiedInvokeArn", "name"],
};

export const lambda: Rules = {
  ...lambdaFunctions,
  "aws:lambda/permission:Permission": {
    name: {
      property: "statementId",
      pattern: /^[a-zA-Z0-9_-]+$/,
      allowed: "letters, digits, hyphens and underscores",
      maxLength: 100,
      scope: "none",
      autoname: "hex",
    },
    id: byInput("statementId"),
    computed: () => ({ statementIdPrefix: "" }),
    replaceOn: [
      ...[
        "action",
        "eventSourceToken",
        "function",
        "functionUrlAuthType",
        "invokedViaFunctionUrl",
        "principal",
        "principalOrgId",
      ],
      ...["qualifier", "sourceAccount", "sourceArn", "statementId", "statementIdPrefix"],
    ],
    check: check(
      matches("action", /^lambda:[A-Za-z*]+$/, "an action of Lambda such as lambda:InvokeFunction"),
      oneOf("functionUrlAuthType", "AWS_IAM", "NONE"),
      matches("sourceAccount", /^\d{12}$/, "an account of 12 digits"),
      matches(
        "principal",
        /^(\*|\d{12}|arn:.+|[a-z0-9.-]+\.amazonaws\.com)$/,
        "a service such as apigateway.amazonaws.com, an account or an ARN",
      ),
    ),
    admit: refersTo({ function: functionRef }),
  },
  "aws:lambda/alias:Alias": {
    name: {
      property: "name",
      pattern: /^(?!\d+$)[a-zA-Z0-9_-]+$/,
      allowed: "letters, digits, hyphens and underscores, not digits alone",
      maxLength: 128,
      scope: "none",
      autoname: "hex",
    },
    id: (ctx) => arn(ctx, "lambda", `function:${functionName(ctx.inputs)}:${text(ctx.inputs, "name")}`),
    computed: (ctx) => ({ arn: ctx.id, invokeArn: invokeArn(ctx, ctx.id) }),
    replaceOn: ["functionName", "name"],
    check: check(matches("functionVersion", /^(\$LATEST|\d+)$/, "$LATEST or a version number")),
    admit: refersTo({ functionName: functionRef }),
  },
  "aws:lambda/eventSourceMapping:EventSourceMapping": {
    id: (ctx) => uuid(ctx),
    defaults: { enabled: true },
    computed: (ctx) => ({
      arn: arn(ctx, "lambda", `event-source-mapping:${ctx.id}`),
      functionArn: arn(ctx, "lambda", `function:${functionName(ctx.inputs)}`),
      lastModified: created(ctx),
      ...absent("amazonManagedKafkaEventSourceConfig", "selfManagedKafkaEventSourceConfig"),
      lastProcessingResult: "",
      maximumRecordAgeInSeconds: 0,
      maximumRetryAttempts: 0,
      parallelizationFactor: 0,
      state: ctx.inputs["enabled"] === false ? "Disabled" : "Enabled",
      stateTransitionReason: "USER_INITIATED",
      uuid: ctx.id,
    }),
    replaceOn: [
      "eventSourceArn",
      "queues",
      "selfManagedEventSource",
      "startingPosition",
      "startingPositionTimestamp",
      "topics",
    ],
    check: check(
      integer("batchSize", 1, 10000),
      integer("maximumBatchingWindowInSeconds", 0, 300),
      oneOf("startingPosition", "AT_TIMESTAMP", "LATEST", "TRIM_HORIZON"),
      arnOf("eventSourceArn"),
    ),
    admit: refersTo({ functionName: functionRef }),
  },
  "aws:lambda/invocation:Invocation": {
    id: (ctx) =>
      `${functionName(ctx.inputs)}_${text(ctx.inputs, "qualifier", "$LATEST")}_${createHash("md5").update(ctx.hex(32)).update(text(ctx.inputs, "input")).digest("hex")}`,
    defaults: { lifecycleScope: "CREATE_ONLY", qualifier: "$LATEST" },
    computed: () => ({ result: "{}" }),
    volatile: ["result"],
    replaceOn: ["functionName", "qualifier", "input", "triggers"],
    check: check(json("input"), oneOf("lifecycleScope", "CREATE_ONLY", "CRUD")),
    admit: refersTo({ functionName: functionRef }),
  },
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": {
    id: (ctx) => [functionName(ctx.inputs), text(ctx.inputs, "qualifier")].filter(Boolean).join(":"),
    defaults: { maximumRetryAttempts: 2 },
    computed: () => ({}),
    replaceOn: ["functionName", "qualifier"],
    check: check(
      integer("maximumRetryAttempts", 0, 2),
      integer("maximumEventAgeInSeconds", 60, 21600),
      arnOf("destinationConfig.onFailure.destination"),
      arnOf("destinationConfig.onSuccess.destination"),
    ),
    admit: refersTo({ functionName: functionRef }),
  },
  "aws:lambda/functionUrl:FunctionUrl": {
    id: (ctx) => [functionName(ctx.inputs), text(ctx.inputs, "qualifier")].filter(Boolean).join("/"),
    defaults: { invokeMode: "BUFFERED" },
    computed: (ctx) => {
      const urlId = letters(ctx, "url", 32);
      return {
        functionArn: arn(ctx, "lambda", `function:${functionName(ctx.inputs)}`),
        functionUrl: `https://${urlId}.lambda-url.${ctx.region}.on.aws/`,
        urlId,
      };
    },
    replaceOn: ["functionName", "qualifier"],
    check: check(
      oneOf("authorizationType", "AWS_IAM", "NONE"),
      oneOf("invokeMode", "BUFFERED", "RESPONSE_STREAM"),
      integer("cors.maxAge", 0, 86400),
    ),
    admit: refersTo({ functionName: functionRef }),
  },
  [LAYER]: {
    id: (ctx) => arn(ctx, "lambda", `layer:${text(ctx.inputs, "layerName")}:${nextVersion(ctx)}`),
    computed: (ctx) => ({
      arn: ctx.id,
      codeSha256: contentHash(ctx.inputs["code"]),
      createdDate: created(ctx).replace("Z", ".000+0000"),
      layerArn: ctx.id.replace(/:\d+$/, ""),
      sourceCodeHash: contentHash(ctx.inputs["code"]),
      sourceCodeSize: 1024,
      version: lastPart(ctx.id),
      ...blank("signingJobArn", "signingProfileVersionArn"),
    }),
    replaceOn: [
      "code",
      "compatibleArchitectures",
      "compatibleRuntimes",
      "description",
      "layerName",
      "licenseInfo",
      "s3Bucket",
      "s3Key",
      "s3ObjectVersion",
      "sourceCodeHash",
    ],
    check: check(
      oneOf("compatibleArchitectures[]", "x86_64", "arm64"),
      matches("layerName", /^[a-zA-Z0-9_-]{1,64}$/, "letters, digits, hyphens and underscores, at most 64"),
      exactlyOne("code", "s3Bucket"),
    ),
    onDelete: (ctx) => ctx.world.reserve(LAYER, ctx.id, 36500),
  },
};

/** A function's name out of a name or an ARN. */
function functionName(inputs: Inputs): string {
  const given = text(inputs, "functionName");
  return given.startsWith("arn:") ? (given.split(":")[6] ?? "") : given;
}

function invokeArn(ctx: Context, functionArn: string): string {
  return `arn:${ctx.partition}:apigateway:${ctx.region}:lambda:path/2015-03-31/functions/${functionArn}/invocations`;
}

function nextVersion(ctx: Context): number {
  const layer = arn(ctx, "lambda", `layer:${text(ctx.inputs, "layerName")}`);
  let version = 1;
  while (
    ctx.world.get(LAYER, `${layer}:${version}`) !== undefined ||
    ctx.world.reservedUntil(LAYER, `${layer}:${version}`) !== undefined
  )
    version += 1;
  return version;
}
