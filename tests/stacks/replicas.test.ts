import assert from "node:assert/strict";
import { secretExamples } from "../../stacks/config/keys.ts";
import type { RunOptions } from "../components/mocks.ts";
import { made } from "./made.ts";
import { type Given, given } from "./program.ts";

const there = "us-west-2";
const copies = `arn:aws:rds:${there}:123456789012:auto-backup:ab-1a2b3c`;

/** What the copies of production's secrets hold, by the last part of their names. */
const held: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "api-keys": { API_KEY: "copied key", COOKIE_ENCRYPTION_KEY: "copied cookie key" },
  "external-services": {
    OPENAI_API_KEY: "sk-copied",
    AWS_COGNITO_USER_POOL_ID: "eu-west-1_Copied",
    AWS_COGNITO_USER_POOL_CLIENT_ID: "copied client",
    AWS_COGNITO_USER_POOL_SECRET_KEY: "copied secret",
  },
  "database-credentials": { username: "app_b", password: "copied/password" },
};

const calls: NonNullable<RunOptions["calls"]> = {
  "aws:secretsmanager/getSecretVersion:getSecretVersion": {
    // The mocks give one answer for all: every secret holds everything.
    secretString: JSON.stringify(Object.assign({}, ...Object.values(held))),
  },
  "aws:ecr/getRepository:getRepository": {
    repositoryUrl: `123456789012.dkr.ecr.${there}.amazonaws.com/macro-ai/express-api`,
    arn: `arn:aws:ecr:${there}:123456789012:repository/macro-ai/express-api`,
  },
};

const production = (changes: Given = {}) =>
  made({ ...given("production", "enterprise"), ...changes }, "production");
const restore = JSON.stringify({ replicasOf: "production", databaseBackups: copies });
const dr = () =>
  made({ ...given("dr", "enterprise"), "aws:region": there, apiImage: "1.0.0", restore }, "dr", calls);

describe("a stack with copies in a second region", function () {
  this.timeout(60_000);

  it("copies backups, secrets and images, under one key of that region", async () => {
    const recording = await production({ replicaRegion: there });
    const key = recording.one("aws:kms/key:Key", "replica-key");
    assert.equal(key.inputs["region"], there);
    const arn = "arn:aws:kms:us-east-1:123456789012:key/replica-key";
    const backups = recording.one("InstanceAutomatedBackupsReplication");
    assert.partialDeepStrictEqual(backups.inputs, { region: there, kmsKeyId: arn, retentionPeriod: 30 });
    assert.equal(backups.options.protect, false);
    const secrets = recording.all("aws:secretsmanager/secret:Secret");
    assert.equal(secrets.length, 4);
    for (const { inputs } of secrets)
      assert.deepEqual(inputs["replicas"], [{ region: there, kmsKeyId: arn }]);
    const repositories = recording
      .all("awsx:ecr:Repository")
      .filter(({ inputs }) => inputs["region"] === there);
    assert.deepEqual(
      repositories.map(({ inputs }) => inputs["name"]),
      ["macro-ai/express-api", "macro-ai/client-ui"],
    );
    recording.one("ReplicationConfiguration");
  });

  it("protects the key and the repositories, which hold what cannot be made again", async () => {
    const recording = await production({ replicaRegion: there });
    for (const { options } of [
      recording.one("aws:kms/key:Key", "replica-key"),
      ...recording.all("awsx:ecr:Repository"),
    ])
      assert.equal(options.protect, true);
  });

  it("copies nothing unless asked to", async () => {
    const recording = await production();
    assert.deepEqual(recording.all("InstanceAutomatedBackupsReplication"), []);
    assert.deepEqual(recording.all("ReplicationConfiguration"), []);
    assert.ok(recording.all("Secret").every(({ inputs }) => !("replicas" in inputs)));
  });
});

describe("a stack that starts from another's copies", function () {
  this.timeout(60_000);

  it("has the other's values in secrets of its own", async () => {
    const recording = await dr();
    const valueOf = (name: string) => {
      const { inputs, secretInputs } = recording.one("SecretVersion", `secrets-${name}`);
      assert.deepEqual(secretInputs, ["secretString"]);
      return JSON.parse(String(inputs["secretString"])) as Record<string, string>;
    };
    assert.deepEqual(valueOf("api-keys"), held["api-keys"]);
    assert.deepEqual(valueOf("external-services"), held["external-services"]);
    assert.partialDeepStrictEqual(valueOf("database-credentials"), {
      username: "app_b",
      password: "copied/password",
      DB_PASSWORD: "copied/password",
    });
    assert.match(
      valueOf("database-credentials")["RELATIONAL_DATABASE_URL"] ?? "",
      /^postgresql:\/\/app_b:copied%2Fpassword@/,
    );
    assert.deepEqual(
      recording.names("RandomPassword"),
      ["cache-auth-token"],
      "what is not copied is made anew",
    );
    assert.ok(
      recording
        .all("aws:secretsmanager/secret:Secret")
        .every(({ inputs }) => String(inputs["name"]).startsWith("/macro-ai/dr/")),
    );
  });

  it("makes its database of the copied backups, under the key of the copies", async () => {
    const recording = await dr();
    const { inputs } = recording.one("aws:rds/instance:Instance");
    assert.deepEqual(inputs["restoreToPointInTime"], {
      sourceDbInstanceAutomatedBackupsArn: copies,
      useLatestRestorableTime: true,
    });
    assert.equal(inputs["kmsKeyId"], undefined);
  });

  for (const [what, settings, expected] of [
    ["a snapshot", { databaseSnapshot: "failback" }, { snapshotIdentifier: "failback" }],
    [
      "a live instance's backups, at a time",
      { databaseBackups: "database-1a2b3c4d", time: "2026-11-23T08:00:00Z" },
      {
        restoreToPointInTime: {
          sourceDbInstanceIdentifier: "database-1a2b3c4d",
          restoreTime: "2026-11-23T08:00:00Z",
        },
      },
    ],
    [
      "a deleted instance's backups",
      { databaseBackups: "db-ABCDEFGHIJKLMNOPQRSTUVWXYZ" },
      {
        restoreToPointInTime: {
          sourceDbiResourceId: "db-ABCDEFGHIJKLMNOPQRSTUVWXYZ",
          useLatestRestorableTime: true,
        },
      },
    ],
  ] as const) {
    it(`may make its database of ${what}`, async () => {
      const recording = await production({ restore: JSON.stringify(settings) });
      assert.partialDeepStrictEqual(recording.one("aws:rds/instance:Instance").inputs, expected);
    });
  }

  it("runs the copied images, and makes no repositories", async () => {
    const recording = await dr();
    assert.deepEqual(recording.all("awsx:ecr:Repository"), []);
    const { inputs } = recording.one("aws:ecs/taskDefinition:TaskDefinition");
    assert.match(
      String(inputs["containerDefinitions"]),
      /123456789012\.dkr\.ecr\.us-west-2\.amazonaws\.com\/macro-ai\/express-api:1\.0\.0/,
    );
  });

  it("finds the pool of users in the pool's own region", async () => {
    const recording = await dr();
    const task = recording.one("aws:ecs/taskDefinition:TaskDefinition");
    assert.match(
      String(task.inputs["containerDefinitions"]),
      /"name":"AWS_COGNITO_REGION","value":"eu-west-1"/,
    );
    const policies = recording
      .all("aws:iam/rolePolicy:RolePolicy")
      .map(({ inputs }) => JSON.stringify(inputs));
    assert.ok(
      policies.some((text) =>
        text.includes("arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_Copied"),
      ),
    );
  });

  it("takes over the names in DNS", async () => {
    const recording = await dr();
    const records = recording.all("aws:route53/record:Record");
    assert.equal(records.length, 5);
    assert.ok(records.every(({ inputs }) => inputs["allowOverwrite"] === true));
    const own = (await production()).all("aws:route53/record:Record");
    assert.ok(own.every(({ inputs }) => inputs["allowOverwrite"] === undefined));
  });

  it("uses none of the secrets that it was configured with", async () => {
    const recording = await dr();
    const versions = recording.all("SecretVersion").map(({ inputs }) => String(inputs["secretString"]));
    for (const value of Object.values(secretExamples()))
      assert.ok(!versions.some((text) => text.includes(JSON.stringify(value))), value.slice(0, 4));
  });
});
