import assert from "node:assert/strict";
import { type Scale, scales } from "../../stacks/environments.ts";
import type { Recording } from "../components/mocks.ts";
import { made } from "./made.ts";
import { type Given, given } from "./program.ts";

/** Days by the last part of the secret's name. */
function intervals(recording: Recording): Record<string, number> {
  const rotations = recording.all("SecretRotation").map(({ inputs }) => {
    const { automaticallyAfterDays } = inputs["rotationRules"] as { automaticallyAfterDays: number };
    return [String(inputs["secretId"]).replace(/^.*secrets-/, ""), automaticallyAfterDays] as const;
  });
  return Object.fromEntries(rotations.sort(([one], [other]) => one.localeCompare(other)));
}

function variables(recording: Recording, lambda: string): Record<string, string> {
  const { environment } = recording.one("aws:lambda/function:Function", lambda).inputs;
  return (environment as { variables: Record<string, string> }).variables;
}

function reminders(recording: Recording): unknown[] {
  const text = variables(recording, "rotation-reminder")["REMINDERS"] ?? "";
  const all = JSON.parse(text) as { field: string; everyDays: number }[];
  return all.map(({ field, everyDays }) => [field, everyDays]);
}

const openAi: Given = {
  openaiProjectId: "proj_example0000",
  openaiAdminKey: "sk-admin-example-not-a-real-key-0000",
};

describe("the rotation of the stack's secrets", function () {
  this.timeout(60_000);
  const evaluated = new Map<Scale, Recording>();
  const at = (scale: Scale): Recording => {
    const found = evaluated.get(scale);
    assert.ok(found);
    return found;
  };
  before(async () => {
    for (const scale of scales) evaluated.set(scale, await made(given("staging", scale), "staging"));
  });

  for (const scale of scales) {
    it(`turns every secret at the document's intervals, at ${scale} scale`, () => {
      assert.deepEqual(intervals(at(scale)), {
        "api-keys": 180,
        ...(scale === "enterprise" && { "cache-credentials": 90 }),
        "database-credentials": 90,
        "external-services": 90,
      });
    });

    it(`reminds of what it does not turn, at ${scale} scale`, () => {
      const ofUpstash = scale === "hobby" ? [["REDIS_URL", 90]] : [];
      assert.deepEqual(reminders(at(scale)), [...ofUpstash, ["OPENAI_API_KEY", 90]]);
    });
  }

  it("takes turns between two logins of its own database, and renews Neon's one in plain", () => {
    const own = variables(at("enterprise"), "rotation-database");
    assert.equal(own["DATABASE_USERS"], "alternating");
    assert.match(own["MASTER_SECRET_ARN"] ?? "", /secret:rds!/);
    assert.deepEqual(variables(at("hobby"), "rotation-database"), {
      DATABASE_USERS: "single",
      DATABASE_LOGIN_FORM: "plaintext",
      DATABASE_CA: "public",
    });
  });

  it("keeps a ring for API keys and one for cookie keys", () => {
    const rule = { activationDelaySeconds: 900, overlapSeconds: 30 * 24 * 60 * 60 };
    assert.deepEqual(JSON.parse(variables(at("hobby"), "rotation-keyring")["KEYRINGS"] ?? ""), [
      { field: "API_KEY", ...rule },
      { field: "COOKIE_ENCRYPTION_KEY", ...rule },
    ]);
  });

  it("prepares the database before the API and the first test of its rotation", () => {
    const recording = at("enterprise");
    const { urn } = recording.one("aws:lambda/invocation:Invocation");
    assert.ok(recording.one("aws:ecs/service:Service").options.dependencies.includes(urn));
    assert.ok(recording.one("SecretRotation", "rotation-database").options.dependencies.includes(urn));
  });

  it("needs neither network, queue nor further secret at hobby scale", () => {
    const recording = at("hobby");
    assert.deepEqual(recording.all("SecurityGroup"), []);
    assert.deepEqual(recording.names("aws:sqs/queue:Queue"), ["api-dead-letters"]);
    assert.equal(recording.all("aws:secretsmanager/secret:Secret").length, 4);
  });

  it("follows the configuration", async () => {
    const rotation = JSON.stringify({
      ...{ databaseDays: 30, apiKeyDays: 60, externalDays: 45, byHandDays: 30 },
      ...{ keyOverlapDays: 7, windowHours: 2, reserveConcurrency: false },
    });
    const recording = await made({ ...given("staging", "hobby"), rotation }, "staging");
    assert.deepEqual(intervals(recording), {
      "api-keys": 60,
      "database-credentials": 30,
      "external-services": 45,
    });
    assert.deepEqual(reminders(recording)[0], ["REDIS_URL", 30]);
    assert.match(variables(recording, "rotation-keyring")["KEYRINGS"] ?? "", /"overlapSeconds":604800/);
    for (const { inputs } of recording.all("SecretRotation"))
      assert.partialDeepStrictEqual(inputs["rotationRules"], { duration: "2h" });
    for (const { inputs, name } of recording.all("aws:lambda/function:Function"))
      assert.equal(inputs["reservedConcurrentExecutions"], undefined, name);
  });

  it("reaches AWS by endpoints where there is no gateway, ElastiCache among them", async () => {
    const config = {
      ...given("staging", "enterprise"),
      network: JSON.stringify({ natGateways: "none", interfaceEndpoints: true }),
      apiImage: "1.0.0",
      features: JSON.stringify({ tracing: false }),
    };
    const recording = await made(config, "staging");
    assert.ok(recording.names("VpcEndpoint").includes("network-elasticache"));
    const ways = recording.names("SecurityGroupEgressRule");
    assert.deepEqual(
      ways.filter((name) => /^(rotation|bootstrap).*-https$/.test(name)),
      [],
    );
    assert.deepEqual(ways.filter((name) => name.endsWith("aws-endpoints-egress")).sort(), [
      "api-to-aws-endpoints-egress",
      "bootstrap-to-aws-endpoints-egress",
      "rotation-cache-to-aws-endpoints-egress",
      "rotation-database-to-aws-endpoints-egress",
    ]);
  });

  it("renews OpenAI's key where its project is configured, by an admin key that the API cannot read", async () => {
    const recording = await made({ ...given("staging", "hobby"), ...openAi }, "staging");
    const external = variables(recording, "rotation-external");
    assert.equal(external["PROVIDERS"], "cognito,openai");
    assert.match(external["OPENAI_ACCOUNT_PREFIX"] ?? "", /^rot\.staging\.[a-z]+-[a-z]+-\d\.\d{12}\.$/);
    assert.match(external["OPENAI_ADMIN_SECRET_ARN"] ?? "", /secrets-openai-admin$/);
    assert.deepEqual(reminders(recording), [
      ["REDIS_URL", 90],
      ["OPENAI_ADMIN_KEY", 90],
    ]);
    const readable = recording
      .statements(recording.one("RolePolicy", "api"))
      .filter(({ sid }) => sid === "ReadSecrets")
      .flatMap(({ resources }) => resources as string[]);
    assert.equal(readable.length, 4);
    const told = variables(recording, "api")["SECRET_ARNS"] ?? "";
    for (const text of [...readable, told]) assert.ok(!text.includes("openai-admin"), text);
  });
});
