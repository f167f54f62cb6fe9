import { UpdateSecretVersionStageCommand } from "@aws-sdk/client-secrets-manager";
import assert from "node:assert/strict";
import { authToken } from "../../../rotation/cache/auth-token.ts";
import { acceptsToken } from "../../../rotation/cache/connection.ts";
import { replicationGroup } from "../../../rotation/cache/replication-group.ts";
import { type CacheSecret, parseCacheSecret, withToken } from "../../../rotation/cache/secret.ts";
import { deadline } from "../../../rotation/deadline.ts";
import { rotate, type Strategy } from "../../../rotation/protocol.ts";
import { secretStore } from "../../../rotation/store.ts";
import { type AfterCall, interruptedStore, told } from "../interruption.ts";
import { type ElastiCache, startElastiCache } from "../servers/elasticache.ts";
import { type SecretsManager, startSecretsManager } from "../servers/secrets-manager.ts";
import { steps } from "../steps.ts";

const firstToken = "first-token-of-the-cache";

describe("rotation/cache: AUTH tokens, against Valkey", function () {
  this.timeout(60_000);
  let cache: ElastiCache;
  let secrets: SecretsManager;
  let secretId: string;
  before(async () => {
    secrets = await startSecretsManager();
  });
  after(() => secrets.stop());
  beforeEach(async () => {
    cache = await startElastiCache(firstToken);
    secretId = await secrets.create({
      REDIS_URL: `rediss://:${firstToken}@localhost:${cache.port}`,
      OTHER: "kept",
    });
  });
  afterEach(async () => {
    secrets.interfere = (_operation, forward) => forward();
    await cache.stop();
  });

  const accepts = (ca: string | undefined = cache.ca) => acceptsToken(deadline(30_000), ca);
  const strategy = (after: AfterCall = () => undefined): Strategy<CacheSecret> => {
    const group = replicationGroup(cache.groupId, deadline(30_000), {
      connect: () => Promise.resolve(cache.client),
      pollMs: 5,
    });
    return authToken(
      {
        available: told("DescribeReplicationGroups", group.available, after),
        addToken: told("ModifyReplicationGroup", group.addToken, after),
      },
      told("AUTH", accepts(), after),
    );
  };
  const step = (name: string, token: string, after: AfterCall = () => undefined) =>
    rotate(
      { SecretId: secretId, ClientRequestToken: token, Step: name },
      interruptedStore(secretStore(secretId, deadline(30_000), secrets.client), after),
      strategy(after),
    );
  const rotateAll = async (token = secrets.begin(secretId), after?: AfterCall) => {
    for (const name of steps) await step(name, token, after);
  };
  const current = async () => parseCacheSecret((await secrets.value(secretId)) ?? "");

  it("ends with a new token that the cache takes, beside the one before and no older one", async () => {
    const seen = [await current()];
    for (let turn = 0; turn < 3; turn += 1) {
      await rotateAll();
      seen.push(await current());
    }
    const taken = await Promise.all(seen.map((secret) => accepts()(secret)));
    assert.deepEqual(taken, [false, false, true, true]);
    assert.equal(new Set(seen.map(({ token }) => token)).size, 4);
    assert.equal((await current()).fields["OTHER"], "kept");
  });

  it("asks ElastiCache once, however often the step is repeated", async () => {
    await rotateAll();
    const before = cache.changes;
    // As at AWS, a change outlives what the others do before they ask, however busy this machine is.
    cache.changeLooks = 40;
    const token = secrets.begin(secretId);
    await step("createSecret", token);
    await Promise.all([step("setSecret", token), step("setSecret", token)]);
    await step("setSecret", token);
    assert.equal(cache.changes, before + 1);
  });

  it("waits for a change that somebody else has begun", async () => {
    cache.status = "snapshotting";
    setTimeout(() => (cache.status = "available"), 100);
    await rotateAll();
    assert.ok(await accepts()(await current()));
  });

  it("does not wait for a group that is gone", async () => {
    cache.status = "deleting";
    const token = secrets.begin(secretId);
    await step("createSecret", token);
    await assert.rejects(
      step("setSecret", token),
      /^RotationError: failed: The replication group is deleting\./,
    );
  });

  it("cut short after any call, ends with the next attempt; the current token always works", async () => {
    const calls: string[] = [];
    await rotateAll(undefined, (call) => calls.push(call));
    assert.ok(calls.length > 12, calls.join(", "));
    for (let cut = 1; cut <= calls.length; cut += 1) {
      const token = secrets.begin(secretId);
      let made = 0;
      await rotateAll(token, (call) => {
        made += 1;
        if (made === cut) throw new Error(`cut after ${call}`);
      }).catch(() => undefined);
      assert.ok(
        await accepts()(await current()),
        `after ${calls[cut - 1] ?? ""} the current token is refused`,
      );
      await rotateAll(token);
      assert.ok(await accepts()(await current()));
      const holders = Object.entries(await secrets.stages(secretId)).filter(([, labels]) =>
        labels.includes("AWSCURRENT"),
      );
      assert.deepEqual(
        holders.map(([id]) => id),
        [token],
      );
    }
  });

  it("given up at any step, another rotation ends; the current token always works", async () => {
    for (const done of [1, 2, 3]) {
      const { token: kept } = await current();
      const givenUp = secrets.begin(secretId);
      for (const name of steps.slice(0, done)) await step(name, givenUp);
      const { length } = cache.taken;
      await rotateAll();
      for (const tokens of cache.taken.slice(length - 1))
        assert.ok(tokens.includes(kept), `given up after ${steps[done - 1] ?? ""}`);
      assert.ok(await accepts()(await current()));
    }
  });

  it("ends with both tokens also where ElastiCache does not make one the last that it takes already", async () => {
    cache.refusesKnown = true;
    for (let turn = 0; turn < 2; turn += 1) {
      const before = await current();
      const givenUp = secrets.begin(secretId);
      for (const name of ["createSecret", "setSecret"]) await step(name, givenUp);
      const token = secrets.begin(secretId);
      for (const name of ["createSecret", "setSecret"]) await step(name, token);
      assert.ok(await accepts()(before));
      await rotateAll(token);
      assert.ok(await accepts()(await current()));
    }
  });

  it("makes no token current that the cache does not take, whatever step is called; a second end costs no look", async () => {
    const token = secrets.begin(secretId);
    const { token: before } = await current();
    await step("createSecret", token);
    await assert.rejects(step("finishSecret", token), { code: "not-working" });
    assert.equal((await current()).token, before);
    await step("setSecret", token);
    const cut = (call: string) => {
      if (call === "UpdateSecretVersionStage") throw new Error("the answer was lost");
    };
    await assert.rejects(step("finishSecret", token, cut), /was lost/);
    const calls: string[] = [];
    assert.equal(await step("finishSecret", token, (call) => calls.push(call)), "done before");
    assert.deepEqual(calls, ["DescribeSecret"]);
    assert.ok(await accepts()(await current()));
  });

  it("keeps a current token to which somebody went back", async () => {
    const older = await current();
    const newest = secrets.begin(secretId);
    await rotateAll(newest);
    const newer = await current();
    const [before = ""] = Object.entries(await secrets.stages(secretId)).find(([, labels]) =>
      labels.includes("AWSPREVIOUS"),
    ) ?? [""];
    await secrets.client.send(
      new UpdateSecretVersionStageCommand({
        SecretId: secretId,
        VersionStage: "AWSCURRENT",
        MoveToVersionId: before,
        RemoveFromVersionId: newest,
      }),
    );
    assert.equal((await current()).token, older.token);
    secrets.interfere = async (operation, forward) => {
      const answer = await forward();
      if (operation !== "GetSecretValue" || answer.status !== 200) return answer;
      const value = JSON.parse(answer.body) as { VersionId: string; CreatedDate: number };
      // moto knows seconds only.
      if (value.VersionId === newest) value.CreatedDate += 1;
      return { ...answer, body: JSON.stringify(value) };
    };
    const { length } = cache.taken;
    await rotateAll();
    assert.ok(cache.taken.slice(length - 1).every((tokens) => tokens.includes(older.token)));
    assert.ok(!(await accepts()(newer)));
  });

  it("gives the current token back that was taken away in the middle", async () => {
    const token = secrets.begin(secretId);
    await step("createSecret", token);
    await step("setSecret", token);
    const { token: pending } = parseCacheSecret((await secrets.value(secretId, "AWSPENDING")) ?? "");
    // As by a person, with the strategy SET.
    await cache.takeOnly(pending);
    await step("setSecret", token);
    assert.ok(await accepts()(await current()));
  });

  it("changes nothing when the cache takes neither token", async () => {
    const token = secrets.begin(secretId);
    await step("createSecret", token);
    secretId = await secrets.create({ REDIS_URL: `rediss://:wrong@localhost:${cache.port}` });
    const other = secrets.begin(secretId);
    await step("createSecret", other);
    await assert.rejects(step("setSecret", other), { code: "credentials-rejected" });
    assert.equal(cache.changes, 0);
  });

  it("trusts no certificate that it cannot verify", async () => {
    await assert.rejects(accepts("")(await current()), { code: "tls-untrusted" });
    await assert.rejects(accepts()({ ...(await current()), host: "127.0.0.1" }), { code: "tls-wrong-host" });
  });

  it("refuses URLs without TLS or without a token, and shows neither", () => {
    for (const [url, message] of [
      ["redis://:hidden@host:6379", /begins with rediss/],
      ["rediss://host:6379", /has no password/],
      ["hidden", /begins with rediss/],
    ] as const) {
      assert.throws(
        () => parseCacheSecret(JSON.stringify({ REDIS_URL: url })),
        (error: Error) => message.test(error.message) && !error.message.includes("hidden"),
      );
    }
  });

  it("writes tokens of any characters into the URL", () => {
    const secret = parseCacheSecret(JSON.stringify({ REDIS_URL: "rediss://:x@host:6379" }));
    const token = "a/b@c:d%e#f?g&h";
    assert.equal(parseCacheSecret(JSON.stringify(withToken(secret, token).fields)).token, token);
  });
});
