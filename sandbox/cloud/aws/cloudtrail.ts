import type { Context, Rules } from "../rule.ts";
import { arnOf, check, oneOf, requires } from "./constraints.ts";
import { bucket, firstOf, kmsKey, refersTo, role } from "./references.ts";
import { arn, blank, text } from "./shapes.ts";

const TRAIL = "aws:cloudtrail/trail:Trail";

export const cloudtrail: Rules = {
  [TRAIL]: {
    name: {
      property: "name",
      pattern: /^[a-zA-Z0-9](?!.*[._-]{2})[a-zA-Z0-9._-]*[a-zA-Z0-9]$/,
      allowed: "letters, digits and single ._- between them",
      minLength: 3,
      maxLength: 128,
      scope: "region",
      autoname: "hex",
      taken: (name) => `TrailAlreadyExistsException: Trail ${name} already exists`,
    },
    id: (ctx) => arn(ctx, "cloudtrail", `trail/${text(ctx.inputs, "name")}`),
    defaults: {
      enableLogFileValidation: false,
      enableLogging: true,
      includeGlobalServiceEvents: true,
      isMultiRegionTrail: false,
      isOrganizationTrail: false,
    },
    computed: (ctx) => ({ arn: ctx.id, homeRegion: ctx.region, ...blank("snsTopicArn") }),
    replaceOn: ["name"],
    check: check(
      arnOf("kmsKeyId", "kms"),
      arnOf("cloudWatchLogsGroupArn", "logs"),
      arnOf("cloudWatchLogsRoleArn", "iam"),
      requires("cloudWatchLogsGroupArn", "cloudWatchLogsRoleArn"),
      requires("cloudWatchLogsRoleArn", "cloudWatchLogsGroupArn"),
      oneOf("eventSelectors[].readWriteType", "All", "ReadOnly", "WriteOnly"),
      oneOf("insightSelectors[].insightType", "ApiCallRateInsight", "ApiErrorRateInsight"),
    ),
    admit: firstOf(
      refersTo({
        s3BucketName: {
          ...bucket,
          missing: (name) => `S3BucketDoesNotExistException: S3 bucket ${name} does not exist!`,
        },
        kmsKeyId: kmsKey,
        cloudWatchLogsRoleArn: role,
      }),
      mayWrite,
      fewEnough,
    ),
  },
};

/** CloudTrail tries the bucket when the trail is made. */
function mayWrite({ inputs, world }: Context): string | undefined {
  const name = text(inputs, "s3BucketName");
  const policy = text(world.get("aws:s3/bucketPolicy:BucketPolicy", name)?.inputs ?? {}, "policy");
  return policy.includes("cloudtrail.amazonaws.com")
    ? undefined
    : `InsufficientS3BucketPolicyException: Incorrect S3 bucket policy is detected for bucket: ${name}`;
}

function fewEnough({ state, world, region }: Context): string | undefined {
  return state === undefined && world.list(TRAIL, region).length >= 5
    ? "MaximumNumberOfTrailsExceededException: User: 123456789012 already has 5 trails in the region"
    : undefined;
}
