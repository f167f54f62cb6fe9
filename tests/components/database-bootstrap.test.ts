import assert from "node:assert/strict";
import { DatabaseBootstrap, type DatabaseBootstrapArgs } from "../../components/database-bootstrap.ts";
import { kmsKeyArn } from "./examples.ts";
import { bootstrap, code, masterSecretArn, secretArn, secretsKeyArn } from "./maintenance-examples.ts";
import { run, valueOf } from "./mocks.ts";

const make = (changes: Partial<DatabaseBootstrapArgs> = {}) =>
  run(() => new DatabaseBootstrap("bootstrap", { ...bootstrap, ...changes }), {
    outputs: { "aws:lambda/invocation:Invocation": () => ({ result: '{"version":1}' }) },
  });

describe("DatabaseBootstrap", () => {
  it("is called by the deployment, once its ways are open, and tells what came of it", async () => {
    const { recording, result } = await make();
    const { inputs, options } = recording.one("aws:lambda/invocation:Invocation");
    assert.deepEqual(inputs, {
      functionName: "bootstrap-1a2b3c4",
      input: "{}",
      triggers: { code: "first", database: "database-1a2b3c4d", secret: secretArn },
    });
    const ways = [...recording.all("SecurityGroupEgressRule"), ...recording.all("SecurityGroupIngressRule")];
    assert.equal(ways.length, 3);
    for (const { urn } of ways) assert.ok(options.dependencies.includes(urn), urn);
    assert.equal(await valueOf(result.result), '{"version":1}');
  });

  it("is called again for other code, another database or another secret", async () => {
    const other = [
      { code: code("second") },
      { databaseId: "database-5e6f7a8b" },
      { applicationSecret: { arn: "arn:other", keyArn: secretsKeyArn } },
    ];
    const triggers = new Set<string>();
    for (const changes of [{}, ...other]) {
      const { recording } = await make(changes);
      triggers.add(JSON.stringify(recording.one("Invocation").inputs["triggers"]));
    }
    assert.equal(triggers.size, 4);
  });

  it("knows where the database and its two secrets are, and no value of them", async () => {
    const { recording } = await make();
    assert.deepEqual(recording.one("aws:lambda/function:Function").inputs["environment"], {
      variables: {
        APPLICATION_SECRET_ARN: secretArn,
        MASTER_SECRET_ARN: masterSecretArn,
        DATABASE_HOST: "database.example",
        DATABASE_PORT: "5432",
        DATABASE_NAME: "macro_ai",
      },
    });
  });

  it("may read the two secrets, each with its key, and change neither", async () => {
    const { recording } = await make();
    const statements = recording.statements(recording.one("RolePolicy"));
    assert.deepEqual(
      statements.slice(-4).map(({ sid, actions, resources }) => [sid, actions, resources]),
      [
        ["ReadApplicationLogin", ["secretsmanager:GetSecretValue"], [secretArn]],
        ["DecryptApplicationLogin", ["kms:Decrypt"], [secretsKeyArn]],
        ["ReadMasterLogin", ["secretsmanager:GetSecretValue"], [masterSecretArn]],
        ["DecryptMasterLogin", ["kms:Decrypt"], [kmsKeyArn]],
      ],
    );
    assert.deepEqual(recording.all("aws:lambda/permission:Permission"), [], "nobody else may call it");
  });
});
