import type * as aws from "@pulumi/aws";
import { expect, isSet } from "../../core/expectations.ts";
import { check, type ResourceRule } from "../../core/rule.ts";

export const trailWatched: ResourceRule = {
  name: "cloudtrail-watched",
  description: "Trails go to CloudWatch Logs too, where alarms can watch them.",
  severity: "medium",
  group: "resilience",
  references: ["CKV2_AWS_10", "FSBP CloudTrail.5", "CIS AWS 3.4", "AWS-0162"],
  url: "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/send-cloudtrail-events-to-cloudwatch-logs.html",
  checks: [
    check<aws.cloudtrail.TrailArgs>("aws:cloudtrail/trail:Trail", (trail) => [
      ...expect(trail.cloudWatchLogsGroupArn, "cloudWatchLogsGroupArn", { ...isSet, must: "a log group" }),
      ...expect(trail.cloudWatchLogsRoleArn, "cloudWatchLogsRoleArn", { ...isSet, must: "a role" }),
    ]),
  ],
};
