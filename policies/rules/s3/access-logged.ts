import { missing } from "../../core/expectations.ts";
import type { StackRule } from "../../core/rule.ts";
import { BUCKETS, isNamedBy } from "./buckets.ts";

const LOGGING = "aws:s3/bucketLogging:BucketLogging";
/** What writes its own logs into a bucket, by the property that names it: logs of logs have no end. */
const WRITERS: Readonly<Record<string, string>> = {
  [LOGGING]: "targetBucket",
  "aws:lb/loadBalancer:LoadBalancer": "accessLogs",
  "aws:alb/loadBalancer:LoadBalancer": "accessLogs",
  "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination": "deliveryDestinationConfiguration",
};

export const accessLogged: StackRule = {
  name: "s3-access-logged",
  description: "Buckets log who reads and writes them, but for those that hold logs.",
  severity: "low",
  group: "resilience",
  references: ["CKV_AWS_18", "FSBP S3.9", "AwsSolutions-S1", "AWS-0089"],
  url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html",
  types: BUCKETS,
  covers: [LOGGING],
  judge: (bucket, graph) => {
    const isLogged = graph.referring(bucket, "bucket", LOGGING).length > 0;
    return isLogged || isNamedBy(WRITERS, bucket, graph)
      ? []
      : [missing("access log", `Add an ${LOGGING} with a targetBucket for logs.`)];
  },
};
