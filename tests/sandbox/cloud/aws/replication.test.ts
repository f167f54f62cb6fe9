import assert from "node:assert/strict";
import { Account } from "./account.ts";
import type { Made } from "./account.ts";

const INSTANCE = "aws:rds/instance:Instance";
const REPLICATION = "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication";
const SECRET = "aws:secretsmanager/secret:Secret";

const here = "us-east-1";
const there = "us-west-2";

const database = {
  engine: "postgres",
  engineVersion: "15",
  instanceClass: "db.t4g.medium",
  allocatedStorage: 80,
  storageEncrypted: true,
  username: "macro",
  dbName: "macro_ai",
  manageMasterUserPassword: true,
  backupRetentionPeriod: 30,
  deleteAutomatedBackups: false,
  finalSnapshotIdentifier: "macro-final",
  identifier: "macro",
};

describe("backups, restores and replicas of the stand-in cloud", () => {
  let account: Account;
  let keyHere: string;
  let keyThere: string;

  beforeEach(async () => {
    account = await Account.open();
    const key = async (region: string) =>
      String((await account.make("aws:kms/key:Key", { region }, `key-${region}`)).state["arn"]);
    keyHere = await key(here);
    keyThere = await key(there);
  });

  afterEach(() => account.close());

  const makeDatabase = (changes: object = {}) =>
    account.make(INSTANCE, { ...database, kmsKeyId: keyHere, ...changes });
  const restored = (restore: object, changes: object = {}) => {
    return account.make(
      INSTANCE,
      { ...database, identifier: "again", allocatedStorage: 20, ...restore, ...changes },
      "again",
    );
  };
  const stateOf = ({ id }: Made) => account.store.get(INSTANCE, id)?.state ?? {};
  const replicate = (source: Made, changes: object = {}) =>
    account.make(REPLICATION, {
      sourceDbInstanceArn: source.state["arn"],
      kmsKeyId: keyThere,
      retentionPeriod: 14,
      region: there,
      ...changes,
    });
  const fromCopies = (arn: string) => ({
    restoreToPointInTime: { sourceDbInstanceAutomatedBackupsArn: arn, useLatestRestorableTime: true },
  });

  it("restores from a final snapshot that was taken, with what is the snapshot's own", async () => {
    await assert.rejects(restored({ snapshotIdentifier: "macro-final" }), /DBSnapshotNotFound/);
    await account.remove(await makeDatabase());
    const made = await restored({ snapshotIdentifier: "macro-final" });
    assert.partialDeepStrictEqual(stateOf(made), { kmsKeyId: keyHere, allocatedStorage: 80 });
    await assert.rejects(
      restored({ snapshotIdentifier: "macro-final" }, { identifier: "west", region: there }),
      /DBSnapshotNotFound/,
      "a snapshot lies in one region",
    );
  });

  it("refuses a key for a restored instance, which keeps that of its source", async () => {
    await account.remove(await makeDatabase());
    await assert.rejects(
      restored({ snapshotIdentifier: "macro-final" }, { kmsKeyId: keyThere }),
      /leave kmsKeyId out, or the next update replaces the instance/,
    );
  });

  it("restores a live instance by its name, and a deleted one by its resource id", async () => {
    const source = await makeDatabase();
    const by = (point: object) => ({ restoreToPointInTime: { ...point, useLatestRestorableTime: true } });
    await restored(by({ sourceDbInstanceIdentifier: "macro" }), { identifier: "one" });
    await account.remove(source);
    await assert.rejects(
      restored(by({ sourceDbInstanceIdentifier: "macro" })),
      /DBInstanceNotFound: DBInstance macro/,
    );
    await restored(by({ sourceDbiResourceId: source.id }), { identifier: "two" });
    await assert.rejects(
      restored(by({ sourceDbiResourceId: "db-NEVERTHERE" }), { identifier: "three" }),
      /DBInstanceAutomatedBackupNotFound/,
    );
  });

  it("restores nothing where backups were off, or to a time that is still to come", async () => {
    await makeDatabase({ backupRetentionPeriod: 0 });
    const point = { sourceDbInstanceIdentifier: "macro" };
    await assert.rejects(
      restored({ restoreToPointInTime: { ...point, useLatestRestorableTime: true } }),
      /Automated backups are not enabled for macro/,
    );
    await assert.rejects(
      restored({ restoreToPointInTime: { ...point, restoreTime: "2999-01-01T00:00:00Z" } }),
      /cannot be restored to a time later than/,
    );
  });

  it("wants one source and one time", () => {
    const problems = (restoreToPointInTime: object) =>
      account.problems(INSTANCE, { instanceClass: "db.t4g.medium", identifier: "x", restoreToPointInTime });
    const source = { sourceDbInstanceIdentifier: "macro" };
    assert.deepEqual(problems({ ...source, useLatestRestorableTime: true }), []);
    assert.deepEqual(problems({ useLatestRestorableTime: true }), [
      "restoreToPointInTime: expected one of sourceDbInstanceIdentifier, sourceDbiResourceId, sourceDbInstanceAutomatedBackupsArn",
    ]);
    assert.deepEqual(problems(source), [
      "restoreToPointInTime: expected either restoreTime or useLatestRestorableTime: true",
    ]);
  });

  it("holds the parameter group's family against the version that is restored", async () => {
    await account.remove(await makeDatabase({ engineVersion: "14" }));
    const group = await account.make("aws:rds/parameterGroup:ParameterGroup", { family: "postgres15" });
    await assert.rejects(
      restored({ snapshotIdentifier: "macro-final" }, { parameterGroupName: group.id }),
      /Please use a parameter group with DBParameterGroupFamily postgres14/,
    );
  });

  it("copies backups to another region only, under a key of that region", async () => {
    const source = await makeDatabase();
    await assert.rejects(
      replicate(source, { region: here, kmsKeyId: keyHere }),
      /it is the region of the instance/,
    );
    await assert.rejects(replicate(source, { kmsKeyId: keyHere }), /lies in us-east-1/);
    await assert.rejects(
      replicate(source, { kmsKeyId: undefined }),
      /KMS key of the destination region is required/,
    );
    await account.update(source, { backupRetentionPeriod: 0 });
    await assert.rejects(replicate(source), /Automated backups are not enabled for macro/);
  });

  it("restores in the second region from copies there, which outlive instance and replication", async () => {
    const source = await makeDatabase();
    const copies = await replicate(source);
    await assert.rejects(restored(fromCopies(copies.id)), /AutomatedBackupNotFound/, "in the first region");
    await account.remove(copies);
    await account.remove(source);
    const made = await restored(fromCopies(copies.id), { region: there });
    assert.partialDeepStrictEqual(stateOf(made), {
      kmsKeyId: keyThere,
      dbName: "macro_ai",
      allocatedStorage: 80,
    });
    await assert.rejects(
      restored(fromCopies(`${copies.id}x`), { region: there, identifier: "other" }),
      /DBInstanceAutomatedBackup arn:.*x not found/,
    );
  });

  it("reads a secret in the regions that it is copied to, and nowhere else", async () => {
    const replicas = [{ region: there, kmsKeyId: keyThere }];
    const secret = await account.make(SECRET, { name: "copied", kmsKeyId: keyHere, replicas });
    await account.make("aws:secretsmanager/secretVersion:SecretVersion", {
      secretId: secret.id,
      secretString: "first value",
    });
    const value = (region: string, secretId = "copied") =>
      account.invoke("aws:secretsmanager/getSecretVersion:getSecretVersion", { secretId, region });
    assert.equal(value(there)["secretString"], "first value");
    assert.equal(value(there)["arn"], secret.id.replace(here, there));
    assert.equal(value(there, secret.id.replace(here, there))["secretString"], "first value");
    assert.throws(() => value(there, secret.id), /can't find the specified secret/);
    assert.throws(() => value("eu-west-1"), /can't find the specified secret/);
    await assert.rejects(
      account.make(SECRET, { name: "copied", region: there }, "other"),
      /ResourceExistsException/,
    );
  });

  it("copies a secret to another region only, under a key and a name that are free there", async () => {
    const make = (replica: object) => account.make(SECRET, { name: "copied", replicas: [replica] });
    await assert.rejects(make({ region: here }), /can't replicate a secret to the Region where it is/);
    await assert.rejects(make({ region: there, kmsKeyId: keyHere }), /lies in us-east-1/);
    await account.make(SECRET, { name: "copied", region: there }, "other");
    await assert.rejects(make({ region: there, kmsKeyId: keyThere }), /the replica in us-west-2 failed/);
  });

  it("knows a repository in its own region only, and copies no images to where they are", async () => {
    await account.make("aws:ecr/repository:Repository", { name: "images", region: there });
    const lookUp = (region: string) =>
      account.invoke("aws:ecr/getRepository:getRepository", { name: "images", region });
    assert.equal(lookUp(there)["repositoryUrl"], "123456789012.dkr.ecr.us-west-2.amazonaws.com/images");
    assert.throws(() => lookUp(here), /RepositoryNotFoundException/);
    const replication = (region: string) =>
      account.make("aws:ecr/replicationConfiguration:ReplicationConfiguration", {
        replicationConfiguration: { rules: [{ destinations: [{ region, registryId: "123456789012" }] }] },
      });
    await assert.rejects(replication(here), /cannot be the same as the source registry/);
    await replication(there);
  });
});
