import assert from "node:assert/strict";
import { aws } from "../../components/aws.ts";
import { DatabaseProxy, type DatabaseProxyArgs } from "../../components/database-proxy.ts";
import * as examples from "./examples.ts";
import { run, valueOf } from "./mocks.ts";

const outputs = {
  "random:index/randomId:RandomId": () => ({ hex: "1a2b3c4d" }),
  "aws:rds/proxy:Proxy": () => ({ endpoint: "proxy-1a2b3c4d.proxy-c0a1.us-east-1.rds.amazonaws.com" }),
  "aws:rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup": () => ({ name: "default" }),
};

function make(changes: Partial<DatabaseProxyArgs> = {}) {
  return run(() => new DatabaseProxy("proxy", { ...examples.proxy, ...changes }), { outputs });
}

describe("DatabaseProxy", () => {
  it("takes clients over TLS only, as the users of its secrets", async () => {
    const second = "arn:aws:secretsmanager:us-east-1:123456789012:secret:second-AbCdEf";
    const { recording } = await make({ secretArns: [...examples.proxy.secretArns, second] });
    const { inputs } = recording.one("aws:rds/proxy:Proxy");
    assert.partialDeepStrictEqual(inputs, {
      engineFamily: "POSTGRESQL",
      requireTls: true,
      debugLogging: false,
      idleClientTimeout: 1800,
      vpcSubnetIds: examples.proxy.subnetIds,
    });
    const auths = inputs["auths"] as Record<string, unknown>[];
    assert.deepEqual(
      auths.map((auth) => auth["secretArn"]),
      [...examples.proxy.secretArns, second],
    );
    assert.ok(auths.every((auth) => auth["clientPasswordAuthType"] === "POSTGRES_SCRAM_SHA_256"));
  });

  it("pools connections to the instance, which it can reach before it is attached", async () => {
    const { recording } = await make();
    const target = recording.one("ProxyTarget");
    assert.deepEqual(target.inputs, {
      dbProxyName: "proxy-1a2b3c4d",
      targetGroupName: "default",
      dbInstanceIdentifier: "database-1a2b3c4d",
    });
    assert.partialDeepStrictEqual(recording.one("SecurityGroupEgressRule").inputs, {
      securityGroupId: "proxy-id",
      referencedSecurityGroupId: "sg-database",
      fromPort: 5432,
    });
    const rules = [recording.one("SecurityGroupEgressRule"), recording.one("SecurityGroupIngressRule")];
    for (const rule of rules) assert.ok(target.options.dependencies.includes(rule.urn), rule.name);
    assert.partialDeepStrictEqual(recording.one("ProxyDefaultTargetGroup").inputs, {
      connectionPoolConfig: { maxConnectionsPercent: 90 },
    });
  });

  it("keeps its host name and its place when a zone is added or the instance is replaced", async () => {
    const { recording } = await make();
    const { options } = recording.one("aws:rds/proxy:Proxy");
    assert.deepEqual(options.ignoreChanges, ["vpcSubnetIds"]);
    assert.ok(options.deleteBeforeReplace, "two proxies cannot bear one name");
    assert.ok(recording.one("ProxyTarget").options.deleteBeforeReplace, "a proxy has room for one instance");
  });

  it("waits for the instance, whose creation gives a new account the role that RDS works with", async () => {
    const { recording } = await run(
      () => {
        const { identifier } = new aws.rds.Instance("database", { instanceClass: "db.t4g.medium" });
        return new DatabaseProxy("proxy", { ...examples.proxy, instanceId: identifier });
      },
      { outputs },
    );
    const { inputs, options } = recording.one("aws:rds/proxy:Proxy");
    assert.ok(options.dependencies.includes(recording.one("aws:rds/instance:Instance").urn));
    assert.match(String(inputs["roleArn"]), /role\/proxy-role$/);
  });

  it("may read its users' secrets, and decrypt them through Secrets Manager alone", async () => {
    const { recording } = await make();
    const [read, decrypt, ...others] = recording.statements(recording.one("RolePolicy"));
    assert.deepEqual(read?.["resources"], examples.proxy.secretArns);
    assert.deepEqual(decrypt?.["resources"], [examples.kmsKeyArn]);
    assert.deepEqual(decrypt["conditions"], {
      StringEquals: { "kms:ViaService": "secretsmanager.us-east-1.amazonaws.com" },
    });
    assert.deepEqual(others, []);
  });

  it("logs into an encrypted group that stands before it", async () => {
    const { recording } = await make();
    const group = recording.one("LogGroup");
    assert.deepEqual(group.inputs, {
      name: "/aws/rds/proxy/proxy-1a2b3c4d",
      retentionInDays: 180,
      kmsKeyId: examples.kmsKeyArn,
    });
    assert.ok(recording.one("aws:rds/proxy:Proxy").options.dependencies.includes(group.urn));
  });

  it("tells where it listens and what deserves an alarm", async () => {
    const { result } = await make();
    assert.match(await valueOf(result.endpoint), /^proxy-1a2b3c4d\.proxy-/);
    assert.equal(result.peer.port, 5432);
    assert.deepEqual(
      result.alarms().map(({ name }) => name),
      [
        "database-proxy-logins",
        "database-proxy-connections",
        "database-proxy-borrow-latency",
        "database-proxy-pinning",
      ],
    );
  });

  it("counts the pinned sessions of all the machines behind the proxy", async () => {
    const { result } = await make();
    const pinning = result.alarms().find(({ name }) => name === "database-proxy-pinning");
    assert.partialDeepStrictEqual(pinning, {
      metric: { statistic: "Sum", periodSeconds: 60 },
      threshold: 50,
      evaluationPeriods: 15,
    });
  });

  it("tells all bad arguments at once, before anything is made", () => {
    assert.throws(
      () =>
        new DatabaseProxy("proxy", {
          ...examples.proxy,
          secretArns: [],
          idleClientTimeoutSeconds: 0,
          logRetentionDays: 2,
        }),
      /^Error: DatabaseProxy "proxy" has 3 bad arguments:\n {2}secretArns is empty; /,
    );
  });
});
