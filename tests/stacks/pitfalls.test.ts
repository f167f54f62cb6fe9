import assert from "node:assert/strict";
import type { Recording, Registered } from "../components/mocks.ts";
import { environments, type Scale, scales } from "../../stacks/environments.ts";
import { made } from "./made.ts";
import { given } from "./program.ts";

/** What goes wrong with AWS and Pulumi in practice (docs/traps.md), asked of the program as a whole. */
describe("what goes wrong in practice does not in this program", function () {
  this.timeout(120_000);
  const recordings = new Map<Scale, Recording>();
  before(async () => {
    for (const scale of scales) recordings.set(scale, await made(given("production", scale), "production"));
  });
  const recordingOf = (scale: Scale): Recording => {
    const recording = recordings.get(scale);
    assert.ok(recording);
    return recording;
  };
  const enterprise = () => recordingOf("enterprise");
  const everything = (): Registered[] => scales.flatMap((scale) => recordingOf(scale).resources);

  it("no security group has rules of its own beside the standalone ones", () => {
    const groups = enterprise().all("SecurityGroup");
    assert.ok(groups.length >= 5);
    for (const { inputs, name } of [...groups, ...enterprise().all("DefaultSecurityGroup")])
      assert.deepEqual([inputs["ingress"], inputs["egress"]], [undefined, undefined], name);
  });

  it("no security group's description, whose change replaces it, says anything that could change", async () => {
    const descriptions = (recording: Recording) =>
      recording.all("SecurityGroup").map(({ name, inputs }) => [name, inputs["description"]]);
    for (const environment of environments) {
      const config = {
        ...given(environment, "enterprise"),
        domain: "example.org",
        network: '{"cidrBlock":"10.9.0.0/16"}',
      };
      const recording = await made(config, `another-${environment}`);
      assert.deepEqual(descriptions(recording), descriptions(enterprise()), environment);
    }
  });

  it("no balancer and no target group has a fixed name, which its replacement could not take", () => {
    const named = ["aws:lb/loadBalancer:LoadBalancer", "aws:lb/targetGroup:TargetGroup"].flatMap((type) =>
      enterprise().all(type),
    );
    assert.equal(named.length, 2);
    for (const { inputs, name } of named) assert.equal(inputs["name"], undefined, name);
  });

  it("only what AWS allows once is deleted before its replacement stands, and no database", () => {
    const hasty = everything().filter(({ options }) => options.deleteBeforeReplace);
    assert.deepEqual([...new Set(hasty.map(({ type }) => type))].sort(), [
      "aws:rds/proxy:Proxy",
      "aws:rds/proxyTarget:ProxyTarget",
    ]);
    const databases = enterprise().all("aws:rds/instance:Instance");
    assert.equal(databases.length, 1);
    for (const { inputs } of databases) assert.equal(inputs["skipFinalSnapshot"], false);
  });

  it("nothing comes from awsx but the network and the repositories, whose groups would be open to the world", () => {
    const types = new Set(everything().map(({ type }) => type));
    const foreign = [...types].filter((type) => type.startsWith("awsx:"));
    assert.deepEqual(foreign.sort(), ["awsx:ec2:Vpc", "awsx:ecr:Repository"]);
  });

  it("the balancer drops a connection before the server behind it does", () => {
    const { idleTimeout } = enterprise().one("aws:lb/loadBalancer:LoadBalancer").inputs;
    const definition = enterprise().one("aws:ecs/taskDefinition:TaskDefinition").inputs;
    const [, keepAlive = "0"] =
      /keepAliveTimeout ?= ?([\d_e]+)/.exec(String(definition["containerDefinitions"])) ?? [];
    assert.ok(Number(keepAlive.replace("_", "")) > Number(idleTimeout) * 1000, keepAlive);
  });

  it("the API trusts the proxy's certificate and asks for its name", () => {
    const { inputs } = enterprise().one("SecretVersion", "secrets-database-credentials");
    const { RELATIONAL_DATABASE_URL: url } = JSON.parse(String(inputs["secretString"])) as Record<
      string,
      string
    >;
    assert.match(String(url), /\?sslmode=verify-full$/);
  });

  it("each user of the proxy has a secret of the form that it reads, with the password that the API uses", () => {
    const { inputs } = enterprise().one("aws:rds/proxy:Proxy");
    const auths = inputs["auths"] as { secretArn: string }[];
    const secret = enterprise().one("aws:secretsmanager/secret:Secret", "secrets-database-credentials");
    assert.equal(auths.length, 1);
    assert.match(String(auths[0]?.secretArn), new RegExp(`${secret.name}$`));
    const version = enterprise().one("SecretVersion", "secrets-database-credentials").inputs;
    const values = JSON.parse(String(version["secretString"])) as Record<string, string>;
    assert.equal(values["username"], values["DB_USERNAME"]);
    assert.equal(values["password"], values["DB_PASSWORD"]);
    assert.ok(
      values["RELATIONAL_DATABASE_URL"]?.includes(
        `${String(values["username"])}:${String(values["password"])}@`,
      ),
    );
  });

  it("the service waits for its secrets' values and for the listener's rule", () => {
    const recording = enterprise();
    const definition = recording.one("aws:ecs/taskDefinition:TaskDefinition").options.dependencies;
    for (const { urn, name } of recording.all("SecretVersion")) assert.ok(definition.includes(urn), name);
    const service = recording.one("aws:ecs/service:Service").options.dependencies;
    assert.ok(service.includes(recording.one("aws:lb/listenerRule:ListenerRule").urn));
  });

  it("the proxy, made first, would want a service-linked role that a new account has not: it waits for the database", () => {
    const recording = enterprise();
    const { dependencies } = recording.one("aws:rds/proxy:Proxy").options;
    assert.ok(dependencies.includes(recording.one("aws:rds/instance:Instance").urn));
  });

  it("no function has a URL of its own, and none runs on a Node that Lambda no longer takes", () => {
    assert.deepEqual(
      everything().filter(({ type }) => type.includes("FunctionUrl")),
      [],
    );
    const runtimes = everything().flatMap(({ type, inputs }) =>
      type === "aws:lambda/function:Function" ? [inputs["runtime"]] : [],
    );
    assert.ok(runtimes.some((runtime) => typeof runtime === "string"));
    for (const runtime of runtimes)
      assert.ok(typeof runtime !== "string" || /^nodejs(2[2-9]|[3-9]\d)\.x$/.test(runtime), String(runtime));
  });

  it("every log group is encrypted, forgets after a while, and bears the name that its writer wants", () => {
    const groups = everything().filter(({ type }) => type === "aws:cloudwatch/logGroup:LogGroup");
    assert.ok(groups.length >= 14);
    for (const { inputs, name } of groups) {
      assert.ok(inputs["kmsKeyId"], name);
      assert.ok(Number(inputs["retentionInDays"]) >= 180, name);
    }
    for (const { inputs } of enterprise().all("WebAclLoggingConfiguration"))
      assert.match(String(inputs["logDestinationConfigs"]), /loggroup\/(website-)?firewall$/);
    const firewalls = groups.filter(({ name }) => /firewall$/.test(name));
    assert.equal(firewalls.length, 2);
    for (const { inputs } of firewalls) assert.match(String(inputs["namePrefix"]), /^aws-waf-logs-/);
  });

  it("log groups that AWS delivers into spare the account's policies: ten are all that a region has", () => {
    const { namePrefix: access } = recordingOf("hobby").one("LogGroup", "api-access").inputs;
    const delivered = [
      access,
      ...["slow-log", "engine-log"].map(
        (log) => enterprise().one("LogGroup", `cache-${log}`).inputs["namePrefix"],
      ),
    ];
    for (const prefix of delivered) assert.match(String(prefix), /^\/aws\/vendedlogs\//);
    // Its group has the name that the document gives it.
    for (const scale of scales)
      assert.deepEqual(recordingOf(scale).names("LogResourcePolicy"), ["website"], scale);
  });

  it("no provisioned IOPS or throughput is asked of a disk that is too small for them", () => {
    const { inputs } = enterprise().one("aws:rds/instance:Instance");
    assert.equal(inputs["storageType"], "gp3");
    // RDS takes them for PostgreSQL from 400 GiB on.
    if (Number(inputs["allocatedStorage"]) < 400)
      assert.deepEqual([inputs["iops"], inputs["storageThroughput"]], [undefined, undefined]);
  });
});
