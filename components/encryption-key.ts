import * as pulumi from "@pulumi/pulumi";
import { aws } from "./aws.ts";
import { policyJson, type Conditions, type Statement } from "./policy-document.ts";
import { broken, throwProblems, type Problem } from "./problems.ts";

/** An AWS service that encrypts with the key on behalf of the stack. */
export type EncryptingService = "cloudfront" | "cloudtrail" | "cloudwatch" | "events" | "logs" | "budgets";

/** The arguments of {@link EncryptionKey}. */
export interface EncryptionKeyArgs {
  /** What the key encrypts, in a sentence. */
  description: string;
  accountId: pulumi.Input<string>;
  /** Where it lies, as a plain value: the key policy names the region's CloudWatch Logs. A change replaces the key. */
  region: string;
  /** The services that use the key by themselves, without a caller of this account. @default - none */
  services?: EncryptingService[];
  /** Days between a deletion and its finality, 7 to 30. */
  deletionWindowDays: number;
}

/**
 * A customer-managed KMS key with yearly rotation and an alias. USD 1 a month, and 1 more after each of its first two
 * rotations; USD 0.03 per 10,000 requests. A new region replaces it; removing it schedules its deletion, and
 * with the key goes all that it encrypted: give the component `protect`.
 */
export class EncryptionKey extends pulumi.ComponentResource {
  public readonly arn: pulumi.Output<string>;

  /** @throws pulumi.InputPropertiesError with every bad argument */
  constructor(name: string, args: EncryptionKeyArgs, opts?: pulumi.ComponentResourceOptions) {
    throwProblems("EncryptionKey", name, problems(name, args));
    const policy = statements(args);
    super("macro-ai:components:EncryptionKey", name, { statements: policy }, opts);
    const key = new aws.kms.Key(
      name,
      {
        description: args.description,
        policy: policyJson(policy),
        enableKeyRotation: true,
        deletionWindowInDays: args.deletionWindowDays,
        region: args.region,
      },
      { parent: this },
    );
    new aws.kms.Alias(
      name,
      { namePrefix: `alias/${name}-`, targetKeyId: key.keyId, region: args.region },
      { parent: this },
    );
    this.arn = key.arn;
    this.registerOutputs({ arn: this.arn });
  }
}

/** The account's own IAM policies decide who may use the key (the AWS default), and the services encrypt for it. */
function statements(args: EncryptionKeyArgs): Statement[] {
  const account: Statement = {
    sid: "AccountAdministers",
    principals: { AWS: pulumi.interpolate`arn:aws:iam::${args.accountId}:root` },
    actions: ["kms:*"],
    resources: ["*"],
    wildcard: `A key without it can be lost to everybody (KMS Developer Guide, "Default key policy"). ${THIS_KEY}`,
  };
  return [account, ...(args.services ?? []).flatMap((service) => serviceStatements(service, args))];
}

const THIS_KEY = "In a key policy * means this key";

/** Publishing to an encrypted topic (SNS Developer Guide, "Enable compatibility between event sources and encrypted topics"). */
const PUBLISHING = ["kms:Decrypt", "kms:GenerateDataKey*"];

/**
 * What each service does with the key, as the guides named at {@link bounds} list it. CloudFront only reads; CloudTrail
 * only writes, for which S3 needs to decrypt where the bucket has a bucket key.
 */
const USES: Record<EncryptingService, string[]> = {
  budgets: PUBLISHING,
  cloudfront: ["kms:Decrypt"],
  cloudtrail: ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey*"],
  cloudwatch: PUBLISHING,
  events: PUBLISHING,
  logs: ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
};

function serviceStatements(service: EncryptingService, args: EncryptionKeyArgs): Statement[] {
  const principals = {
    Service: service === "logs" ? `logs.${args.region}.amazonaws.com` : `${service}.amazonaws.com`,
  };
  const title = `${service[0]?.toUpperCase() ?? ""}${service.slice(1)}`;
  const conditions = bounds[service](args);
  const use: Statement = {
    sid: `${title}Uses`,
    principals,
    actions: USES[service],
    resources: ["*"],
    ...(conditions && { conditions }),
    wildcard: USES[service].some((action) => action.endsWith("*"))
      ? `${THIS_KEY}; the actions' variants differ in where the data key goes`
      : THIS_KEY,
  };
  if (service !== "logs") return [use];
  // It tells nothing but that the key is there and in use; requests for it have no encryption context to be bound by.
  const describe: Statement = {
    sid: `${title}Describes`,
    principals,
    actions: ["kms:DescribeKey"],
    resources: ["*"],
    wildcard: THIS_KEY,
  };
  return [use, describe];
}

const ownAccount = ({ accountId }: EncryptionKeyArgs): Conditions => ({
  StringEquals: { "aws:SourceAccount": accountId },
});

/**
 * What binds each service to this account, against the confused deputy. Logs say in the encryption context for what they
 * encrypt (CloudWatch Logs User Guide, "Encrypt log data using AWS KMS"). CloudTrail names the trail (CloudTrail User
 * Guide, "Configure AWS KMS key policies"); its encryption context is the bucket's where a bucket key is in use.
 * CloudFront names the distribution (CloudFront Developer Guide, "SSE-KMS" below "Restrict access to an Amazon S3
 * origin"). Nothing binds EventBridge, whose messages to encrypted topics support no source condition (SNS Developer
 * Guide, "Enable compatibility between event sources and encrypted topics").
 */
const bounds: Record<EncryptingService, (args: EncryptionKeyArgs) => Conditions | undefined> = {
  budgets: ownAccount,
  cloudfront: ({ accountId }) => ({
    ArnLike: { "aws:SourceArn": pulumi.interpolate`arn:aws:cloudfront::${accountId}:distribution/*` },
  }),
  cloudtrail: ({ accountId }) => ({
    ArnLike: { "aws:SourceArn": pulumi.interpolate`arn:aws:cloudtrail:*:${accountId}:trail/*` },
  }),
  cloudwatch: ownAccount,
  events: () => undefined,
  logs: ({ accountId, region }) => ({
    ArnLike: {
      "kms:EncryptionContext:aws:logs:arn": pulumi.interpolate`arn:aws:logs:${region}:${accountId}:log-group:*`,
    },
  }),
};

/** Source: KMS API reference, CreateKey, ScheduleKeyDeletion and CreateAlias. */
function problems(name: string, { description, deletionWindowDays: days }: EncryptionKeyArgs): Problem[] {
  return broken([
    {
      path: "name",
      holds: /^[\w/-]+$/.test(name) && !name.startsWith("aws/"),
      message: `is "${name}"; the alias is named after it: letters, digits, _, / and -, and not aws/ at the beginning`,
    },
    {
      path: "description",
      holds: description.length >= 1 && description.length <= 8192,
      message: `has ${description.length} characters; say in 1 to 8192 what the key encrypts`,
    },
    {
      path: "deletionWindowDays",
      holds: Number.isInteger(days) && days >= 7 && days <= 30,
      message: `is ${days}; KMS waits 7 to 30 days`,
    },
  ]);
}
