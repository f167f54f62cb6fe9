import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { loadSchema } from "../../sandbox/schema/schema.ts";
import { secretExamples } from "../../stacks/config/keys.ts";
import { type Environment, environments, type Scale, scales } from "../../stacks/environments.ts";
import { type Recording, type Registered, unknown, valueOf } from "../components/mocks.ts";
import { evaluate, type Given, given } from "./program.ts";

interface Evaluated {
  readonly recording: Recording;
  readonly outputs: Readonly<Record<string, unknown>>;
}

const stack = "one";
/** What holds data, or a name that people and pipelines know. */
const stateful = [
  "aws:acm/certificate:Certificate",
  "aws:cloudfront/distribution:Distribution",
  "aws:cloudwatch/logGroup:LogGroup",
  "aws:kms/key:Key",
  "aws:rds/instance:Instance",
  "aws:s3/bucket:Bucket",
  "aws:secretsmanager/secret:Secret",
  "aws:secretsmanager/secretVersion:SecretVersion",
  "awsx:ecr:Repository",
  "random:index/randomPassword:RandomPassword",
];
/** Each alone costs more than a hobby stack may, or leads to what does. */
const tooDear = [
  "aws:ec2/natGateway:NatGateway",
  "aws:ec2/vpcEndpoint:VpcEndpoint",
  "aws:ecs/service:Service",
  "aws:elasticache/replicationGroup:ReplicationGroup",
  "aws:lb/loadBalancer:LoadBalancer",
  "aws:rds/instance:Instance",
  "aws:rds/proxy:Proxy",
  "aws:wafv2/webAcl:WebAcl",
  "awsx:ec2:Vpc",
];
const commonTags = ["project", "stack", "environment", "scale", "owner", "cost-centre", "component"];

describe("the program, as a preview evaluates it", function () {
  this.timeout(120_000);
  const evaluated = new Map<string, Evaluated>();
  const evaluationOf = (environment: Environment, scale: Scale): Evaluated => {
    const found = evaluated.get(`${environment} ${scale}`);
    assert.ok(found);
    return found;
  };
  const evaluateWith = (config: Given) => evaluate(config, { preview: true, stack });

  before(async () => {
    for (const environment of environments)
      for (const scale of scales)
        evaluated.set(`${environment} ${scale}`, await evaluateWith(given(environment, scale)));
  });

  for (const environment of environments) {
    for (const scale of scales) {
      describe(`${environment} at ${scale} scale`, () => {
        let resources: readonly Registered[];
        let recording: Recording;
        before(() => {
          recording = evaluationOf(environment, scale).recording;
          resources = recording.resources;
        });

        it("puts every resource into a component, save a few that belong to none", () => {
          const loose = resources.filter(({ custom, parent }) => custom && isStack(recording, parent));
          const allowed = [
            "aws:cloudwatch/logGroup:LogGroup",
            "aws:route53/record:Record",
            "random:index/randomPassword:RandomPassword",
          ];
          assert.deepEqual(
            loose.filter(({ type }) => !allowed.includes(type)).map(({ urn }) => urn),
            [],
          );
          const logGroups = loose.filter(({ type }) => type.endsWith(":LogGroup"));
          assert.deepEqual(
            logGroups.map(({ name }) => name),
            ["api-logs", "ui-logs"],
          );
        });

        it("gives every resource a URN of its own", () => {
          const urns = resources.map(({ urn }) => urn);
          assert.equal(new Set(urns).size, urns.length);
          assert.ok(!urns.includes(""));
        });

        it("holds no secret of the configuration in plain text", () => {
          for (const resource of resources) {
            const plain = Object.entries(resource.inputs).filter(
              ([name]) => !resource.secretInputs.includes(name),
            );
            assert.deepEqual(secretsIn(Object.fromEntries(plain)), [], resource.urn);
          }
        });

        it("marks what it generates and writes into a secret as secret", () => {
          const versions = recording.all("SecretVersion");
          assert.ok(versions.length >= 3);
          for (const { secretInputs, name } of versions)
            assert.deepEqual(secretInputs, ["secretString"], name);
        });

        it("has outputs that hold no secret", async () => {
          const { outputs } = evaluationOf(environment, scale);
          assert.deepEqual(Object.keys(outputs).sort(), [
            ...["apiUrl", "appUrl", "dashboardUrl", "repositoryUrls", "secretNames"],
          ]);
          for (const [name, value] of Object.entries(outputs))
            assert.equal(await pulumi.isSecret(pulumi.output(value)), false, name);
          assert.deepEqual(secretsIn(await valueOf(outputs["secretNames"])), []);
        });

        it("tags everything that can be tagged", () => {
          const taggable = resources.filter(({ type }) => canBeTagged(type));
          assert.ok(taggable.length > 10);
          for (const resource of taggable) {
            const tags = resource.inputs["tags"] as Record<string, unknown> | undefined;
            const missing = commonTags.filter((tag) => !tags?.[tag]);
            assert.deepEqual(missing, [], resource.urn);
            assert.deepEqual([tags?.["environment"], tags?.["scale"]], [environment, scale], resource.urn);
          }
        });

        it("invents names that AWS takes for balancers and target groups", () => {
          // 32 characters, of which 8 are a hyphen and the digits that Pulumi appends.
          for (const { name, inputs } of [
            ...recording.all("LoadBalancer"),
            ...recording.all("TargetGroup"),
          ]) {
            if (!name.startsWith("macro") && inputs["name"] !== undefined) continue;
            assert.ok(name.length <= 24, `${name} has ${name.length} characters`);
            assert.ok(!name.startsWith("internal-"), name);
          }
        });
      });
    }

    it(`${environment} makes nothing at hobby scale that its budget cannot bear`, () => {
      const { recording } = evaluationOf(environment, "hobby");
      assert.deepEqual(
        tooDear.flatMap((type) => recording.all(type).map(({ urn }) => urn)),
        [],
      );
    });

    it(`${environment} keeps at enterprise scale all that holds data at hobby scale`, () => {
      const urns = (scale: Scale) => statefulUrns(evaluationOf(environment, scale).recording);
      const kept = new Set(urns("enterprise"));
      const lost = urns("hobby").filter((urn) => !kept.has(urn));
      assert.deepEqual(lost.filter(isIrreplaceable), []);
    });
  }

  it("finds its database again under the same name after a time at hobby scale", async () => {
    const idle = await evaluateWith({ ...given("production", "hobby"), retainEnterpriseData: "true" });
    const { recording } = evaluationOf("production", "enterprise");
    for (const type of ["aws:rds/instance:Instance", "awsx:ec2:Vpc", "aws:kms/key:Key"]) {
      const kept = idle.recording.all(type);
      assert.notEqual(kept.length, 0);
      for (const { urn } of kept)
        assert.ok(
          recording.resources.some((resource) => resource.urn === urn),
          urn,
        );
    }
    assert.deepEqual(idle.recording.one("awsx:ec2:Vpc").inputs["natGateways"], { strategy: "None" });
  });

  it("protects in production and dr, and nowhere else, what cannot be made again", () => {
    for (const environment of environments) {
      const { recording } = evaluationOf(environment, "enterprise");
      const precious = ["Instance", "Secret", "Key", "Bucket"].flatMap((type) => recording.all(type));
      const isProtected = precious.filter(({ options }) => options.protect).map(({ name }) => name);
      if (environment === "production" || environment === "dr") assert.ok(isProtected.includes("database"));
      else assert.deepEqual(isProtected, []);
    }
  });

  it("names nothing of two environments alike where AWS wants the name to be given", () => {
    for (const scale of scales) {
      const taken = new Map<string, string>();
      for (const environment of environments) {
        for (const { type, inputs } of evaluationOf(environment, scale).recording.resources) {
          const name = inputs["name"];
          if (!["LogGroup", "Secret", "Repository"].includes(type.split(":").at(-1) ?? "")) continue;
          if (typeof name !== "string" || name === unknown) continue;
          const other = taken.get(`${type} ${name}`);
          assert.ok(other === undefined || other === environment, `${type} ${name}: ${String(other)}`);
          taken.set(`${type} ${name}`, environment);
        }
      }
    }
  });
});

function isStack(recording: Recording, urn: string): boolean {
  return urn === "" || recording.at(urn).type === "pulumi:pulumi:Stack";
}

/** Names of the configuration's secrets whose values occur. The pool's id is kept among them, but it is a name. */
function secretsIn(value: unknown): string[] {
  const text = JSON.stringify({ value });
  return Object.entries(secretExamples())
    .filter(([key]) => key !== "macro-ai:cognitoUserPoolId")
    .flatMap(([key, secret]) => (text.includes(secret) ? [key] : []));
}

function statefulUrns(recording: Recording): string[] {
  return stateful.flatMap((type) => recording.all(type).map(({ urn }) => urn));
}

/** The function's own logs go with it; passwords of the database that a scale has not are no loss. */
function isIrreplaceable(urn: string): boolean {
  return !/LogGroup::api-/.test(urn) || urn.endsWith("::api-logs");
}

function canBeTagged(type: string): boolean {
  const [provider = ""] = type.split(":");
  if (provider !== "aws") return type === "awsx:ec2:Vpc" || type === "awsx:ecr:Repository";
  return loadSchema("aws").resources[type]?.inputs["tags"] !== undefined;
}
