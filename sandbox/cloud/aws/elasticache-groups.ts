import type { Inputs, Rules } from "../rule.ts";
import { check, conflicting, count, lengthOf, matches, mustSecretly, oneOf } from "./constraints.ts";
import { naming, refersTo, subnet, unlessUsed } from "./references.ts";
import { arn, byInput, list, text } from "./shapes.ts";

const REPLICATION_GROUP = "aws:elasticache/replicationGroup:ReplicationGroup";
const SUBNET_GROUP = "aws:elasticache/subnetGroup:SubnetGroup";
const PARAMETER_GROUP = "aws:elasticache/parameterGroup:ParameterGroup";
const USER = "aws:elasticache/user:User";
const USER_GROUP = "aws:elasticache/userGroup:UserGroup";

const NAME = /^[A-Za-z](?!.*--)[A-Za-z0-9-]*(?<!-)$/;
const NAME_ALLOWED = "letters, digits and single hyphens, a letter first, no hyphen at the end";

export const elasticacheGroups: Rules = {
  [SUBNET_GROUP]: {
    name: {
      property: "name",
      pattern: /^[A-Za-z0-9-]+$/,
      allowed: "letters, digits and hyphens",
      maxLength: 255,
      scope: "region",
      autoname: "hex",
      taken: (name) => `CacheSubnetGroupAlreadyExists: Cache subnet group ${name} already exists.`,
    },
    id: byInput("name"),
    defaults: { description: "Managed by Pulumi" },
    computed: (ctx) => ({
      arn: arn(ctx, "elasticache", `subnetgroup:${ctx.id}`),
      vpcId: text(
        ctx.world.get("aws:ec2/subnet:Subnet", String(list(ctx.inputs, "subnetIds")[0]))?.state ?? {},
        "vpcId",
      ),
    }),
    replaceOn: ["name"],
    sets: ["subnetIds"],
    check: check(count("subnetIds", 1, 20)),
    admit: refersTo({ "subnetIds[]": subnet }),
    guardDelete: unlessUsed(
      { [REPLICATION_GROUP]: ["subnetGroupName"] },
      (ctx, users) =>
        `CacheSubnetGroupInUse: Cache subnet group ${ctx.id} is currently in use by ${naming(users)}`,
    ),
  },
  [PARAMETER_GROUP]: {
    name: {
      property: "name",
      pattern: /^[A-Za-z](?!.*--)[A-Za-z0-9.-]*(?<!-)$/,
      allowed: NAME_ALLOWED,
      maxLength: 255,
      scope: "region",
      autoname: "hex",
      taken: (name) => `CacheParameterGroupAlreadyExists: Parameter group ${name} already exists`,
    },
    id: (ctx) => text(ctx.inputs, "name").toLowerCase(),
    defaults: { description: "Managed by Pulumi" },
    computed: (ctx) => ({ arn: arn(ctx, "elasticache", `parametergroup:${ctx.id}`) }),
    replaceOn: ["name", "family", "description"],
    sets: ["parameters"],
    check: check(
      oneOf(
        "family",
        ...[
          "redis2.6",
          "redis2.8",
          "redis3.2",
          "redis4.0",
          "redis5.0",
          "redis6.x",
          "redis7",
          "valkey7",
          "valkey8",
          "valkey9",
          "memcached1.6",
        ],
      ),
      evictionPolicy,
    ),
    guardDelete: unlessUsed(
      { [REPLICATION_GROUP]: ["parameterGroupName"] },
      (ctx, users) =>
        `InvalidCacheParameterGroupState: One or more cache clusters are still members of this parameter group ${ctx.id}: ${naming(users)}`,
    ),
  },
  [USER]: {
    name: {
      property: "userId",
      pattern: NAME,
      allowed: NAME_ALLOWED,
      maxLength: 40,
      scope: "region",
      autoname: "required",
      taken: (name) => `UserAlreadyExists: User ${name} already exists.`,
    },
    id: byInput("userId"),
    defaults: { noPasswordRequired: false },
    computed: (ctx) => ({
      arn: arn(ctx, "elasticache", `user:${ctx.id}`),
      authenticationMode: {
        type: ctx.inputs["noPasswordRequired"] === true ? "no-password" : "password",
        passwords: [],
        passwordCount: list(ctx.inputs, "passwords").length,
      },
    }),
    replaceOn: ["engine", "userId", "userName"],
    writeOnly: ["passwords", "passwordsWo", "passwordsWoVersion"],
    sets: ["passwords"],
    check: check(
      oneOf("engine", "redis", "valkey", "REDIS", "VALKEY"),
      lengthOf("userName", 1, 120),
      count("passwords", 1, 2),
      mustSecretly(
        "passwords[]",
        (value) => /^[\x21-\x7e]{16,128}$/.test(String(value)),
        "16 to 128 printable characters",
      ),
      oneOf("authenticationMode.type", "password", "no-password-required", "iam"),
      matches(
        "accessString",
        /^(on|off)\b/,
        'an access string that begins with "on" or "off", e.g. "on ~* +@all"',
      ),
      conflicting("passwords", "authenticationMode", "passwordsWo"),
    ),
    guardDelete: unlessUsed(
      { [USER_GROUP]: ["userIds[]"] },
      (ctx, users) => `InvalidUserState: User ${ctx.id} is a member of ${naming(users)}`,
    ),
  },
  [USER_GROUP]: {
    name: {
      property: "userGroupId",
      pattern: NAME,
      allowed: NAME_ALLOWED,
      maxLength: 40,
      scope: "region",
      autoname: "required",
      taken: (name) => `UserGroupAlreadyExists: User group ${name} already exists.`,
    },
    id: byInput("userGroupId"),
    computed: (ctx) => ({ arn: arn(ctx, "elasticache", `usergroup:${ctx.id}`) }),
    replaceOn: ["engine", "userGroupId"],
    sets: ["userIds"],
    check: check(oneOf("engine", "redis", "valkey", "REDIS", "VALKEY"), count("userIds", 1, 100)),
    admit: refersTo({
      "userIds[]": {
        types: [USER],
        except: /^default$/,
        missing: (id) => `UserNotFound: User ${id} not found`,
      },
    }),
    guardDelete: unlessUsed(
      { [REPLICATION_GROUP]: ["userGroupIds[]"] },
      (ctx, users) => `InvalidUserGroupState: User group ${ctx.id} is used by ${naming(users)}`,
    ),
  },
};

function evictionPolicy(inputs: Inputs) {
  const policies = [
    "volatile-lru",
    "allkeys-lru",
    "volatile-lfu",
    "allkeys-lfu",
    "volatile-random",
    "allkeys-random",
    "volatile-ttl",
    "noeviction",
  ];
  return list(inputs, "parameters").flatMap((item, index) => {
    const { name, value } = item as Inputs;
    return name === "maxmemory-policy" && typeof value === "string" && !policies.includes(value)
      ? [
          {
            property: `parameters[${index}].value`,
            reason: `expected one of ${policies.join(", ")}, got "${value}"`,
          },
        ]
      : [];
  });
}
