import assert from "node:assert/strict";
import {
  cognitoCheck,
  databaseCheck,
  Health,
  openaiCheck,
  redisCheck,
  standardChecks,
} from "../../../runtime/health/index.ts";
import { Secrets } from "../../../runtime/secrets.ts";
import { jsonServer, type Asked } from "../../rotation/servers/json-server.ts";
import { freePort } from "../../rotation/servers/programs.ts";
import { inMemory, secretsOf } from "../examples.ts";

const signal = new AbortController().signal;
const pool = { query: () => Promise.resolve() };
const redis = { isReady: true, ping: () => Promise.resolve("PONG") };

/** Secrets whose OpenAI key a test can rotate. */
function rotatable() {
  const fields = { ...secretsOf("staging")["external-services"], OPENAI_API_KEY: "sk-old" };
  const state = { fields, version: 1 };
  const ids = {
    "api-keys": "",
    "database-credentials": "",
    "cache-credentials": "",
    "external-services": "external",
  };
  const secrets = new Secrets(ids, () =>
    Promise.resolve({ version: String(state.version), fields: { ...state.fields } }),
  );
  return { secrets, state };
}

describe("the checks", () => {
  const toStop: (() => Promise<void>)[] = [];
  afterEach(() => Promise.all(toStop.splice(0).map((stop) => stop())));

  async function service(answer: (asked: Asked) => number): Promise<{ endpoint: string; asked: Asked[] }> {
    const asked: Asked[] = [];
    const server = await jsonServer((request) => {
      asked.push(request);
      return { status: answer(request), body: {} };
    });
    toStop.push(server.stop);
    return { endpoint: server.endpoint, asked };
  }

  it("are the document's four; all but OpenAI's are critical", () => {
    const { secrets } = rotatable();
    const cognito = { region: "us-east-1", userPoolId: "", userPoolClientId: "", userPoolSecretKey: "" };
    const checks = standardChecks({ cognito, openaiApiKey: "sk-", secrets }, { pool, redis });
    assert.deepEqual(
      Object.entries(checks).map(([name, { critical }]) => [name, critical]),
      [
        ["database", true],
        ["redis", true],
        ["cognito", true],
        ["openai", false],
      ],
    );
  });

  it("leave out what a developer's machine does without", () => {
    const { secrets } = rotatable();
    const checks = standardChecks({ cognito: undefined, openaiApiKey: undefined, secrets }, { pool, redis });
    assert.deepEqual(Object.keys(checks), ["database", "redis"]);
  });

  it("of the database asks it, with the driver's own time limit", async () => {
    const asked: unknown[] = [];
    await databaseCheck({ query: (query) => Promise.resolve(asked.push(query)) }).run(signal);
    assert.deepEqual(asked, [{ text: "SELECT 1", query_timeout: 3_000 }]);
  });

  it("of the cache sends nothing that would wait for a connection", async () => {
    const client = { isReady: false, ping: () => assert.fail("It was sent.") };
    await assert.rejects(redisCheck(client).run(signal), { code: "NOT_READY" });
  });

  it("of Cognito asks for the pool's public keys", async () => {
    const { endpoint, asked } = await service(({ url }) => (url.pathname.includes("known") ? 200 : 404));
    const pool = { region: "eu-west-2", userPoolId: "eu-west-2_Abc" };
    await cognitoCheck(pool, endpoint).run(signal);
    assert.equal(asked[0]?.url.pathname, "/eu-west-2_Abc/.well-known/jwks.json");
    const none = await service(() => 404);
    await assert.rejects(cognitoCheck(pool, none.endpoint).run(signal), { code: "HTTP_404" });
    const nobody = `http://127.0.0.1:${await freePort()}`;
    await assert.rejects(cognitoCheck(pool, nobody).run(signal), { code: "ECONNREFUSED" });
  });

  it("of OpenAI takes a key that was rotated meanwhile", async () => {
    const { secrets, state } = rotatable();
    await secrets.read("external-services");
    state.version = 2;
    state.fields.OPENAI_API_KEY = "sk-new";
    const { endpoint, asked } = await service(({ headers }) =>
      headers.authorization === "Bearer sk-new" ? 200 : 401,
    );
    await openaiCheck(secrets, endpoint).run(signal);
    assert.deepEqual(
      asked.map(({ url, headers }) => [url.pathname, headers.authorization]),
      [
        ["/v1/models", "Bearer sk-old"],
        ["/v1/models", "Bearer sk-new"],
      ],
    );
  });

  it("of OpenAI make the service degraded, not down as the document's do", async () => {
    for (const status of [401, 429, 500]) {
      const { endpoint } = await service(() => status);
      const { fetchSecret } = inMemory({ external: { OPENAI_API_KEY: "sk-" } });
      const ids = {
        "api-keys": "",
        "database-credentials": "",
        "cache-credentials": "",
        "external-services": "external",
      };
      const checks = {
        database: databaseCheck(pool),
        openai: openaiCheck(new Secrets(ids, fetchSecret), endpoint),
      };
      const health = new Health({ version: "1", environment: "staging", checks });
      const report = await health.report();
      health.stop();
      assert.deepEqual([report.status, report.checks["openai"]?.code], ["degraded", `HTTP_${status}`]);
    }
  });
});
