import assert from "node:assert/strict";
import type { SecretValue } from "../../runtime/secret-fetching.ts";
import { SecretError } from "../../runtime/secret-failures.ts";
import { type SecretOptions, Secrets } from "../../runtime/secrets.ts";

const ids = {
  "api-keys": "keys",
  "database-credentials": "database",
  "cache-credentials": "cache",
  "external-services": "external",
};

/** Secrets whose service and clock the test holds. */
function subject(options: SecretOptions = {}) {
  const state = { seconds: 0, version: 1, reads: 0, failing: false, warnings: [] as string[] };
  const fetch = async (id: string): Promise<SecretValue> => {
    state.reads += 1;
    const { failing, version } = state;
    await new Promise((resolve) => setImmediate(resolve));
    if (failing) throw new SecretError(id, "InternalServiceError", "could not be read");
    return { version: String(version), fields: { id } };
  };
  const secrets = new Secrets(ids, fetch, {
    now: () => state.seconds * 1000,
    onWarning: (text) => state.warnings.push(text),
    ...options,
  });
  const version = async () => (await secrets.read("api-keys")).version;
  return { secrets, state, version };
}

describe("Secrets", () => {
  it("are read once in two minutes, or in what is asked for", async () => {
    for (const cacheSeconds of [undefined, 60, 300]) {
      const { state, version } = subject(cacheSeconds === undefined ? {} : { cacheSeconds });
      const last = (cacheSeconds ?? 120) - 1;
      assert.equal(await version(), "1");
      Object.assign(state, { version: 2, seconds: last });
      assert.equal(await version(), "1");
      assert.equal(state.reads, 1);
      state.seconds = last + 1;
      assert.equal(await version(), "2");
      assert.equal(state.reads, 2);
    }
  });

  it("are cached for 60 to 300 seconds and no other time", () => {
    for (const cacheSeconds of [0, 59, 301, Number.NaN]) {
      assert.throws(
        () => subject({ cacheSeconds }),
        /^RangeError: cacheSeconds is .*; allowed are 60 to 300$/,
      );
    }
  });

  it("are read once for all who ask at the same time, each by itself", async () => {
    const { secrets, state } = subject();
    await Promise.all(
      [...Array(5).keys()].flatMap(() => [secrets.read("api-keys"), secrets.read("cache-credentials")]),
    );
    assert.equal(state.reads, 2);
  });

  it("are read again once after a refusal, for all who were refused", async () => {
    const { secrets, state } = subject();
    const old = await secrets.read("database-credentials");
    state.version = 2;
    const renewed = await Promise.all(
      Array.from({ length: 20 }, () => secrets.renew("database-credentials", old)),
    );
    assert.deepEqual([...new Set(renewed.map(({ version }) => version))], ["2"]);
    assert.equal(state.reads, 2);
    // Somebody who was late to be refused with the old one.
    assert.equal((await secrets.renew("database-credentials", old)).version, "2");
    assert.equal(state.reads, 2);
  });

  it("are the same object where nothing is new, and are then left alone for a second", async () => {
    const { secrets, state } = subject();
    const old = await secrets.read("api-keys");
    assert.equal(await secrets.renew("api-keys", old), old);
    for (let refusal = 0; refusal < 10; refusal += 1) assert.equal(await secrets.renew("api-keys", old), old);
    assert.equal(state.reads, 2);
    Object.assign(state, { seconds: 1, version: 2 });
    assert.equal((await secrets.renew("api-keys", old)).version, "2");
  });

  it("go on serving while they cannot be read again, with a warning every half minute", async () => {
    const { state, version } = subject();
    await version();
    Object.assign(state, { failing: true, seconds: 120, version: 2 });
    assert.equal(await version(), "1");
    assert.deepEqual(state.warnings, [
      "the secret keys could not be read (InternalServiceError); its last value goes on serving",
    ]);
    state.seconds = 149;
    assert.equal(await version(), "1");
    assert.equal(state.reads, 2);
    Object.assign(state, { failing: false, seconds: 150 });
    assert.equal(await version(), "2");
  });

  it("are an error while they have never been read, and are read with the next call", async () => {
    const { state, version } = subject();
    state.failing = true;
    await assert.rejects(version(), /^SecretError: the secret keys could not be read$/);
    state.failing = false;
    assert.equal(await version(), "1");
  });

  it("hold nobody up longer than a rereading may take", async () => {
    const state = { silent: false };
    const secrets = new Secrets(
      ids,
      () => (state.silent ? new Promise(() => undefined) : Promise.resolve({ version: "1", fields: {} })),
      { rereadMs: 30, onWarning: () => undefined },
    );
    const old = await secrets.read("api-keys");
    state.silent = true;
    const start = performance.now();
    assert.equal(await secrets.renew("api-keys", old), old);
    assert.ok(performance.now() - start < 1_000);
  });

  describe("used for work", () => {
    const refusal = new Error("refused");
    const isRefusal = (error: unknown) => error === refusal;

    it("are tried once more where a newer one is there, and only after a refusal", async () => {
      const { secrets, state } = subject();
      await secrets.read("external-services");
      state.version = 2;
      const tried: string[] = [];
      const work = ({ version }: SecretValue) => {
        tried.push(version);
        return version === "2" ? Promise.resolve("done") : Promise.reject(refusal);
      };
      assert.equal(await secrets.use("external-services", isRefusal, work), "done");
      assert.deepEqual(tried, ["1", "2"]);
      const other = new Error("other");
      await assert.rejects(
        secrets.use("external-services", isRefusal, () => Promise.reject(other)),
        other,
      );
      assert.equal(state.reads, 2);
    });

    it("give up where the refused one is the newest", async () => {
      const { secrets } = subject();
      let tries = 0;
      const work = () => {
        tries += 1;
        return Promise.reject(refusal);
      };
      await assert.rejects(secrets.use("external-services", isRefusal, work), refusal);
      assert.equal(tries, 1);
    });
  });
});
