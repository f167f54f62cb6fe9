import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { RotationFunction, type RotationFunctionArgs } from "../../components/rotation-function.ts";
import { accountId, kmsKeyArn } from "./examples.ts";
import {
  deadLetterArn,
  logGroup,
  network,
  rotation,
  secretArn,
  secretsKeyArn,
} from "./maintenance-examples.ts";
import { run } from "./mocks.ts";

const make = (changes: Partial<RotationFunctionArgs> = {}) =>
  run(() => new RotationFunction("rotation", { ...rotation, ...changes }));

class Before extends pulumi.CustomResource {}

describe("RotationFunction", () => {
  it("runs on a current Node on ARM64, alone at a time, encrypted, traced, logged and with a place for dead letters", async () => {
    const { recording } = await make();
    assert.partialDeepStrictEqual(recording.one("aws:lambda/function:Function").inputs, {
      packageType: "Zip",
      runtime: "nodejs24.x",
      handler: "index.handler",
      architectures: ["arm64"],
      timeout: 120,
      reservedConcurrentExecutions: 1,
      environment: { variables: { DATABASE_USERS: "single" } },
      kmsKeyArn,
      tracingConfig: { mode: "Active" },
      deadLetterConfig: { targetArn: deadLetterArn },
      loggingConfig: { logFormat: "JSON", logGroup: logGroup.name },
    });
  });

  it("shares the account's executions where none can be set aside, and traces nothing where nobody looks", async () => {
    const setting = { ...rotation.setting, concurrency: "shared", tracing: "none" } as const;
    const { recording } = await make({ setting });
    const { inputs } = recording.one("aws:lambda/function:Function");
    assert.equal(inputs["reservedConcurrentExecutions"], undefined);
    assert.deepEqual(inputs["tracingConfig"], { mode: "PassThrough" });
    const sids = recording.statements(recording.one("RolePolicy")).map(({ sid }) => sid);
    assert.ok(!sids.includes("WriteTraces"));
  });

  it("rotates by schedule and within its window, never by being made", async () => {
    const { recording } = await make();
    const { inputs } = recording.one("SecretRotation");
    assert.match(String(inputs["rotationLambdaArn"]), /function\/rotation$/);
    assert.deepEqual(
      { ...inputs, rotationLambdaArn: undefined },
      {
        secretId: secretArn,
        rotationLambdaArn: undefined,
        rotateImmediately: false,
        rotationRules: { automaticallyAfterDays: 90, duration: "4h" },
      },
    );
  });

  it("is called by Secrets Manager alone, for this secret of this account, and may be before it is tried", async () => {
    const { recording } = await make();
    const permission = recording.one("aws:lambda/permission:Permission");
    assert.partialDeepStrictEqual(permission.inputs, {
      action: "lambda:InvokeFunction",
      principal: "secretsmanager.amazonaws.com",
      sourceAccount: accountId,
      sourceArn: secretArn,
    });
    assert.ok(recording.one("SecretRotation").options.dependencies.includes(permission.urn));
  });

  it("may do the four steps with its secret, use the secret's key by Secrets Manager, and what it is given beyond", async () => {
    const { recording } = await make();
    const statements = recording.statements(recording.one("RolePolicy"));
    assert.partialDeepStrictEqual(
      statements.find(({ sid }) => sid === "RotateSecret"),
      {
        actions: [
          "secretsmanager:DescribeSecret",
          "secretsmanager:GetSecretValue",
          "secretsmanager:PutSecretValue",
          "secretsmanager:UpdateSecretVersionStage",
        ],
        resources: [secretArn],
      },
    );
    assert.partialDeepStrictEqual(
      statements.find(({ sid }) => sid === "UseSecretsKey"),
      {
        actions: ["kms:Decrypt", "kms:GenerateDataKey"],
        resources: [secretsKeyArn],
        conditions: { StringEquals: { "kms:ViaService": "secretsmanager.us-east-1.amazonaws.com" } },
      },
    );
    assert.equal(statements.at(-1)?.["sid"], "Beyond");
  });

  it("lies in no VPC unless it must reach something there", async () => {
    const { recording } = await make();
    assert.equal(recording.one("aws:lambda/function:Function").inputs["vpcConfig"], undefined);
    assert.deepEqual(recording.all("SecurityGroup"), []);
    const sids = recording.statements(recording.one("RolePolicy")).map(({ sid }) => sid);
    assert.ok(!sids.includes("LambdaPlacesIt"));
  });

  it("in a VPC has a group of its own with the ways that it is told, open before Secrets Manager tries it", async () => {
    const { recording } = await make({ network });
    assert.deepEqual(recording.one("aws:lambda/function:Function").inputs["vpcConfig"], {
      subnetIds: network.subnetIds,
      securityGroupIds: ["rotation-id"],
    });
    const ways = [...recording.all("SecurityGroupEgressRule"), ...recording.all("SecurityGroupIngressRule")];
    const opened = ways.map(({ inputs }) =>
      ["securityGroupId", "referencedSecurityGroupId", "cidrIpv4", "toPort"]
        .filter((property) => inputs[property] !== undefined)
        .map((property) => String(inputs[property]))
        .join(" "),
    );
    assert.deepEqual(opened.sort(), [
      "rotation-id 0.0.0.0/0 443",
      "rotation-id sg-database 5432",
      "sg-database rotation-id 5432",
    ]);
    const { dependencies } = recording.one("SecretRotation").options;
    for (const { urn } of ways) assert.ok(dependencies.includes(urn), urn);
  });

  it("keeps the way to the internet shut where it needs none", async () => {
    const { vpcId, subnetIds, reaches } = network;
    const { recording } = await make({ network: { vpcId, subnetIds, reaches } });
    const open = recording.all("SecurityGroupEgressRule").filter(({ inputs }) => inputs["cidrIpv4"]);
    assert.deepEqual(open, []);
  });

  it("lets Lambda place it in the VPC, and its own code not", async () => {
    const { recording } = await make({ network });
    const statements = recording.statements(recording.one("RolePolicy"));
    const [places, denies] = ["LambdaPlacesIt", "NotByItself"].map((name) =>
      statements.find(({ sid }) => sid === name),
    );
    assert.deepEqual(places?.["actions"], denies?.["actions"]);
    assert.partialDeepStrictEqual(denies, {
      effect: "Deny",
      conditions: {
        ArnLike: { "lambda:SourceFunctionArn": `arn:aws:lambda:us-east-1:${accountId}:function:*` },
      },
    });
  });

  it("waits for what it is told to wait for", async () => {
    const { recording } = await run(() => {
      const before = new Before("test:x:Before", "before", {});
      new RotationFunction("rotation", { ...rotation, after: [before] });
    });
    const { urn } = recording.one("test:x:Before");
    assert.ok(recording.one("SecretRotation").options.dependencies.includes(urn));
  });
});
