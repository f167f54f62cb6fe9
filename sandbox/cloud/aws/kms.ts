import type { Context, Rules } from "../rule.ts";
import { arnOf, check, integer, lengthOf, oneOf } from "./constraints.ts";
import { policyDocument } from "./policies.ts";
import { firstOf, kmsKey, refersTo } from "./references.ts";
import { arn, lastPart, text, uuid } from "./shapes.ts";

const KEY = "aws:kms/key:Key";
const ALIAS = "aws:kms/alias:Alias";

export const kms: Rules = {
  [KEY]: {
    id: (ctx) => (ctx.inputs["multiRegion"] === true ? `mrk-${ctx.hex(32, "key")}` : uuid(ctx, "key")),
    defaults: {
      bypassPolicyLockoutSafetyCheck: false,
      customerMasterKeySpec: "SYMMETRIC_DEFAULT",
      enableKeyRotation: false,
      isEnabled: true,
      keyUsage: "ENCRYPT_DECRYPT",
    },
    computed: (ctx) => ({
      arn: arn(ctx, "kms", `key/${ctx.id}`),
      description: "",
      keyId: ctx.id,
      multiRegion: false,
      policy: defaultPolicy(ctx),
      rotationPeriodInDays: ctx.inputs["enableKeyRotation"] === true ? 365 : 0,
    }),
    replaceOn: ["customerMasterKeySpec", "customKeyStoreId", "keyUsage", "multiRegion", "xksKeyId"],
    writeOnly: ["bypassPolicyLockoutSafetyCheck", "deletionWindowInDays"],
    check: check(
      integer("deletionWindowInDays", 7, 30),
      integer("rotationPeriodInDays", 90, 2560),
      lengthOf("description", 0, 8192),
      oneOf("keyUsage", "ENCRYPT_DECRYPT", "SIGN_VERIFY", "GENERATE_VERIFY_MAC", "KEY_AGREEMENT"),
      oneOf(
        "customerMasterKeySpec",
        "SYMMETRIC_DEFAULT",
        "RSA_2048",
        "RSA_3072",
        "RSA_4096",
        "HMAC_224",
        "HMAC_256",
        "HMAC_384",
        "HMAC_512",
        "ECC_NIST_P256",
        "ECC_NIST_P384",
        "ECC_NIST_P521",
        "ECC_SECG_P256K1",
        "ML_DSA_44",
        "ML_DSA_65",
        "ML_DSA_87",
        "SM2",
      ),
      policyDocument("policy", "resource", 32768),
    ),
  },
  [ALIAS]: {
    name: {
      property: "name",
      pattern: /^alias\/(?!aws\/)[a-zA-Z0-9/_-]+$/,
      allowed: 'letters, digits, /_- after "alias/", not "alias/aws/"',
      maxLength: 256,
      scope: "region",
      autoname: "optional",
      taken: (name) => `AlreadyExistsException: An alias with the name ${name} already exists`,
    },
    id: (ctx) => text(ctx.inputs, "name", inventedAlias(ctx)),
    computed: (ctx) => {
      const target = text(ctx.inputs, "targetKeyId");
      return {
        arn: arn(ctx, "kms", ctx.id),
        name: inventedAlias(ctx),
        namePrefix: "",
        targetKeyArn: target.startsWith("arn:") ? target : arn(ctx, "kms", `key/${target}`),
      };
    },
    volatile: ["targetKeyArn"],
    replaceOn: ["name", "namePrefix"],
    admit: refersTo({ targetKeyId: kmsKey }),
  },
  "aws:kms/replicaKey:ReplicaKey": {
    id: (ctx) => lastPart(text(ctx.inputs, "primaryKeyArn")),
    defaults: { enabled: true, bypassPolicyLockoutSafetyCheck: false },
    computed: (ctx) => ({
      arn: arn(ctx, "kms", `key/${ctx.id}`),
      keyId: ctx.id,
      keyRotationEnabled: false,
      keySpec: "SYMMETRIC_DEFAULT",
      keyUsage: "ENCRYPT_DECRYPT",
      policy: defaultPolicy(ctx),
    }),
    replaceOn: ["primaryKeyArn"],
    writeOnly: ["bypassPolicyLockoutSafetyCheck", "deletionWindowInDays"],
    check: check(
      arnOf("primaryKeyArn", "kms"),
      integer("deletionWindowInDays", 7, 30),
      policyDocument("policy", "resource", 32768),
    ),
    admit: firstOf(refersTo({ primaryKeyArn: kmsKey }), (ctx) => {
      const [, , , primaryRegion] = text(ctx.inputs, "primaryKeyArn").split(":");
      if (!lastPart(text(ctx.inputs, "primaryKeyArn")).startsWith("mrk-"))
        return "UnsupportedOperationException: the primary key is not a multi-Region key: set multiRegion on it";
      return primaryRegion === ctx.region
        ? `ValidationException: ReplicaRegion ${ctx.region} is the Region of the primary key`
        : undefined;
    }),
  },
};

function inventedAlias(ctx: Context): string {
  return `alias/${ctx.name}-${ctx.hex(7, "alias")}`;
}

function defaultPolicy({ partition, accountId }: Context): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Id: "key-default-1",
    Statement: [
      {
        Sid: "Enable IAM User Permissions",
        Effect: "Allow",
        Principal: { AWS: `arn:${partition}:iam::${accountId}:root` },
        Action: "kms:*",
        Resource: "*",
      },
    ],
  });
}
