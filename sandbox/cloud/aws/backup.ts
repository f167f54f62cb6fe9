import type { Inputs, Problem, Rules } from "../rule.ts";
import { arnOf, check, integer, lengthOf, matches } from "./constraints.ts";
import { kmsKey, refersTo, role } from "./references.ts";
import type { Reference } from "./references.ts";
import { arn, byInput, list, mixed, nested, text, uuid } from "./shapes.ts";

const VAULT = "aws:backup/vault:Vault";
const PLAN = "aws:backup/plan:Plan";
const NAME = {
  property: "name",
  pattern: /^[a-zA-Z0-9_-]+$/,
  allowed: "letters, digits, hyphens and underscores",
} as const;

const vault: Reference = {
  types: [VAULT],
  except: /^(Default|aws\/.*)$/,
  missing: (name) => `InvalidParameterValueException: Backup vault ${name} does not exist`,
};

const INVENTED_NAME = {
  ...NAME,
  pattern: /^[a-zA-Z0-9_.-]+$/,
  allowed: "letters, digits and _.-",
  maxLength: 50,
  scope: "none",
  autoname: "hex",
} as const;

export const backup: Rules = {
  [VAULT]: {
    name: {
      ...NAME,
      minLength: 2,
      maxLength: 50,
      scope: "region",
      autoname: "hex",
      taken: (name) => `AlreadyExistsException: Backup vault with the same name already exists: ${name}`,
    },
    id: byInput("name"),
    defaults: { forceDestroy: false },
    computed: (ctx) => ({
      arn: arn(ctx, "backup", `backup-vault:${ctx.id}`),
      kmsKeyArn: arn(ctx, "kms", `key/${uuid(ctx, "aws/backup")}`),
      recoveryPoints: 0,
    }),
    replaceOn: ["name", "kmsKeyArn"],
    writeOnly: ["forceDestroy"],
    check: check(arnOf("kmsKeyArn", "kms")),
    admit: refersTo({ kmsKeyArn: kmsKey }),
    guardDelete: (ctx) =>
      Number(ctx.state?.["recoveryPoints"] ?? 0) > 0 && ctx.inputs["forceDestroy"] !== true
        ? `InvalidRequestException: Backup vault cannot be deleted (contains ${String(ctx.state?.["recoveryPoints"])} recovery points)`
        : undefined,
  },
  [PLAN]: {
    name: INVENTED_NAME,
    id: (ctx) => uuid(ctx),
    computed: (ctx) => ({
      arn: arn(ctx, "backup", `backup-plan:${ctx.id}`),
      version: mixed(ctx, "version", 48),
    }),
    volatile: ["version"],
    sets: ["rules"],
    updateOn: ["name"],
    check: check(
      matches("rules[].ruleName", /^[a-zA-Z0-9_.-]{1,50}$/, "letters, digits and _.-, at most 50"),
      matches("rules[].schedule", /^(cron|rate)\(.+\)$/, "cron(...) or rate(...)"),
      integer("rules[].startWindow", 60, 1000000),
      integer("rules[].completionWindow", 60, 1000000),
      coldStorage,
    ),
    admit: refersTo({ "rules[].targetVaultName": vault }),
    guardDelete: (ctx) =>
      ctx.world.list("aws:backup/selection:Selection").some(({ inputs }) => inputs["planId"] === ctx.id)
        ? "InvalidRequestException: Related backup plan selections must be deleted prior to backup plan deletion"
        : undefined,
  },
  "aws:backup/selection:Selection": {
    name: INVENTED_NAME,
    id: (ctx) => uuid(ctx),
    computed: () => ({ conditions: [], notResources: [] }),
    replaceOn: ["conditions", "iamRoleArn", "name", "notResources", "planId", "resources", "selectionTags"],
    sets: ["resources", "notResources", "selectionTags"],
    check: check(arnOf("iamRoleArn", "iam"), matches("resources[]", /^(\*|arn:.+)$/, "an ARN or *")),
    admit: refersTo({
      iamRoleArn: role,
      planId: {
        types: [PLAN],
        missing: (id) => `InvalidParameterValueException: Backup plan ${id} does not exist`,
      },
    }),
  },
  "aws:backup/vaultLockConfiguration:VaultLockConfiguration": {
    id: byInput("backupVaultName"),
    computed: (ctx) => ({
      backupVaultArn: arn(ctx, "backup", `backup-vault:${text(ctx.inputs, "backupVaultName")}`),
    }),
    replaceOn: ["backupVaultName", "changeableForDays", "maxRetentionDays", "minRetentionDays"],
    check: check(
      integer("changeableForDays", 3, 36500),
      integer("minRetentionDays", 1, 36500),
      integer("maxRetentionDays", 1, 36500),
      lengthOf("backupVaultName", 2, 50),
    ),
    admit: refersTo({ backupVaultName: vault }),
  },
};

/** What is moved to cold storage must stay there for 90 days. */
function coldStorage(inputs: Inputs): Problem[] {
  return list(inputs, "rules").flatMap((rule, index) => {
    const { coldStorageAfter, deleteAfter } = nested(nested(rule)["lifecycle"]);
    return typeof coldStorageAfter === "number" &&
      typeof deleteAfter === "number" &&
      deleteAfter < coldStorageAfter + 90
      ? [
          {
            property: `rules[${index}].lifecycle.deleteAfter`,
            reason: `expected at least coldStorageAfter + 90 (${coldStorageAfter + 90}), got ${deleteAfter}`,
          },
        ]
      : [];
  });
}
