import assert from "node:assert/strict";
import { Account } from "./account.ts";
import type { Made } from "./account.ts";

const INSTANCE = "aws:rds/instance:Instance";
const PARAMETERS = "aws:rds/parameterGroup:ParameterGroup";
const CACHE = "aws:elasticache/replicationGroup:ReplicationGroup";
const SECRET = "aws:secretsmanager/secret:Secret";

const database = {
  engine: "postgres",
  engineVersion: "15",
  instanceClass: "db.t4g.medium",
  allocatedStorage: 20,
  username: "macro",
  manageMasterUserPassword: true,
  skipFinalSnapshot: true,
};

describe("databases, caches and secrets of the stand-in cloud", () => {
  let account: Account;

  beforeEach(async () => {
    account = await Account.open();
  });

  afterEach(() => account.close());

  async function subnets(zones: readonly string[]): Promise<Made[]> {
    const vpc = await account.make("aws:ec2/vpc:Vpc", { cidrBlock: "10.0.0.0/16" });
    const made: Made[] = [];
    for (const [index, availabilityZone] of zones.entries())
      made.push(
        await account.make(
          "aws:ec2/subnet:Subnet",
          { vpcId: vpc.id, cidrBlock: `10.0.${index}.0/24`, availabilityZone },
          `subnet-${index}`,
        ),
      );
    return made;
  }

  it("gives a database its endpoint, resource id and managed secret", async () => {
    const { id, state } = await account.make(INSTANCE, { ...database, identifier: "macro" });
    assert.match(id, /^db-[A-Z0-9]{26}$/);
    assert.equal(state["endpoint"], "macro.c0ffee123456.us-east-1.rds.amazonaws.com:5432");
    assert.equal(state["arn"], "arn:aws:rds:us-east-1:123456789012:db:macro");
    const [secret] = state["masterUserSecrets"] as { secretArn: string }[];
    assert.match(
      secret?.secretArn ?? "",
      /^arn:aws:secretsmanager:us-east-1:123456789012:secret:rds!db-\w+-\w{6}$/,
    );
  });

  it("protects a database, and asks for a final snapshot of a name that is free", async () => {
    const inputs = { ...database, identifier: "macro", skipFinalSnapshot: false };
    const made = await account.make(INSTANCE, { ...inputs, deletionProtection: true });
    await assert.rejects(account.remove(made), /Cannot delete protected DB Instance macro/);
    await account.update(made, { deletionProtection: false });
    await assert.rejects(account.remove(made), /final_snapshot_identifier is required/);
    await account.update(made, { deletionProtection: false, finalSnapshotIdentifier: "macro-final" });
    await account.remove(made);
    const again = await account.make(INSTANCE, { ...inputs, finalSnapshotIdentifier: "macro-final" });
    await assert.rejects(account.remove(again), /DBSnapshotAlreadyExists/);
  });

  it("refuses names RDS would, and a password beside a managed one without showing it", () => {
    assert.deepEqual(account.problems(INSTANCE, { ...database, identifier: "Macro" }), [
      'identifier: "Macro" is not a valid name; AWS allows lower-case letters, digits and single hyphens, a letter first, no hyphen at the end',
    ]);
    const problems = account.problems(INSTANCE, { ...database, password: "a/b" });
    assert.equal(problems.length, 2);
    assert.doesNotMatch(problems.join("\n"), /a\/b/);
  });

  it("holds the parameter group's family against the engine's version, and upgrades only when allowed", async () => {
    const group = await account.make(PARAMETERS, { family: "postgres15", name: "fifteen" });
    const made = await account.make(INSTANCE, { ...database, parameterGroupName: group.id });
    await assert.rejects(account.remove(group), /still members of this parameter group/);
    await assert.rejects(account.update(made, { engineVersion: "16" }), /DBParameterGroupFamily postgres16/);
    const next = await account.make(PARAMETERS, { family: "postgres16", name: "sixteen" }, "next");
    const wanted = { engineVersion: "16", parameterGroupName: next.id };
    await assert.rejects(account.update(made, wanted), /AllowMajorVersionUpgrade flag must be present/);
    const state = await account.update(made, { ...wanted, allowMajorVersionUpgrade: true });
    assert.equal(state["engineVersionActual"], "16.10");
    const back = { engineVersion: "15", parameterGroupName: group.id };
    await assert.rejects(account.update(made, back), /a downgrade is not possible/);
  });

  it("knows what RDS can preload and in which unit parameters count", () => {
    const group = (name: string, value: string, applyMethod?: string) =>
      account.problems(PARAMETERS, { family: "postgres15", parameters: [{ name, value, applyMethod }] });
    assert.deepEqual(group("shared_preload_libraries", "pg_stat_statements,vector", "pending-reboot"), [
      'parameters[0].value: RDS cannot preload "vector"; pgvector needs only CREATE EXTENSION vector',
    ]);
    assert.deepEqual(group("work_mem", "4MB"), [
      'parameters[0].value: expected a whole number from 64 to 2147483647 without a unit for work_mem, got "4MB"',
    ]);
    assert.deepEqual(group("work_mem", "4096"), []);
    assert.deepEqual(group("max_connections", "200", "immediate"), [
      "parameters[0].applyMethod: max_connections is static: use pending-reboot",
    ]);
  });

  it("wants two zones in a database's subnet group, and keeps a group in use", async () => {
    const [one, two, three] = await subnets(["us-east-1a", "us-east-1a", "us-east-1b"]);
    const type = "aws:rds/subnetGroup:SubnetGroup";
    await assert.rejects(account.make(type, { subnetIds: [one?.id, two?.id] }), /DoesNotCoverEnoughAZs/);
    const group = await account.make(type, { subnetIds: [one?.id, three?.id], name: "isolated" });
    const made = await account.make(INSTANCE, { ...database, dbSubnetGroupName: "isolated" });
    await assert.rejects(account.remove(group), /at least one database instance is still using it/);
    await account.remove(made);
    await account.remove(group);
  });

  it("makes AUTH tokens need TLS and 16 to 128 characters, and never shows one", () => {
    const cache = {
      description: "cache",
      engine: "valkey",
      nodeType: "cache.t4g.small",
      transitEncryptionEnabled: true,
    };
    assert.deepEqual(account.problems(CACHE, { ...cache, authToken: "a-token-of-16-ch" }), []);
    assert.deepEqual(account.problems(CACHE, { ...cache, authToken: "short" }), [
      "authToken: expected 16 to 128 printable characters, of symbols only !&#$^<>- (the value is a secret and not shown)",
    ]);
    assert.deepEqual(
      account.problems(CACHE, { ...cache, transitEncryptionEnabled: false, authToken: "a-token-of-16-ch" }),
      ["transitEncryptionEnabled: must be true for an AUTH token, user groups or transitEncryptionMode"],
    );
    assert.deepEqual(account.problems(CACHE, { ...cache, multiAzEnabled: true, numCacheClusters: 2 }), [
      "automaticFailoverEnabled: must be true when multiAzEnabled is true",
    ]);
    assert.match(account.problems(CACHE, cache, "a".repeat(34)).join(), /longer than maximum length 40/);
  });

  it("keeps a deleted secret's name for its recovery window", async () => {
    const name = "/macro-ai/production/api-keys";
    const made = await account.make(SECRET, { name, recoveryWindowInDays: 7 });
    assert.match(
      made.id,
      /^arn:aws:secretsmanager:us-east-1:123456789012:secret:\/macro-ai\/production\/api-keys-[A-Za-z0-9]{6}$/,
    );
    await assert.rejects(account.make(SECRET, { name }, "again"), /ResourceExistsException/);
    await account.remove(made);
    await assert.rejects(account.make(SECRET, { name }, "again"), /scheduled for deletion/);
    const gone = await account.make(SECRET, { name: "thrown-away", recoveryWindowInDays: 0 });
    await account.remove(gone);
    await account.make(SECRET, { name: "thrown-away" }, "again");
    assert.deepEqual(account.problems(SECRET, { name, recoveryWindowInDays: 3 }), [
      "recoveryWindowInDays: expected 0, or 7 to 30 days, got 3",
    ]);
  });

  it("turns rotation on only for a function that Secrets Manager may invoke", async () => {
    const role = await account.make("aws:iam/role:Role", {
      assumeRolePolicy: {
        Version: "2012-10-17",
        Statement: [
          { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
        ],
      },
    });
    const code = {
      role: role.state["arn"],
      runtime: "nodejs24.x",
      handler: "index.handler",
      s3Bucket: "b",
      s3Key: "k",
    };
    const fn = await account.make("aws:lambda/function:Function", code);
    const secret = await account.make(SECRET, { name: "rotated" });
    const rotation = {
      secretId: secret.id,
      rotationLambdaArn: fn.state["arn"],
      rotationRules: { automaticallyAfterDays: 90 },
    };
    const type = "aws:secretsmanager/secretRotation:SecretRotation";
    await assert.rejects(account.make(type, rotation), /cannot invoke the specified Lambda function/);
    const permission = {
      action: "lambda:InvokeFunction",
      function: fn.id,
      principal: "secretsmanager.amazonaws.com",
    };
    const other = { ...permission, sourceArn: `${secret.id}x`, sourceAccount: "123456789012" };
    await account.make("aws:lambda/permission:Permission", other, "another-secret");
    const stranger = { ...permission, sourceArn: secret.id, sourceAccount: "999999999999" };
    await account.make("aws:lambda/permission:Permission", stranger, "another-account");
    await assert.rejects(account.make(type, rotation), /cannot invoke the specified Lambda function/);
    const own = { ...permission, sourceArn: secret.id, sourceAccount: "123456789012" };
    await account.make("aws:lambda/permission:Permission", own);
    await account.make(type, rotation);
  });
});
