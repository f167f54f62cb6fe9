import { at, missing } from "../../core/expectations.ts";
import type { StackRule } from "../../core/rule.ts";
import { isKnown } from "../../core/unknown.ts";

const SOURCE = "aws:cloudwatch/logDeliverySource:LogDeliverySource";
const DELIVERY = "aws:cloudwatch/logDelivery:LogDelivery";

export const distributionLogged: StackRule = {
  name: "cloudfront-access-logged",
  description: "Distributions log who asked for what.",
  severity: "medium",
  group: "resilience",
  references: ["CKV_AWS_86", "FSBP CloudFront.5", "AwsSolutions-CFR3", "AWS-0010"],
  url: "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/AccessLogs.html",
  types: ["aws:cloudfront/distribution:Distribution"],
  covers: [SOURCE, DELIVERY],
  judge: (distribution, graph) => {
    const bucket = at(distribution.inputs, "loggingConfig.bucket");
    const delivered = graph
      .referring(distribution, "resourceArn", SOURCE)
      .some((source) => graph.referring(source, "deliverySourceName", DELIVERY).length > 0);
    return delivered || !isKnown(bucket) || (typeof bucket === "string" && bucket !== "")
      ? []
      : [missing("access log", `Set loggingConfig, or add an ${SOURCE} and an ${DELIVERY}.`)];
  },
};
