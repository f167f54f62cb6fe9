import assert from "node:assert/strict";
import { UNKNOWN } from "../../../sandbox/cloud/rule.ts";
import { readCloud } from "../../../sandbox/cloud/store.ts";
import type { Inputs } from "../../../sandbox/cloud/rule.ts";
import { Client, startSandbox, types, urnOf } from "./fixture.ts";
import type { Sandbox } from "./fixture.ts";

describe("a resource of the stand-in cloud", () => {
  let sandbox: Sandbox;
  let aws: Client;

  before(async () => {
    sandbox = await startSandbox();
    aws = sandbox.aws;
  });
  after(() => sandbox.end());

  describe("check", () => {
    it("reports every problem in one go, with path and nearest name", async () => {
      const { problems } = await aws.check(types.database, "db", {
        instanceClas: "db.t4g.medium",
        port: "5432",
        blueGreenUpdate: { enabledd: true },
        vpcSecurityGroupIds: ["sg-1", 2],
      });
      assert.deepEqual(problems, [
        'blueGreenUpdate.enabledd: blueGreenUpdate has no property "enabledd"; did you mean "enabled"?',
        'instanceClas: aws:rds/instance:Instance has no property "instanceClas"; did you mean "instanceClass"?',
        "port: expected a number, got a string",
        "vpcSecurityGroupIds[1]: expected a string, got a number",
        'instanceClass: aws:rds/instance:Instance requires "instanceClass"',
      ]);
    });

    it("asks the rule once the kinds are right", async () => {
      const { problems } = await aws.check(types.database, "db", {
        instanceClass: "x",
        backupRetentionPeriod: 40,
      });
      assert.deepEqual(problems, ["backupRetentionPeriod: 40 is out of range; AWS allows 0 to 35"]);
    });

    it("takes unknown values for any kind", async () => {
      const { problems, inputs } = await aws.check(types.subnet, "s", {
        vpcId: UNKNOWN,
        cidrBlock: "10.0.0.0/24",
      });
      assert.deepEqual(problems, []);
      assert.equal(inputs["vpcId"], UNKNOWN);
    });

    it("invents a name as pulumi-aws does, the same in preview and update", async () => {
      const first = await aws.check(types.database, "Main", { instanceClass: "x" });
      const second = await aws.check(types.database, "Main", { instanceClass: "x" });
      assert.match(String(first.inputs["identifier"]), /^main-[0-9a-f]{7}$/);
      assert.equal(first.inputs["identifier"], second.inputs["identifier"]);
    });

    it("keeps the invented name of the last run", async () => {
      const first = await aws.check(types.database, "main", { instanceClass: "x" });
      const second = await aws.check(
        types.database,
        "main",
        { instanceClass: "y" },
        first.inputs,
        "another seed",
      );
      assert.equal(second.inputs["identifier"], first.inputs["identifier"]);
    });

    it("refuses a logical name that leaves no room for the digits", async () => {
      const { problems } = await aws.check(types.database, "n".repeat(60), { instanceClass: "x" });
      assert.match(
        problems.join("\n"),
        /^identifier: name 'n+-' plus 7 random chars is longer than maximum length 63/,
      );
    });

    it("refuses a given name that AWS does not allow", async () => {
      const { problems } = await aws.check(types.database, "db", { instanceClass: "x", identifier: "My_DB" });
      assert.deepEqual(problems, [
        'identifier: "My_DB" is not a valid name; AWS allows lower-case letters, digits and hyphens',
      ]);
    });

    it("makes JSON of a policy document, and an unknown of one that is partly unknown", async () => {
      const statement = { Effect: "Allow", Action: "s3:GetObject", Resource: "*" };
      const policy = { Version: "2012-10-17", Statement: [statement] };
      const known = await aws.check(types.role, "p", { role: "r", policy });
      assert.deepEqual(JSON.parse(String(known.inputs["policy"])), policy);
      const partly = { ...policy, Statement: [{ ...statement, Resource: UNKNOWN }] };
      const unknown = await aws.check(types.role, "p", { role: "r", policy: partly });
      assert.equal(unknown.inputs["policy"], UNKNOWN);
    });

    it("refuses an unlisted type and says how to add it", async () => {
      await assert.rejects(aws.check("aws:sqs/queue:Queue", "q", {}), {
        message:
          'aws:sqs/queue:Queue is not in the stand-in cloud. Add it to sandbox/cloud/aws/<service>.ts and run "npm run schema".',
      });
    });
  });

  describe("preview", () => {
    it("knows inputs and defaults, and nothing that AWS computes", async () => {
      const { id, state } = await aws.previewCreate(types.vpc, "v", { cidrBlock: "10.0.0.0/16" });
      assert.equal(id, "");
      assert.equal(state["cidrBlock"], "10.0.0.0/16");
      assert.equal(state["enableDnsSupport"], true);
      assert.equal(state["region"], "us-east-1");
      assert.equal(state["arn"], UNKNOWN);
      assert.equal(state["mainRouteTableId"], UNKNOWN);
    });

    it("of an update knows what stays, and of what is volatile whether this change touches it", async () => {
      const { id, inputs, state } = await aws.create(types.database, "previewed", { instanceClass: "x" });
      const preview = (change: Inputs) =>
        aws.update(types.database, id, { ...inputs, ...change }, state, "preview");
      const bigger = await preview({ instanceClass: "y" });
      assert.deepEqual(
        [bigger["instanceClass"], bigger["arn"], bigger["endpoint"]],
        ["y", state["arn"], state["endpoint"]],
      );
      assert.equal((await preview({ port: 6000 }))["endpoint"], UNKNOWN);
      assert.equal((await preview({ kmsKeyId: UNKNOWN }))["endpoint"], UNKNOWN);
    });

    it("leaves the cloud alone", async () => {
      await aws.previewCreate(types.vpc, "previewed", { cidrBlock: "10.0.0.0/16" });
      assert.ok(!readCloud(sandbox.file).some(({ urn }) => urn === urnOf(types.vpc, "previewed")));
    });
  });

  it("is on disk when Create answers, with plausible outputs", async () => {
    const { id, state } = await aws.create(types.vpc, "v", { cidrBlock: "10.0.0.0/16", tags: { a: "b" } });
    assert.match(id, /^vpc-[0-9a-f]{17}$/);
    assert.equal(state["arn"], `arn:aws:ec2:us-east-1:123456789012:vpc/${id}`);
    assert.deepEqual(state["tagsAll"], { a: "b" });
    const entry = readCloud(sandbox.file).find((candidate) => candidate.id === id);
    assert.ok(entry);
    assert.deepEqual(entry.state, state);
    assert.equal(entry.urn, urnOf(types.vpc, "v"));
  });

  it("gets another id when it is made again", async () => {
    const first = await aws.create(types.vpc, "again", { cidrBlock: "10.0.0.0/16" });
    await aws.delete(types.vpc, first.id, first.state);
    const second = await aws.create(types.vpc, "again", { cidrBlock: "10.0.0.0/16" });
    assert.notEqual(second.id, first.id);
  });

  it("lives in the region its input names", async () => {
    const { id, state } = await aws.create(types.vpc, "eu", {
      cidrBlock: "10.0.0.0/16",
      region: "eu-west-1",
    });
    assert.equal(state["arn"], `arn:aws:ec2:eu-west-1:123456789012:vpc/${id}`);
  });

  it("is refused when what it refers to is not there", async () => {
    await assert.rejects(aws.create(types.subnet, "s", { vpcId: "vpc-none" }), {
      message: "InvalidVpcID.NotFound",
    });
  });

  it("is refused when its name is taken, in that region only", async () => {
    await aws.create(types.group, "g", { name: "taken" });
    await assert.rejects(
      aws.create(types.group, "h", { name: "taken" }),
      /AlreadyExists: name "taken" is taken/,
    );
    await aws.create(types.group, "h", { name: "taken", region: "eu-west-1" });
  });

  it("keeps a secret's name reserved after its deletion", async () => {
    const { id, state } = await aws.create(types.secret, "s", { name: "/app/key" });
    await aws.delete(types.secret, id, state);
    await assert.rejects(aws.create(types.secret, "s", { name: "/app/key" }), /scheduled for deletion/);
  });

  it("with deletion protection is not deleted", async () => {
    const { id, state } = await aws.create(types.database, "p", {
      instanceClass: "x",
      deletionProtection: true,
    });
    await assert.rejects(aws.delete(types.database, id, state), /deletion protection is on/);
  });

  it("is named after a prefix, and keeps that name", async () => {
    const made = await aws.create(types.database, "prefixed", {
      instanceClass: "x",
      identifierPrefix: "pre-",
    });
    assert.match(String(made.state["identifier"]), /^pre-[0-9a-f]{26}$/);
    assert.ok(String(made.state["endpoint"]).startsWith(String(made.state["identifier"])));
    assert.equal(made.inputs["identifier"], undefined);
    const updated = await aws.update(types.database, made.id, { ...made.inputs, port: 1 }, made.state);
    assert.equal(updated["identifier"], made.state["identifier"]);
    const read = await aws.read(types.database, made.id, made);
    assert.deepEqual(read.inputs, made.inputs);
  });

  it("updates in place: echo, defaults again, volatile outputs anew, the rest as it was", async () => {
    const made = await aws.create(types.database, "u", { instanceClass: "x", port: 5432 });
    const outputs = await aws.update(types.database, made.id, { ...made.inputs, port: 6000 }, made.state);
    assert.match(String(outputs["endpoint"]), /:6000$/);
    assert.equal(outputs["arn"], made.state["arn"]);
    assert.equal(outputs["identifier"], made.state["identifier"]);
  });

  it("that is gone cannot be updated, and is deleted without a word", async () => {
    await assert.rejects(aws.update(types.vpc, "vpc-gone", {}, {}), /does not exist any more. Run "refresh"/);
    await aws.delete(types.vpc, "vpc-gone", {});
  });

  it("is not replaced when the provider's own region is named, but when the region changes", async () => {
    const { inputs } = await aws.check(types.vpc, "v", { cidrBlock: "10.0.0.0/16" });
    assert.equal((await aws.diff(types.vpc, inputs, { ...inputs, region: "us-east-1" })).some, false);
    const moved = await aws.diff(types.vpc, inputs, { ...inputs, region: "eu-west-1" });
    assert.deepEqual(moved.changes, { region: "UPDATE_REPLACE" });
  });

  it("has the settings of the provider resource that asks", async () => {
    const other = new Client(sandbox.cloud.ports.aws);
    await other.configure({ region: "eu-west-1" });
    await aws.configure({ region: "us-west-2" });
    const made = await Promise.all(
      [aws, other].map((client) => client.create(types.vpc, "of", { cidrBlock: "10.0.0.0/16" })),
    );
    assert.deepEqual(
      made.map(({ state }) => state["region"]),
      ["us-west-2", "eu-west-1"],
    );
    await aws.configure({ region: "us-east-1" });
    other.close();
  });

  it("takes the provider's default tags", async () => {
    const other = await startSandbox();
    await other.aws.configure({ region: "eu-west-1", defaultTags: JSON.stringify({ tags: { team: "x" } }) });
    const { state, inputs } = await other.aws.create(types.vpc, "v", {
      cidrBlock: "10.0.0.0/16",
      tags: { a: "b" },
    });
    assert.deepEqual(state["tagsAll"], { team: "x", a: "b" });
    assert.deepEqual(state["tags"], { a: "b" });
    assert.equal(inputs["tagsAll"], undefined);
    assert.equal(state["region"], "eu-west-1");
    await other.end();
  });

  it("of the random provider is random, and no part of the cloud file", async () => {
    const first = await sandbox.random.create(types.password, "p", { length: 20 });
    const second = await sandbox.random.create(types.password, "p", { length: 20 });
    assert.notEqual(first.state["result"], second.state["result"]);
    assert.ok(!readCloud(sandbox.file).some(({ type }) => type === types.password));
    const read = await sandbox.random.read(types.password, "none", first);
    assert.deepEqual(read.state, first.state);
  });

  it("answers functions, and refuses wrong arguments and unlisted ones", async () => {
    const token = "aws:index/getAvailabilityZones:getAvailabilityZones";
    assert.deepEqual(await aws.invoke(token, {}), { names: ["us-east-1a", "us-east-1b", "us-east-1c"] });
    await assert.rejects(aws.invoke(token, { stat: "available" }), /did you mean "state"/);
    await assert.rejects(
      aws.invoke("aws:index/getIp:getIp", {}),
      /Add it to sandbox\/cloud\/aws\/invokes.ts/,
    );
  });
});
