import assert from "node:assert/strict";
import { environments, type Environment, scales, type Scale } from "../../stacks/environments.ts";
import type { Recording } from "../components/mocks.ts";
import { made } from "./made.ts";
import { type Given, given } from "./program.ts";

const inOrder = (names: readonly string[]) => names.toSorted();

/** The system document's names and sizes, which people and pipelines rely on. */
describe("what the system document names", function () {
  this.timeout(120_000);
  const recordings = new Map<string, Recording>();
  before(async () => {
    for (const environment of environments)
      for (const scale of scales)
        recordings.set(`${environment} ${scale}`, await made(given(environment, scale), environment));
  });
  const recordingOf = (environment: Environment, scale: Scale): Recording => {
    const recording = recordings.get(`${environment} ${scale}`);
    assert.ok(recording);
    return recording;
  };

  for (const scale of scales) {
    it(`has its secrets with its keys below each environment's path (${scale})`, () => {
      for (const environment of environments) {
        const recording = recordingOf(environment, scale);
        const path = `/macro-ai/${environment === "development" ? "dev" : environment}`;
        const keys = Object.fromEntries(
          recording.all("SecretVersion").map(({ name, inputs }) => {
            const secret = recording.one("aws:secretsmanager/secret:Secret", name).inputs["name"];
            return [secret, Object.keys(JSON.parse(String(inputs["secretString"])) as object)];
          }),
        ) as Record<string, string[]>;
        const has = (secret: string, ...wanted: string[]) => {
          const missing = wanted.filter((key) => keys[`${path}/${secret}`]?.includes(key) !== true);
          assert.deepEqual(missing, [], `${path}/${secret}`);
        };
        has("api-keys", "API_KEY", "COOKIE_ENCRYPTION_KEY");
        has("database-credentials", "RELATIONAL_DATABASE_URL", "DB_USERNAME", "DB_PASSWORD");
        has(
          "external-services",
          "OPENAI_API_KEY",
          "AWS_COGNITO_USER_POOL_ID",
          "AWS_COGNITO_USER_POOL_CLIENT_ID",
          "AWS_COGNITO_USER_POOL_SECRET_KEY",
        );
      }
    });

    it(`has its repositories and its log groups, in production by the very names (${scale})`, () => {
      const recording = recordingOf("production", scale);
      const repositories = recording.all("awsx:ecr:Repository").map(({ inputs }) => String(inputs["name"]));
      assert.deepEqual(inOrder(repositories), ["macro-ai/client-ui", "macro-ai/express-api"]);
      for (const part of ["api", "ui"])
        assert.partialDeepStrictEqual(recording.one("LogGroup", `${part}-logs`), {
          inputs: { name: `/ecs/macro-ai-${part}`, retentionInDays: 180 },
          options: { retainOnDelete: true },
        });
    });

    it(`has one trail in an account: production's, unless another stack is told to keep it (${scale})`, async () => {
      const keepers = environments.filter((name) => recordingOf(name, scale).all("Trail").length === 1);
      assert.deepEqual(keepers, ["production"]);
      const elsewhere = await made(
        { ...given("staging", scale), features: '{"auditTrail":true}' },
        "staging",
      );
      assert.equal(elsewhere.all("Trail").length, 1);
    });
  }

  it("takes the document's db.r6g.large by one line, which changes the instance and what watches it alone", async () => {
    const large: Given = { ...given("staging", "enterprise"), database: '{"instanceClass":"db.r6g.large"}' };
    const [one, other] = [recordingOf("staging", "enterprise"), await made(large, "staging")];
    assert.equal(other.one("aws:rds/instance:Instance").inputs["instanceClass"], "db.r6g.large");
    const before = new Map(one.resources.map(({ urn, inputs }) => [urn, JSON.stringify(inputs)]));
    const changed = other.resources.filter(({ urn, inputs }) => before.get(urn) !== JSON.stringify(inputs));
    assert.deepEqual(
      changed.map(({ name }) => name).filter((name) => !/^alarms/.test(name)),
      ["database"],
    );
  });
});
