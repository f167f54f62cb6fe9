import type * as pulumi from "@pulumi/pulumi";
import type { Statement } from "../../components/policy-document.ts";
import { DRILLED } from "../environments.ts";
import { arnOf } from "./arn.ts";
import { DRAWN, NAMED, rdsPassword, REGIONS, tagOtherThan } from "./deploy.ts";
import { typeActions } from "./type-actions.ts";

/** What of awsx's network an instance lies in: no gateway, no route, no endpoint. */
const network = ["Vpc", "VpcAttribute", "Subnet", "SubnetAttribute"].flatMap((what) =>
  ["Create", "Delete", "Modify"].map((verb) => `ec2:${verb}${what}`),
);

/** The types of which the drill makes an instance; a test holds them against its stack. */
export const drillTypes: readonly string[] = [
  "aws:cloudwatch/logGroup:LogGroup",
  "aws:ec2/securityGroup:SecurityGroup",
  "aws:iam/role:Role",
  "aws:iam/rolePolicy:RolePolicy",
  "aws:kms/key:Key",
  "aws:rds/instance:Instance",
  "aws:rds/parameterGroup:ParameterGroup",
  "aws:rds/subnetGroup:SubnetGroup",
];

const writes = [
  ...drillTypes.flatMap((type) => typeActions[type] ?? []),
  ...(typeActions["awsx:ec2:Vpc"] ?? []).filter((action) => network.includes(action)),
];
/** They only read what another stack has. */
const restores = ["rds:RestoreDBInstanceFromDBSnapshot", "rds:RestoreDBInstanceToPointInTime"];

/**
 * What the restore drill needs: to make and delete a database in a stack of its own, and to copy the drilled stack's. What bears
 * another stack's tag it can neither change nor delete.
 */
export function drillStatements(
  accountId: pulumi.Input<string>,
  boundaryArn: pulumi.Input<string>,
): { resources: Statement[]; encryption: Statement[] } {
  const arn = (service: string, rest: string): pulumi.Output<string> => arnOf(service, accountId, rest);
  const of = (service: string): string[] =>
    [...new Set(writes.filter((action) => action.startsWith(`${service}:`)))].sort();
  const roles = [arn("iam", "role/database-*")];
  const wards = ["iam:CreateRole", "iam:PutRolePolicy", "iam:PutRolePermissionsBoundary"];
  const { throwAway } = DRILLED;
  return {
    resources: [
      {
        sid: "MakeADatabase",
        actions: ["ec2", "logs", "rds"].flatMap(of),
        resources: ["*"],
        wildcard: DRAWN,
      },
      {
        sid: "MakeRolesWithinTheBoundary",
        actions: wards,
        resources: roles,
        conditions: { StringEquals: { "iam:PermissionsBoundary": boundaryArn } },
        wildcard: NAMED,
      },
      {
        sid: "KeepRoles",
        actions: of("iam").filter((action) => !wards.includes(action) && action !== "iam:PassRole"),
        resources: roles,
        wildcard: NAMED,
      },
      {
        sid: "PassRoles",
        actions: ["iam:PassRole"],
        resources: roles,
        conditions: { StringEquals: { "iam:PassedToService": "monitoring.rds.amazonaws.com" } },
        wildcard: NAMED,
      },
      rdsPassword(accountId),
      {
        sid: "ForgetSnapshots",
        actions: ["rds:DeleteDBSnapshot"],
        resources: [arn("rds", "snapshot:database-*-final")],
        conditions: { StringEquals: { "aws:ResourceTag/stack": throwAway } },
        wildcard: NAMED,
      },
      {
        sid: "ForgetBackups",
        actions: ["rds:DeleteDBInstanceAutomatedBackup"],
        resources: [arn("rds", "auto-backup:*")],
        wildcard: DRAWN,
      },
      {
        sid: "DenyOtherStacks",
        effect: "Deny",
        actions: [...new Set([...writes, "rds:DeleteDBSnapshot", "rds:DeleteDBInstanceAutomatedBackup"])]
          .filter((action) => !restores.includes(action))
          .sort(),
        resources: ["*"],
        conditions: tagOtherThan("aws:ResourceTag/stack", throwAway),
        wildcard: "A denial must reach all that another stack made",
      },
    ],
    encryption: [
      { sid: "MakeAKey", actions: of("kms"), resources: ["*"], wildcard: DRAWN },
      {
        sid: "EncryptThroughServices",
        actions: ["kms:CreateGrant", "kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey*"],
        resources: [arn("kms", "key/*")],
        conditions: {
          StringEquals: {
            "kms:ViaService": ["logs", "rds", "secretsmanager"].flatMap((service) =>
              REGIONS.map((region) => `${service}.${region}.amazonaws.com`),
            ),
          },
        },
        wildcard:
          "What is restored keeps its source's key, whose id AWS has drawn; and only as part of a call of these",
      },
    ],
  };
}
