import type { Context, Rules } from "../rule.ts";
import { arnOf, check, matches, oneOf, when } from "./constraints.ts";
import { naming, refersTo, unlessUsed } from "./references.ts";
import { arn, lastPart, mixed, nested, text } from "./shapes.ts";

const SOURCE = "aws:cloudwatch/logDeliverySource:LogDeliverySource";
const DESTINATION = "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination";
const DELIVERY = "aws:cloudwatch/logDelivery:LogDelivery";

/** Limits of a source's and a destination's name. Source: CloudWatch Logs API, PutDeliverySource. */
const NAME = {
  property: "name",
  pattern: /^[\w-]*$/,
  allowed: "letters, digits, hyphens and underscores",
  maxLength: 60,
  scope: "region",
  autoname: "hex",
} as const;

/** Where CloudFront's logs come from, whatever region the stack is in. */
const CLOUDFRONT_REGION = "us-east-1";

/** The delivery of services' logs by CloudWatch Logs ("vended logs"). */
export const logDelivery: Rules = {
  [SOURCE]: {
    name: NAME,
    id: (ctx) => arn(ctx, "logs", `delivery-source:${text(ctx.inputs, "name")}`),
    computed: (ctx) => ({
      arn: ctx.id,
      service: text(ctx.inputs, "resourceArn").split(":")[2] ?? "",
    }),
    replaceOn: ["name", "resourceArn", "logType"],
    check: check(
      arnOf("resourceArn"),
      when(
        (inputs) => text(inputs, "resourceArn").startsWith("arn:aws:cloudfront:"),
        oneOf("logType", "ACCESS_LOGS", "CONNECTION_LOGS"),
      ),
    ),
    admit: (ctx) => {
      const resource = text(ctx.inputs, "resourceArn");
      if (!resource.startsWith("arn:aws:cloudfront:")) return undefined;
      if (ctx.region !== CLOUDFRONT_REGION)
        return `ValidationException: the logs of CloudFront are delivered from ${CLOUDFRONT_REGION}, not from ${ctx.region}`;
      return ctx.world.get("aws:cloudfront/distribution:Distribution", lastPart(resource)) === undefined
        ? `ResourceNotFoundException: Resource ${resource} does not exist`
        : undefined;
    },
    guardDelete: unlessUsed(
      { [DELIVERY]: ["deliverySourceName"] },
      (ctx, users) =>
        `ConflictException: Delivery source ${text(ctx.inputs, "name")} is used by ${naming(users)}`,
    ),
  },
  [DESTINATION]: {
    name: NAME,
    id: (ctx) => text(ctx.inputs, "name"),
    computed: (ctx) => ({
      arn: arn(ctx, "logs", `delivery-destination:${ctx.id}`),
      deliveryDestinationType: destinationType(
        text(nested(ctx.inputs["deliveryDestinationConfiguration"]), "destinationResourceArn"),
      ),
    }),
    replaceOn: ["name", "outputFormat", "deliveryDestinationType"],
    check: check(
      matches(
        "deliveryDestinationConfiguration.destinationResourceArn",
        /^arn:aws:(s3|logs|firehose):/,
        "the ARN of a bucket, a log group or a delivery stream",
      ),
      oneOf("outputFormat", "json", "plain", "w3c", "raw", "parquet"),
      oneOf("deliveryDestinationType", "S3", "CWL", "FH", "XRAY"),
    ),
    admit: (ctx) => {
      const target = text(nested(ctx.inputs["deliveryDestinationConfiguration"]), "destinationResourceArn");
      if (target.startsWith("arn:aws:logs:")) return logGroupHere(ctx, target);
      if (!target.startsWith("arn:aws:s3:::")) return undefined;
      const bucket = target.slice("arn:aws:s3:::".length).split("/")[0] ?? "";
      return ctx.world.get("aws:s3/bucket:Bucket", bucket) === undefined
        ? `ValidationException: The specified bucket ${bucket} does not exist`
        : undefined;
    },
    guardDelete: unlessUsed(
      { [DELIVERY]: ["deliveryDestinationArn"] },
      (ctx, users) => `ConflictException: Delivery destination ${ctx.id} is used by ${naming(users)}`,
    ),
  },
  [DELIVERY]: {
    id: (ctx) => mixed(ctx, "delivery", 16),
    computed: (ctx) => ({
      arn: arn(ctx, "logs", `delivery:${ctx.id}`),
      fieldDelimiter: "",
      recordFields: [],
      s3DeliveryConfigurations: [],
    }),
    replaceOn: ["deliverySourceName", "deliveryDestinationArn"],
    check: check(arnOf("deliveryDestinationArn")),
    admit: refersTo({
      deliverySourceName: {
        types: [SOURCE],
        by: ["name"],
        missing: (name) => `ResourceNotFoundException: Delivery source ${name} does not exist`,
      },
      deliveryDestinationArn: {
        types: [DESTINATION],
        by: ["arn"],
        missing: (value) => `ResourceNotFoundException: Delivery destination ${value} does not exist`,
      },
    }),
  },
};

/** A bucket may lie anywhere; a log group lies where its delivery is. */
function logGroupHere({ region, world }: Context, arn: string): string | undefined {
  if (arn.split(":")[3] !== region)
    return `ValidationException: the log group ${arn} does not lie in ${region}, from where its logs are delivered`;
  return world.find("aws:cloudwatch/logGroup:LogGroup", "arn", arn) === undefined
    ? `ResourceNotFoundException: The specified log group ${arn} does not exist`
    : undefined;
}

function destinationType(target: string): string {
  const service = target.split(":")[2] ?? "";
  return { s3: "S3", logs: "CWL", firehose: "FH" }[service] ?? "";
}
