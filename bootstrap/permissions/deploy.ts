import type * as pulumi from "@pulumi/pulumi";
import { arnOf } from "./arn.ts";
import type { Conditions, Statement } from "../../components/policy-document.ts";
import type { Deployed } from "../environments.ts";
import { bucketNames, functionNames, repositories, roleNames } from "./names.ts";
import { typeActions } from "./type-actions.ts";
import { title } from "./title.ts";

/** What the deployment of one stack needs to know of the account. */
export interface DeployScope {
  environment: Deployed;
  accountId: pulumi.Input<string>;
  /** The permissions boundary that each role of the stack must have. */
  boundaryArn: pulumi.Input<string>;
}

/** The services of one managed policy: IAM takes 6144 characters in each. */
const POLICIES = {
  // Apart, so that the exemption from iam-no-unbounded-power covers nothing else.
  encryption: ["kms"],
  identity: ["iam", "lambda", "secretsmanager"],
  network: ["acm", "apigateway", "cloudfront", "ec2", "elasticloadbalancing", "route53", "wafv2"],
  data: ["ecr", "elasticache", "elasticfilesystem", "rds", "s3", "sns", "sqs"],
  operation: ["application-autoscaling", "budgets", "cloudtrail", "cloudwatch", "ecs", "events", "logs"],
} as const;

export type DeployPolicy = keyof typeof POLICIES;

/** What makes, changes and deletes the resources of one stack, by the managed policy it stands in. */
export function deployStatements(scope: DeployScope): Record<DeployPolicy, Statement[]> {
  const special = bounded(scope);
  const of = (service: string): Statement[] => special[service] ?? [free(service, actionsOf(service))];
  return Object.fromEntries(
    Object.entries(POLICIES).map(([policy, services]) => [policy, services.flatMap(of)]),
  ) as Record<DeployPolicy, Statement[]>;
}

/** The writing actions of one service that the types of the program need, once each. */
export function actionsOf(service: string): string[] {
  const all = Object.values(typeActions)
    .flat()
    .filter((action) => action.startsWith(`${service}:`));
  return [...new Set(all)].sort();
}

/**
 * Keeps one stack's deployment away from the other's: each resource that can bear tags bears its stack's name (stacks/tags.ts).
 * Resources that cannot are told apart by the names in the other statements, where AWS lets a policy tell them apart.
 */
export function separation(stack: string, stateKeyArn: pulumi.Input<string>): Statement[] {
  return [
    otherStacksDenied(stack),
    { sid: "DenyChangingTheStateKey", effect: "Deny", actions: actionsOf("kms"), resources: [stateKeyArn] },
    taggingAsAnotherDenied(stack),
  ];
}

/** Nothing is passed off as another stack's. */
export function taggingAsAnotherDenied(stack: string): Statement {
  return {
    sid: "DenyTaggingAsAnother",
    effect: "Deny",
    actions: ["*"],
    resources: ["*"],
    conditions: tagOtherThan("aws:RequestTag/stack", stack),
    wildcard: "A denial must reach every way of passing something off as another stack's",
  };
}

/** Whatever else is allowed, nothing that bears another stack's tag is reached. */
export function otherStacksDenied(stack: string): Statement {
  return {
    sid: "DenyOtherStacks",
    effect: "Deny",
    actions: ["*"],
    resources: ["*"],
    conditions: tagOtherThan("aws:ResourceTag/stack", stack),
    wildcard: "A denial must reach every action on what another stack made",
  };
}

/** There is such a tag, and it names another stack. */
export function tagOtherThan(key: string, stack: string): Conditions {
  return { StringNotEquals: { [key]: stack }, Null: { [key]: "false" } };
}

/** The ids are drawn when the resources are made; DenyOtherStacks takes the other stacks' away again. */
export const DRAWN =
  "AWS draws these resources' ids when they are made; DenyOtherStacks takes away what another stack has";

function free(service: string, actions: string[]): Statement {
  return { sid: `Write${title(service)}`, actions, resources: ["*"], wildcard: DRAWN };
}

export const NAMED = "Pulumi ends each name with digits that it draws when it makes the resource";

/** The services whose resources a policy can name, and those whose actions give power over others. */
function bounded({ environment, accountId, boundaryArn }: DeployScope): Record<string, Statement[]> {
  const arn = (service: string, rest: string): pulumi.Output<string> => arnOf(service, accountId, rest);
  const iam = actionsOf("iam");
  const roles = roleNames.map((name) => arn("iam", `role/${name}-*`));
  const wards = ["iam:CreateRole", "iam:PutRolePolicy", "iam:PutRolePermissionsBoundary"];
  const objectActions = actionsOf("s3").filter((action) => action.includes("Object"));
  const invented = ["ecr:PutReplicationConfiguration"];
  return {
    iam: [
      {
        sid: "MakeRolesWithinTheBoundary",
        actions: iam.filter((action) => wards.includes(action)),
        resources: roles,
        conditions: { StringEquals: { "iam:PermissionsBoundary": boundaryArn } },
        wildcard: NAMED,
      },
      {
        sid: "KeepRoles",
        actions: iam.filter((action) => !wards.includes(action) && action !== "iam:PassRole"),
        resources: roles,
        wildcard: NAMED,
      },
      {
        sid: "PassRoles",
        actions: ["iam:PassRole"],
        resources: roles,
        conditions: {
          StringEquals: {
            "iam:PassedToService": [
              "cloudtrail.amazonaws.com",
              "ecs-tasks.amazonaws.com",
              "lambda.amazonaws.com",
              "monitoring.rds.amazonaws.com",
              "rds.amazonaws.com",
              "vpc-flow-logs.amazonaws.com",
            ],
          },
        },
        wildcard: NAMED,
      },
      {
        sid: "LetServicesServeTheAccount",
        actions: ["iam:CreateServiceLinkedRole"],
        resources: [arn("iam", "role/aws-service-role/*.amazonaws.com/*")],
        conditions: {
          StringEquals: {
            "iam:AWSServiceName": [
              "ecs.amazonaws.com",
              "ecs.application-autoscaling.amazonaws.com",
              "elasticache.amazonaws.com",
              "elasticloadbalancing.amazonaws.com",
              "ops.apigateway.amazonaws.com",
              "rds.amazonaws.com",
              "replication.ecr.amazonaws.com",
            ],
          },
        },
        wildcard: "AWS names them, and decides what they may do; the condition lists the services",
      },
    ],
    kms: [
      free("kms", actionsOf("kms")),
      {
        sid: "EncryptThroughServices",
        actions: ["kms:CreateGrant", "kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey*"],
        resources: [arn("kms", "key/*")],
        conditions: {
          StringEquals: {
            "kms:ViaService": VIA.flatMap((service) =>
              REGIONS.map((region) => `${service}.${region}.amazonaws.com`),
            ),
          },
        },
        wildcard: `${DRAWN}; and only as part of a call of one of these services`,
      },
    ],
    lambda: [
      {
        sid: "WriteLambda",
        actions: actionsOf("lambda"),
        resources: functionNames.map((name) => arn("lambda", `function:${name}-*`)),
        wildcard: NAMED,
      },
    ],
    secretsmanager: [
      {
        sid: "WriteSecretsManager",
        actions: actionsOf("secretsmanager"),
        resources: [arn("secretsmanager", `secret:${environment.secretPath}/*`)],
        wildcard: "All of this environment's secrets and no other's, whose ARNs end with what AWS draws",
      },
      rdsPassword(accountId),
    ],
    s3: [
      {
        sid: "WriteBuckets",
        actions: actionsOf("s3").filter((action) => !objectActions.includes(action)),
        resources: bucketNames.map((name) => `arn:aws:s3:::${name}-*`),
        wildcard: `${NAMED}; a bucket's tags do not bind its policies, so that both stacks' deployments reach both stacks' buckets`,
      },
      {
        sid: "WriteTheFirstPage",
        actions: objectActions,
        resources: ["arn:aws:s3:::website-assets-*/index.html"],
        wildcard: NAMED,
      },
    ],
    ecr: [
      {
        sid: "WriteRepositories",
        actions: actionsOf("ecr").filter((action) => !invented.includes(action)),
        resources: repositories.map((name) =>
          arn("ecr", `repository/${name}${environment.repositorySuffix}`),
        ),
      },
      {
        sid: "ReplicateImages",
        actions: invented,
        resources: ["*"],
        wildcard: "The account's one setting; it knows no resource",
      },
    ],
  };
}

/** RDS keeps a master password as its caller: RDS User Guide, "Permissions required for Secrets Manager integration". */
export function rdsPassword(accountId: pulumi.Input<string>): Statement {
  return {
    sid: "LetRdsKeepThePassword",
    actions: ["secretsmanager:CreateSecret", "secretsmanager:RotateSecret", "secretsmanager:TagResource"],
    resources: [arnOf("secretsmanager", accountId, "secret:rds!db-*")],
    wildcard: "RDS ends the secret's name with what it draws",
  };
}

/** Services that encrypt what a deployment gives them, as its caller. */
const VIA = [
  "elasticache",
  "elasticfilesystem",
  "lambda",
  "logs",
  "rds",
  "s3",
  "secretsmanager",
  "sns",
  "sqs",
];

/** Where stacks lie: the stacks' own regions, and CloudFront's. */
export const REGIONS = ["us-east-1", "us-west-2"];
