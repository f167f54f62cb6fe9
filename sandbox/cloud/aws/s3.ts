import type { Context, Inputs, Problem, Rule, Rules } from "../rule.ts";
import { arnOf, check, count, exactlyOne, integer, lengthOf, must, oneOf } from "./constraints.ts";
import { policyDocument } from "./policies.ts";
import { bucket, firstOf, kmsKey, refersTo, role } from "./references.ts";
import { s3ZoneOf } from "./regions.ts";
import { absent, blank, byInput, contentHash, list, nested, text } from "./shapes.ts";

const BUCKET = "aws:s3/bucket:Bucket";
const OBJECT = "aws:s3/bucketObjectv2:BucketObjectv2";

/** A part of a bucket's configuration: its id is the bucket's name. */
function configuration(rule: Partial<Rule> = {}): Rule {
  return {
    id: byInput("bucket"),
    computed: () => ({}),
    admit: refersTo({ bucket }),
    ...rule,
    replaceOn: ["bucket", "expectedBucketOwner", ...(rule.replaceOn ?? [])],
  };
}

export const s3: Rules = {
  [BUCKET]: {
    name: {
      property: "bucket",
      pattern:
        /^(?!xn--|sthree-|amzn-s3-demo-|\d+\.\d+\.\d+\.\d+$)(?!.*\.\.)[a-z0-9][a-z0-9.-]*[a-z0-9](?<!-s3alias|--ol-s3|--x-s3)$/,
      allowed: "lower-case letters, digits, periods and hyphens, a letter or digit at both ends",
      minLength: 3,
      maxLength: 63,
      scope: "global",
      autoname: "hex",
      autonameCase: "lower",
      taken: (name) =>
        `BucketAlreadyOwnedByYou: Your previous request to create the named bucket succeeded and you already own it: ${name}`,
    },
    id: byInput("bucket"),
    defaults: { forceDestroy: false },
    computed: (ctx) => ({
      arn: `arn:${ctx.partition}:s3:::${ctx.id}`,
      bucketDomainName: `${ctx.id}.s3.amazonaws.com`,
      bucketRegion: ctx.region,
      bucketRegionalDomainName: `${ctx.id}.s3.${ctx.region}.amazonaws.com`,
      bucketNamespace: "global",
      corsRules: [],
      grants: [],
      hostedZoneId: s3ZoneOf(ctx.region),
      lifecycleRules: [],
      objectLockEnabled: false,
      requestPayer: "BucketOwner",
      serverSideEncryptionConfiguration: {
        rule: { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } },
      },
      versioning: { enabled: false, mfaDelete: false },
      ...absent("logging", "objectLockConfiguration", "replicationConfiguration", "website"),
      ...blank("accelerationStatus", "acl", "bucketPrefix", "policy", "websiteDomain", "websiteEndpoint"),
    }),
    replaceOn: ["bucket", "bucketPrefix", "objectLockEnabled"],
    writeOnly: ["forceDestroy"],
    guardDelete: (ctx) => {
      const objects = ctx.world.list(OBJECT).filter(({ inputs }) => inputs["bucket"] === ctx.id).length;
      return objects > 0 && ctx.inputs["forceDestroy"] !== true
        ? `BucketNotEmpty: The bucket you tried to delete is not empty: ${ctx.id} holds ${objects} objects. Empty it, or set forceDestroy`
        : undefined;
    },
  },
  "aws:s3/bucketPolicy:BucketPolicy": configuration({ check: check(policyDocument("policy", "resource")) }),
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": configuration({
    defaults: {
      blockPublicAcls: false,
      blockPublicPolicy: false,
      ignorePublicAcls: false,
      restrictPublicBuckets: false,
    },
  }),
  "aws:s3/bucketVersioning:BucketVersioning": configuration({
    check: check(
      oneOf("versioningConfiguration.status", "Enabled", "Suspended", "Disabled"),
      oneOf("versioningConfiguration.mfaDelete", "Enabled", "Disabled"),
    ),
  }),
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": configuration({
    sets: ["rules"],
    check: check(
      count("rules", 1, 1),
      oneOf("rules[].applyServerSideEncryptionByDefault.sseAlgorithm", "AES256", "aws:kms", "aws:kms:dsse"),
      kmsOnlyWithKms,
    ),
    admit: refersTo({ bucket, "rules[].applyServerSideEncryptionByDefault.kmsMasterKeyId": kmsKey }),
  }),
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": configuration({
    computed: () => ({
      expectedBucketOwner: "",
      transitionDefaultMinimumObjectSize: "all_storage_classes_128K",
    }),
    check: check(
      count("rules", 1, 1000),
      oneOf("rules[].status", "Enabled", "Disabled"),
      lengthOf("rules[].id", 1, 255),
      integer("rules[].expiration.days", 1, 2147483647),
      integer("rules[].noncurrentVersionExpiration.noncurrentDays", 1, 2147483647),
      integer("rules[].abortIncompleteMultipartUpload.daysAfterInitiation", 1, 2147483647),
      oneOf(
        "rules[].transitions[].storageClass",
        "GLACIER",
        "STANDARD_IA",
        "ONEZONE_IA",
        "INTELLIGENT_TIERING",
        "DEEP_ARCHIVE",
        "GLACIER_IR",
      ),
      lifecycleRules,
    ),
  }),
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": configuration({
    check: check(
      oneOf("rule.objectOwnership", "BucketOwnerPreferred", "ObjectWriter", "BucketOwnerEnforced"),
    ),
  }),
  "aws:s3/bucketLogging:BucketLogging": configuration({ admit: refersTo({ bucket, targetBucket: bucket }) }),
  "aws:s3/bucketReplicationConfig:BucketReplicationConfig": configuration({
    writeOnly: ["token"],
    check: check(
      count("rules", 1, 1000),
      oneOf("rules[].status", "Enabled", "Disabled"),
      arnOf("rules[].destination.bucket", "s3"),
      arnOf("role", "iam"),
      oneOf(
        "rules[].destination.storageClass",
        "STANDARD",
        "REDUCED_REDUNDANCY",
        "STANDARD_IA",
        "ONEZONE_IA",
        "INTELLIGENT_TIERING",
        "GLACIER",
        "DEEP_ARCHIVE",
        "GLACIER_IR",
      ),
    ),
    admit: firstOf(refersTo({ bucket, role, "rules[].destination.bucket": bucket }), isVersioned),
  }),
  [OBJECT]: {
    name: { property: "key", maxLength: 1024, scope: "none", autoname: "optional" },
    id: (ctx) => `${text(ctx.inputs, "bucket")}/${text(ctx.inputs, "key", ctx.name)}`,
    defaults: { forceDestroy: false },
    computed: (ctx) => {
      const content = ctx.inputs["content"] ?? ctx.inputs["contentBase64"] ?? ctx.inputs["source"];
      return {
        arn: `arn:${ctx.partition}:s3:::${ctx.id}`,
        bucketKeyEnabled: false,
        checksumCrc64nvme: Buffer.from(contentHash(content)).toString("base64").slice(0, 12),
        contentType: "application/octet-stream",
        key: ctx.name,
        etag: Buffer.from(contentHash(content), "base64").toString("hex").slice(0, 32),
        serverSideEncryption: "AES256",
        storageClass: "STANDARD",
        versionId: ctx.hex(32, "version"),
        ...blank("acl", "checksumCrc32", "checksumCrc32c", "checksumSha1", "checksumSha256", "kmsKeyId"),
      };
    },
    volatile: ["etag", "versionId", "checksumCrc64nvme"],
    replaceOn: ["bucket", "key"],
    writeOnly: ["content", "contentBase64", "source", "sourceHash", "forceDestroy"],
    check: check(
      oneAtMost,
      oneOf("serverSideEncryption", "AES256", "aws:kms", "aws:kms:dsse"),
      must("key", (value) => !String(value).startsWith("/"), "a key that does not begin with /"),
    ),
    admit: refersTo({ bucket }),
  },
};

const oneSource = exactlyOne("content", "contentBase64", "source");

function oneAtMost(inputs: Inputs): Problem[] {
  return ["content", "contentBase64", "source"].every((property) => inputs[property] === undefined)
    ? []
    : oneSource(inputs);
}

function kmsOnlyWithKms(inputs: Inputs): Problem[] {
  return list(inputs, "rules").flatMap((rule, index) => {
    const { sseAlgorithm, kmsMasterKeyId } = nested(nested(rule)["applyServerSideEncryptionByDefault"]);
    return sseAlgorithm === "AES256" && kmsMasterKeyId !== undefined
      ? [
          {
            property: `rules[${index}].applyServerSideEncryptionByDefault.kmsMasterKeyId`,
            reason: "is only valid with sseAlgorithm aws:kms or aws:kms:dsse",
          },
        ]
      : [];
  });
}

const LIFECYCLE_ACTIONS = [
  "abortIncompleteMultipartUpload",
  "expiration",
  "noncurrentVersionExpiration",
  "noncurrentVersionTransitions",
  "transitions",
];

function lifecycleRules(inputs: Inputs): Problem[] {
  const rules = list(inputs, "rules").map(nested);
  return rules.flatMap((rule, index) => [
    ...(LIFECYCLE_ACTIONS.some((action) => rule[action] !== undefined)
      ? []
      : [{ property: `rules[${index}]`, reason: `give at least one of ${LIFECYCLE_ACTIONS.join(", ")}` }]),
    ...(rules.findIndex(({ id }) => id === rule["id"]) === index || typeof rule["id"] !== "string"
      ? []
      : [{ property: `rules[${index}].id`, reason: `"${rule["id"]}" is used by two rules` }]),
  ]);
}

function isVersioned({ inputs, world }: Context): string | undefined {
  const versioning = world.get("aws:s3/bucketVersioning:BucketVersioning", text(inputs, "bucket"));
  return nested(versioning?.inputs["versioningConfiguration"])["status"] === "Enabled"
    ? undefined
    : "InvalidRequest: Versioning must be 'Enabled' on the bucket to apply a replication configuration";
}
