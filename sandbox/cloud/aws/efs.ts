import type { Context, Inputs, Problem, Rules } from "../rule.ts";
import { arnOf, check, integer, matches, oneOf } from "./constraints.ts";
import { policyDocument } from "./policies.ts";
import { firstOf, kmsKey, naming, refersTo, securityGroup, subnet, unlessUsed } from "./references.ts";
import type { Reference } from "./references.ts";
import { arn, blank, byInput, ec2Id, nested, privateIp, sideId, text, uuid } from "./shapes.ts";

const FILE_SYSTEM = "aws:efs/fileSystem:FileSystem";
const MOUNT_TARGET = "aws:efs/mountTarget:MountTarget";
const fileSystem: Reference = {
  types: [FILE_SYSTEM],
  missing: (id) => `FileSystemNotFound: File system '${id}' does not exist.`,
};

export const efs: Rules = {
  [FILE_SYSTEM]: {
    name: {
      property: "creationToken",
      maxLength: 64,
      scope: "region",
      autoname: "hex",
      taken: (token) => `FileSystemAlreadyExists: File system with creation token '${token}' already exists`,
    },
    id: ec2Id("fs"),
    defaults: { throughputMode: "bursting" },
    computed: (ctx) => ({
      arn: arn(ctx, "elasticfilesystem", `file-system/${ctx.id}`),
      dnsName: `${ctx.id}.efs.${ctx.region}.amazonaws.com`,
      encrypted: false,
      kmsKeyId:
        ctx.inputs["encrypted"] === true ? arn(ctx, "kms", `key/${uuid(ctx, "aws/elasticfilesystem")}`) : "",
      name: text(nested(ctx.inputs["tags"]), "Name"),
      numberOfMountTargets: 0,
      ownerId: ctx.accountId,
      performanceMode: "generalPurpose",
      protection: { replicationOverwrite: "ENABLED" },
      sizeInBytes: [{ value: 6144, valueInIa: 0, valueInStandard: 6144 }],
      ...blank("availabilityZoneId", "availabilityZoneName"),
    }),
    replaceOn: ["availabilityZoneName", "creationToken", "encrypted", "kmsKeyId", "performanceMode"],
    check: check(
      oneOf("performanceMode", "generalPurpose", "maxIO"),
      oneOf("throughputMode", "bursting", "provisioned", "elastic"),
      oneOf(
        "lifecyclePolicies[].transitionToIa",
        "AFTER_1_DAY",
        "AFTER_7_DAYS",
        "AFTER_14_DAYS",
        "AFTER_30_DAYS",
        "AFTER_60_DAYS",
        "AFTER_90_DAYS",
        "AFTER_180_DAYS",
        "AFTER_270_DAYS",
        "AFTER_365_DAYS",
      ),
      arnOf("kmsKeyId", "kms"),
      encryptedWithKey,
    ),
    admit: refersTo({ kmsKeyId: kmsKey }),
    guardDelete: unlessUsed(
      { [MOUNT_TARGET]: ["fileSystemId"], "aws:efs/accessPoint:AccessPoint": ["fileSystemId"] },
      (ctx, users) => `FileSystemInUse: Cannot delete ${ctx.id}: it is used by ${naming(users)}`,
    ),
  },
  [MOUNT_TARGET]: {
    id: ec2Id("fsmt"),
    computed: (ctx) => {
      const zone = zoneOf(ctx);
      const fs = text(ctx.inputs, "fileSystemId");
      return {
        availabilityZoneId: text(zone, "availabilityZoneId"),
        availabilityZoneName: text(zone, "availabilityZone"),
        dnsName: `${fs}.efs.${ctx.region}.amazonaws.com`,
        fileSystemArn: arn(ctx, "elasticfilesystem", `file-system/${fs}`),
        ipAddress: privateIp(ctx),
        ipAddressType: "IPV4_ONLY",
        ipv6Address: "",
        mountTargetDnsName: `${text(zone, "availabilityZone")}.${fs}.efs.${ctx.region}.amazonaws.com`,
        networkInterfaceId: sideId(ctx, "eni"),
        ownerId: ctx.accountId,
        securityGroups: [],
      };
    },
    replaceOn: ["fileSystemId", "ipAddress", "ipAddressType", "ipv6Address", "subnetId"],
    sets: ["securityGroups"],
    admit: firstOf(
      refersTo({ fileSystemId: fileSystem, subnetId: subnet, "securityGroups[]": securityGroup }),
      (ctx) =>
        ctx.world
          .list(MOUNT_TARGET)
          .some(
            ({ id, inputs, state }) =>
              id !== ctx.id &&
              inputs["fileSystemId"] === ctx.inputs["fileSystemId"] &&
              state["availabilityZoneName"] === text(zoneOf(ctx), "availabilityZone"),
          )
          ? "MountTargetConflict: mount target already exists in this AZ"
          : undefined,
    ),
  },
  "aws:efs/accessPoint:AccessPoint": {
    id: ec2Id("fsap"),
    computed: (ctx) => ({
      arn: arn(ctx, "elasticfilesystem", `access-point/${ctx.id}`),
      fileSystemArn: arn(ctx, "elasticfilesystem", `file-system/${text(ctx.inputs, "fileSystemId")}`),
      ownerId: ctx.accountId,
      rootDirectory: { path: "/" },
    }),
    replaceOn: ["fileSystemId", "posixUser", "rootDirectory"],
    check: check(
      integer("posixUser.uid", 0, 4294967295),
      integer("posixUser.gid", 0, 4294967295),
      matches("rootDirectory.path", /^\/.{0,99}$/, "a path that begins with /, at most 100 characters"),
      matches("rootDirectory.creationInfo.permissions", /^[0-7]{3,4}$/, "an octal mode such as 0755"),
    ),
    admit: refersTo({ fileSystemId: fileSystem }),
  },
  "aws:efs/fileSystemPolicy:FileSystemPolicy": {
    id: byInput("fileSystemId"),
    computed: () => ({}),
    replaceOn: ["fileSystemId"],
    writeOnly: ["bypassPolicyLockoutSafetyCheck"],
    check: check(policyDocument("policy", "resource")),
    admit: refersTo({ fileSystemId: fileSystem }),
  },
  "aws:efs/backupPolicy:BackupPolicy": {
    id: byInput("fileSystemId"),
    computed: () => ({}),
    replaceOn: ["fileSystemId"],
    check: check(oneOf("backupPolicy.status", "ENABLED", "DISABLED", "ENABLING", "DISABLING")),
    admit: refersTo({ fileSystemId: fileSystem }),
  },
};

function zoneOf({ inputs, world }: Context): Inputs {
  return world.get("aws:ec2/subnet:Subnet", text(inputs, "subnetId"))?.state ?? {};
}

function encryptedWithKey(inputs: Inputs): Problem[] {
  return inputs["kmsKeyId"] !== undefined && inputs["encrypted"] !== true
    ? [{ property: "encrypted", reason: "must be true when kmsKeyId is given" }]
    : [];
}
