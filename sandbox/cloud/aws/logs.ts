import type { Inputs, Problem, Rules } from "../rule.ts";
import { arnOf, check, exactlyOne, lengthOf, matches, must, oneOf, requires } from "./constraints.ts";
import { policyDocument } from "./policies.ts";
import { kmsKey, logGroup, refersTo } from "./references.ts";
import { arn, byInput, known, nested, text } from "./shapes.ts";

const LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup";

/** Days CloudWatch Logs accepts; 0 keeps for ever. Source: CloudWatch Logs API, PutRetentionPolicy. */
const RETENTION = [
  0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

export const logs: Rules = {
  [LOG_GROUP]: {
    name: {
      property: "name",
      pattern: /^(?!aws\/)[a-zA-Z0-9_\-/.#]+$/,
      allowed: "letters, digits and _-/.#",
      maxLength: 512,
      scope: "region",
      autoname: "hex",
      taken: (name) => `ResourceAlreadyExistsException: The specified log group already exists: ${name}`,
    },
    id: byInput("name"),
    defaults: { retentionInDays: 0, skipDestroy: false },
    computed: (ctx) => ({
      arn: arn(ctx, "logs", `log-group:${ctx.id}`),
      deletionProtectionEnabled: false,
      logGroupClass: "STANDARD",
      namePrefix: "",
    }),
    replaceOn: ["name", "namePrefix", "logGroupClass"],
    writeOnly: ["skipDestroy"],
    check: check(
      must(
        "retentionInDays",
        (value) => RETENTION.includes(Number(value)),
        `one of ${RETENTION.join(", ")} days`,
      ),
      oneOf("logGroupClass", "STANDARD", "INFREQUENT_ACCESS", "DELIVERY"),
      arnOf("kmsKeyId", "kms"),
    ),
    admit: refersTo({ kmsKeyId: kmsKey }),
    guardDelete: (ctx) =>
      ctx.state?.["deletionProtectionEnabled"] === true
        ? `ValidationException: Log group ${ctx.id} is protected against deletion`
        : undefined,
    // What skipDestroy leaves behind keeps its name.
    onDelete: (ctx) => {
      if (ctx.inputs["skipDestroy"] === true) ctx.world.reserve(LOG_GROUP, ctx.id, 36500);
    },
  },
  "aws:cloudwatch/logMetricFilter:LogMetricFilter": {
    name: {
      property: "name",
      pattern: /^[^:*]+$/,
      allowed: "anything but : and *",
      maxLength: 512,
      scope: "none",
      autoname: "hex",
    },
    id: (ctx) => `${text(ctx.inputs, "logGroupName")}:${text(ctx.inputs, "name")}`,
    computed: () => ({ applyOnTransformedLogs: false }),
    replaceOn: ["name", "logGroupName"],
    check: check(
      lengthOf("pattern", 0, 1024),
      lengthOf("metricTransformation.name", 1, 255),
      matches(
        "metricTransformation.namespace",
        /^(?!AWS\/)[^:*$]{1,255}$/,
        "a namespace without :, * and $, not beginning with AWS/",
      ),
      requires("metricTransformation.dimensions", "metricTransformation.value"),
      conflictingDefault,
    ),
    admit: refersTo({ logGroupName: logGroup }),
  },
  "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": {
    id: (ctx) => text(ctx.inputs, "policyName", text(ctx.inputs, "resourceArn", ctx.name)),
    computed: (ctx) => ({
      policyScope: known(ctx.inputs["resourceArn"]) ? "RESOURCE" : "ACCOUNT",
      revisionId: ctx.hex(16, "revision"),
    }),
    replaceOn: ["policyName", "resourceArn"],
    check: check(exactlyOne("policyName", "resourceArn"), policyDocument("policyDocument", "resource", 5120)),
    admit: (ctx) =>
      ctx.state === undefined &&
      ctx.world.list("aws:cloudwatch/logResourcePolicy:LogResourcePolicy", ctx.region).length >= 10
        ? "LimitExceededException: Resource limit exceeded: at most 10 resource policies in a region"
        : undefined,
  },
};

function conflictingDefault(inputs: Inputs): Problem[] {
  const { dimensions, defaultValue } = nested(inputs["metricTransformation"]);
  return dimensions !== undefined && defaultValue !== undefined
    ? [{ property: "metricTransformation.defaultValue", reason: "conflicts with dimensions" }]
    : [];
}
