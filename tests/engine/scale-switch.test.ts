import assert from "node:assert/strict";
import { nameOf, outcome, Project, refused, type Resource, succeeded } from "./harness.ts";

const stack = "production";

/** What holds data, or bears a name or an address that others know. */
const stateful = new Set([
  "aws:acm/certificate:Certificate",
  "aws:cloudfront/distribution:Distribution",
  "aws:cloudwatch/logGroup:LogGroup",
  "aws:ecr/repository:Repository",
  "aws:kms/key:Key",
  "aws:rds/instance:Instance",
  "aws:s3/bucket:Bucket",
  "aws:secretsmanager/secret:Secret",
  "aws:secretsmanager/secretVersion:SecretVersion",
  "aws:sns/topic:Topic",
]);

describe("production between the scales", function () {
  this.timeout(900_000);
  let project: Project;
  /** Provider ids of what is stateful, by URN, as they were last. */
  let earlier: ReadonlyMap<string, string>;

  before(async () => {
    project = await Project.ofCheckout({
      [stack]: {
        "macro-ai:environment": "production",
        "macro-ai:scale": "hobby",
        "macro-ai:domain": "macro-ai.com",
        "macro-ai:hostedZoneId": "Z0123456789EXAMPLE",
        "macro-ai:alertEmail": "alerts@macro-ai.com",
      },
    });
  });
  after(() => project.remove());

  const set = async (key: string, value: string) =>
    succeeded(await project.sandbox("config", "set", `macro-ai:${key}`, value, "--stack", stack));
  /** The proxy's log group stays in AWS when the proxy goes, on purpose. */
  const differences = async () =>
    (await project.differences(stack)).filter((text) => !/^only in the cloud: .*LogGroup::proxy /.test(text));
  const ids = async () => idsOf((await project.state(stack)).resources);

  it("begins at hobby scale", async () => {
    succeeded(await project.start());
    earlier = await ids();
    assert.ok(earlier.size >= 8);
    assert.deepEqual(databases(project), []);
  });

  it("goes up to enterprise and replaces nothing", async () => {
    await set("scale", "enterprise");
    const up = succeeded(await project.start());
    assert.doesNotMatch(outcome(up, stack), /replaced/);
    const now = await ids();
    assert.deepEqual(
      lost(earlier, now).filter((urn) => !isDerived(urn)),
      [],
    );
    assert.deepEqual(secretValues(project, "database-credentials").length, 1);
    earlier = now;
    assert.equal(databases(project).length, 1);
    assert.deepEqual(await differences(), []);
  });

  it("refuses the way down without a word on the data, before anything is changed", async () => {
    const made = project.cloud();
    await set("scale", "hobby");
    const down = refused(await project.start());
    assert.match(down.stdout, /aws:rds\/instance:Instance database/);
    assert.match(down.stdout, /cannot be deleted\s+because it is protected/);
    assert.deepEqual(project.cloud(), made);
    assert.deepEqual(lost(earlier, await ids()), []);
  });

  it("goes down in two steps with its data kept, and stops paying for the rest", async () => {
    await set("scale", "enterprise");
    await set("retainEnterpriseData", "true");
    assert.match(outcome(succeeded(await project.start()), stack), /^\d+ updated, \d+ unchanged$/);
    await set("scale", "hobby");
    const down = succeeded(await project.start());
    assert.doesNotMatch(outcome(down, stack), /replaced/);
    assert.deepEqual(
      lost(earlier, await ids()).filter((urn) => !isDerived(urn)),
      [],
    );
    const types = new Set(project.cloud().map(({ type }) => type));
    for (const gone of [
      "aws:ec2/natGateway:NatGateway",
      "aws:lb/loadBalancer:LoadBalancer",
      "aws:elasticache/replicationGroup:ReplicationGroup",
      "aws:rds/proxy:Proxy",
      "aws:ecs/service:Service",
    ])
      assert.equal(types.has(gone), false, gone);
    assert.ok(types.has("aws:lambda/function:Function"));
    assert.equal(databases(project).length, 1);
    assert.deepEqual(await differences(), []);
  });

  it("changes nothing when the command is repeated", async () => {
    assert.match(outcome(succeeded(await project.start()), stack), /^nothing changed/);
  });

  it("goes up again to the same database, in the same network", async () => {
    const [database] = databases(project);
    const networks = () =>
      project
        .cloud()
        .filter(({ type }) => type === "aws:ec2/vpc:Vpc")
        .map(({ id }) => id);
    const keptNetworks = networks();
    const kept = await ids();
    await set("scale", "enterprise");
    succeeded(await project.sandbox("config", "rm", "macro-ai:retainEnterpriseData", "--stack", stack));
    const up = succeeded(await project.start());
    assert.doesNotMatch(outcome(up, stack), /replaced/);
    assert.deepEqual(databases(project), [database]);
    assert.deepEqual(networks(), keptNetworks);
    assert.deepEqual(
      lost(kept, await ids()).filter((urn) => !isDerived(urn)),
      [],
    );
    assert.deepEqual(await differences(), []);
  });
});

function idsOf(resources: readonly Resource[]): Map<string, string> {
  return new Map(resources.filter(({ type }) => stateful.has(type)).map(({ urn, id }) => [urn, id ?? ""]));
}

/** URNs of what is gone or has another id. */
function lost(earlier: ReadonlyMap<string, string>, now: ReadonlyMap<string, string>): string[] {
  return [...earlier].flatMap(([urn, id]) => (now.get(urn) === id ? [] : [urn]));
}

/** What only served the parts that go: their logs, and the key of a cache that can be filled again. */
const derived = new Set(["cache-key", "balancer-logs"]);

function isDerived(urn: string): boolean {
  return urn.includes("$aws:cloudwatch/logGroup:LogGroup::") || derived.has(nameOf({ urn }));
}

function databases(project: Project): { id: string; identifier: unknown }[] {
  return project
    .cloud()
    .filter(({ type }) => type === "aws:rds/instance:Instance")
    .map(({ id, inputs }) => ({ id, identifier: inputs["identifier"] }));
}

function secretValues(project: Project, name: string): unknown[] {
  return project
    .cloud()
    .filter(({ type, urn }) => type.endsWith(":SecretVersion") && urn.endsWith(name))
    .map(({ inputs }) => inputs["secretString"]);
}
