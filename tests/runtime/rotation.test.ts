import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import { PutSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import { authToken } from "../../rotation/cache/auth-token.ts";
import { acceptsToken } from "../../rotation/cache/connection.ts";
import { replicationGroup } from "../../rotation/cache/replication-group.ts";
import { deadline } from "../../rotation/deadline.ts";
import { rotate } from "../../rotation/protocol.ts";
import { secretStore } from "../../rotation/store.ts";
import { Health, readiness, standardChecks } from "../../runtime/health/index.ts";
import { createPool, type PoolOptions } from "../../runtime/postgres.ts";
import { createRedis, type Redis } from "../../runtime/redis.ts";
import { type FetchSecret, secretsManager } from "../../runtime/secret-fetching.ts";
import { Secrets } from "../../runtime/secrets.ts";
import { type Subject, World } from "../rotation/database/world.ts";
import { type ElastiCache, startElastiCache } from "../rotation/servers/elasticache.ts";
import { listen } from "../rotation/servers/programs.ts";
import { steps } from "../rotation/steps.ts";

const firstToken = "first-token-of-the-cache";
const appEnv = "staging";

describe("runtime/ while secrets rotate: PostgreSQL, Valkey and Secrets Manager", function () {
  this.timeout(60_000);
  let world: World;
  let cache: ElastiCache;
  let subject: Subject;
  let cacheId: string;
  let reads: string[];
  const toClose: (() => unknown)[] = [];

  before(async () => {
    [world, cache] = await Promise.all([World.start(), startElastiCache(firstToken)]);
  });
  after(() => Promise.all([world.stop(), cache.stop()]));
  beforeEach(async () => {
    subject = await world.subject("alternating");
    await atTheServer();
    const token = cacheToken ?? firstToken;
    cacheId = await world.secrets.create({ REDIS_URL: `rediss://:${token}@localhost:${cache.port}` });
    reads = [];
  });
  afterEach(async () => {
    await Promise.all(toClose.splice(0).map((close) => close()));
  });
  let cacheToken: string | undefined;

  /** The API connects where the URL says; there is no proxy before this server. */
  async function atTheServer(): Promise<void> {
    const text = (await world.secrets.value(subject.secretId)) ?? "";
    const SecretString = text.replace("@proxy.example:", "@localhost:");
    await world.secrets.client.send(new PutSecretValueCommand({ SecretId: subject.secretId, SecretString }));
  }

  /** What `loadConfig` hands over. */
  function config() {
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    const fetching = secretsManager({
      endpoint: world.secrets.endpoint,
      region: "us-east-1",
      credentials,
    });
    const fetchSecret: FetchSecret = (id, signal) => {
      reads.push(id);
      return fetching(id, signal);
    };
    const ids = {
      "api-keys": "none",
      "database-credentials": subject.secretId,
      "cache-credentials": cacheId,
      "external-services": "none",
    };
    return { appEnv, secrets: new Secrets(ids, fetchSecret, { cacheSeconds: 300 }) } as const;
  }

  function poolOf(reader: ReturnType<typeof config>, options: PoolOptions = {}) {
    const pool = createPool(reader, { ca: world.postgres.ca, ...options });
    toClose.push(() => pool.end());
    return pool;
  }

  async function redisOf(reader: ReturnType<typeof config>, codes: string[] = []): Promise<Redis> {
    const client = await createRedis(reader, { ca: cache.ca, onError: (code) => codes.push(code) });
    toClose.push(() => client.destroy());
    await client.connect();
    return client;
  }

  async function rotateCache(): Promise<void> {
    const token = world.secrets.begin(cacheId);
    const limit = deadline(30_000);
    const strategy = authToken(
      replicationGroup(cache.groupId, limit, { connect: () => Promise.resolve(cache.client), pollMs: 5 }),
      acceptsToken(limit, cache.ca),
    );
    const store = secretStore(cacheId, limit, world.secrets.client);
    for (const Step of steps)
      await rotate({ SecretId: cacheId, ClientRequestToken: token, Step }, store, strategy);
    const { REDIS_URL } = JSON.parse((await world.secrets.value(cacheId)) ?? "{}") as { REDIS_URL: string };
    cacheToken = new URL(REDIS_URL).password;
  }

  const userOf = async (pool: ReturnType<typeof createPool>): Promise<string | undefined> =>
    (await pool.query<{ name: string }>("SELECT session_user AS name")).rows[0]?.name;

  it("fails no request, over three rotations in mid-traffic", async () => {
    const reader = config();
    // Every connection serves two requests: it is made anew all the time.
    const pool = poolOf(reader, { max: 4, maxUses: 2 });
    const redis = await redisOf(reader);
    const users = new Set<string>();
    const server = createServer((_request, response) => {
      void Promise.all([userOf(pool), redis.incr("requests")]).then(
        ([user]) => response.end(user),
        (error: unknown) => response.writeHead(500).end(String(error)),
      );
    });
    const url = `http://127.0.0.1:${await listen(server)}`;
    toClose.push(() => closed(server));
    const failures: string[] = [];
    let served = 0;
    let isOver = false;
    const client = async (): Promise<void> => {
      while (!isOver) {
        const response = await fetch(url);
        const text = await response.text();
        if (response.ok) users.add(text);
        else failures.push(text);
        served += 1;
      }
    };
    const clients = Array.from({ length: 6 }, client);
    for (let turn = 0; turn < 3; turn += 1) {
      await Promise.all([world.rotate(subject, "alternating"), rotateCache()]);
      // A task that starts now with what another process has cached would have.
      await redisOf(reader);
      const before = served;
      while (served < before + 30) await new Promise((resolve) => setTimeout(resolve, 10));
    }
    isOver = true;
    await Promise.all(clients);
    assert.deepEqual(failures, []);
    assert.ok(served > 90, String(served));
    // Which of the two it is at a moment, is for the rotation to say.
    for (const user of users) assert.ok(subject.logins.includes(user), user);
    // Read at the start, and when the one before was refused: far fewer times than there were logins.
    for (const id of [subject.secretId, cacheId]) {
      const count = reads.filter((read) => read === id).length;
      assert.ok(count >= 2 && count <= 4, `${count}`);
    }
  });

  describe("a pool", () => {
    it("logs in with the new password after a refusal, reading the secret once for all", async () => {
      const reader = config();
      const pool = poolOf(reader, { max: 8, maxUses: 1 });
      assert.equal(await userOf(pool), subject.logins[0]);
      // The next rotation but one gives the first login another password.
      for (let turn = 0; turn < 2; turn += 1) await world.rotate(subject, "alternating");
      reads = [];
      const names = await Promise.all(Array.from({ length: 8 }, () => userOf(pool)));
      assert.deepEqual(names, Array(8).fill(subject.logins[0]));
      assert.deepEqual(reads, [subject.secretId]);
    });

    it("goes over to the other login when the secret's time is over", async () => {
      const reader = config();
      const pool = poolOf(reader, { maxUses: 1 });
      assert.equal(await userOf(pool), subject.logins[0]);
      await world.rotate(subject, "alternating");
      assert.equal(await userOf(pool), subject.logins[0]);
      await reader.secrets.renew("database-credentials", await reader.secrets.read("database-credentials"));
      assert.equal(await userOf(pool), subject.logins[1]);
    });

    it("tells a refusal that a new reading does not mend, with the database's code", async () => {
      await world.sql(`ALTER ROLE "${subject.logins[0] ?? ""}" PASSWORD 'another'`);
      await assert.rejects(userOf(poolOf(config())), { code: "28P01" });
      assert.deepEqual(reads, [subject.secretId, subject.secretId]);
    });

    it("works with callbacks, transactions and an end", async () => {
      const pool = poolOf(config());
      const rows = await new Promise((resolve, reject) => {
        pool.connect((error, client, release) => {
          if (error || !client) {
            reject(error ?? new Error("no client"));
            return;
          }
          client.query("SELECT 1 AS one").then(({ rows }) => {
            release();
            resolve(rows);
          }, reject);
        });
      });
      assert.deepEqual(rows, [{ one: 1 }]);
      const client = await pool.connect();
      await client.query("BEGIN");
      await client.query("ROLLBACK");
      client.release();
      assert.equal(pool.idleCount, 1);
    });

    it("outlives a connection that breaks while nobody uses it", async () => {
      const pool = poolOf(config());
      await pool.query("SELECT 1");
      await world.sql(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '${subject.logins[0] ?? ""}'`,
      );
      while (pool.totalCount > 0) await new Promise((resolve) => setTimeout(resolve, 5));
      assert.equal(await userOf(pool), subject.logins[0]);
    });

    it("trusts no certificate that it cannot verify, and never goes without TLS, whatever the URL says", async () => {
      const untrusted = { code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE" };
      await assert.rejects(userOf(createPool(config())), untrusted);
      const text = ((await world.secrets.value(subject.secretId)) ?? "").replace("verify-full", "disable");
      await world.secrets.client.send(
        new PutSecretValueCommand({ SecretId: subject.secretId, SecretString: text }),
      );
      await assert.rejects(userOf(createPool(config())), untrusted);
      assert.equal(await userOf(poolOf(config())), subject.logins[0]);
      // The server refuses whoever comes without TLS, as a developer's own would not.
      await assert.rejects(userOf(createPool({ ...config(), appEnv: "development" })), { code: "28000" });
    });
  });

  describe("a Redis client", () => {
    it("logs in with the new token when it has to connect again, and loses no command that waits", async () => {
      const reader = config();
      const codes: string[] = [];
      const client = await redisOf(reader, codes);
      await client.set("kept", "yes");
      for (let turn = 0; turn < 2; turn += 1) await rotateCache();
      reads = [];
      const id = (await client.clientId()).toString();
      await client.sendCommand(["CLIENT", "KILL", "ID", id, "SKIPME", "no"]).catch(() => undefined);
      while (client.isReady) await new Promise((resolve) => setImmediate(resolve));
      const values = await Promise.all(Array.from({ length: 5 }, () => client.get("kept")));
      assert.deepEqual(values, Array(5).fill("yes"));
      assert.deepEqual(reads, [cacheId]);
      assert.ok(!codes.includes("WRONGPASS"), codes.join());
    });

    it("logs in at the start with a token read again, where the one in the cache is refused", async () => {
      const reader = config();
      await reader.secrets.read("cache-credentials");
      for (let turn = 0; turn < 2; turn += 1) await rotateCache();
      reads = [];
      const codes: string[] = [];
      assert.equal(await (await redisOf(reader, codes)).ping(), "PONG");
      assert.deepEqual([codes, reads], [["WRONGPASS"], [cacheId]]);
    });

    it("gives up at the start where a new reading does not help", async () => {
      cacheId = await world.secrets.create({ REDIS_URL: `rediss://:wrong@localhost:${cache.port}` });
      await assert.rejects(redisOf(config()), (error: Error) => {
        assert.ok(!error.message.includes("wrong@"));
        return /The cache refuses the secret's login/.test(error.message);
      });
    });

    it("trusts no certificate that it cannot verify", async () => {
      const codes: string[] = [];
      const client = await createRedis(config(), { onError: (code) => codes.push(code) });
      toClose.push(() => client.destroy());
      client.connect().catch(() => undefined);
      while (codes.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      assert.deepEqual(codes, ["UNABLE_TO_VERIFY_LEAF_SIGNATURE"]);
    });
  });

  describe("/api/health", () => {
    it("is 200 with both servers, and 503 with their codes when they are gone", async () => {
      const reader = config();
      const checks = standardChecks(
        { ...reader, cognito: undefined, openaiApiKey: undefined },
        { pool: poolOf(reader), redis: await redisOf(reader) },
      );
      const often = Object.fromEntries(
        Object.entries(checks).map(([name, check]) => [name, { ...check, intervalMs: 20, timeoutMs: 500 }]),
      );
      const health = new Health({ version: "1", environment: appEnv, checks: often });
      toClose.push(() => health.stop());
      const server = createServer(readiness(health));
      toClose.push(() => closed(server));
      const url = `http://127.0.0.1:${await listen(server)}/api/health`;
      const ask = async () => {
        const response = await fetch(url);
        const { checks: found } = (await response.json()) as { checks: Record<string, { code?: string }> };
        return { status: response.status, codes: Object.values(found).map(({ code }) => code) };
      };
      assert.deepEqual(await ask(), { status: 200, codes: [undefined, undefined] });
      await Promise.all([world.postgres.stop(), cache.stop()]);
      let answer = await ask();
      while (answer.codes.includes(undefined)) answer = await ask();
      assert.equal(answer.status, 503);
      assert.match(
        answer.codes.join(),
        /^(?:ECONNREFUSED|ECONNRESET|57P01|FAILED|TIMEOUT),(?:NOT_READY|FAILED|TIMEOUT)$/,
      );
    });
  });
});

async function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
