import assert from "node:assert/strict";
import fc from "fast-check";
import { deadline } from "../../rotation/deadline.ts";
import { type Key, keyring, type KeyringRule, parseKeyrings } from "../../rotation/keyring.ts";
import { rotate } from "../../rotation/protocol.ts";
import { secretStore } from "../../rotation/store.ts";
import { type AfterCall, interruptedStore } from "./interruption.ts";
import { type SecretsManager, startSecretsManager } from "./servers/secrets-manager.ts";
import { steps } from "./steps.ts";

const rules: KeyringRule[] = [
  { field: "API_KEY", activationDelaySeconds: 600, overlapSeconds: 3_600 },
  { field: "COOKIE_ENCRYPTION_KEY", activationDelaySeconds: 600, overlapSeconds: 86_400 },
];
const none = () => Promise.resolve(undefined);
const began = Date.parse("2026-01-01T00:00:00Z");

/** Rotates a secret's text at these times, in seconds after the beginning; each with a token of its own. */
async function rotateAt(text: string, ...seconds: number[]): Promise<string[]> {
  const texts = [text];
  for (const [index, second] of seconds.entries()) {
    const strategy = keyring(rules, () => began + second * 1000);
    const current = strategy.parse(texts.at(-1) ?? "");
    const next = await strategy.create(current, `token-${index}`);
    await strategy.set(next, current, none);
    await strategy.test(next);
    texts.push(strategy.format(next));
  }
  return texts;
}

const first = JSON.stringify({
  API_KEY: "first api key",
  COOKIE_ENCRYPTION_KEY: "first cookie key",
  OTHER: "kept",
});

const ring = (text: string | undefined, field = "API_KEY"): Key[] =>
  (JSON.parse(text ?? "") as Record<string, { keys: Key[] }>)[`${field}_RING`]?.keys ?? [];

describe("rotation/keyring", () => {
  it("begins a ring with the key that there is, and leaves other fields alone", async () => {
    const [, after] = await rotateAt(first, 0);
    const [old, added] = ring(after);
    assert.deepEqual(old, { id: "0", key: "first api key", activateAt: "1970-01-01T00:00:00.000Z" });
    assert.equal(added?.id, "token-0");
    assert.equal(added.activateAt, "2026-01-01T00:10:00.000Z");
    const fields = JSON.parse(after ?? "") as Record<string, unknown>;
    assert.equal(fields["API_KEY"], added.key);
    assert.equal(fields["OTHER"], "kept");
    assert.deepEqual(Object.keys(fields).sort(), [
      "API_KEY",
      "API_KEY_RING",
      "COOKIE_ENCRYPTION_KEY",
      "COOKIE_ENCRYPTION_KEY_RING",
      "OTHER",
    ]);
  });

  it("keeps a key until the overlap after its successor's activation, and not longer", async () => {
    const ends = 600 + 3_600;
    const [, , during] = await rotateAt(first, 0, ends - 1);
    assert.deepEqual(
      ring(during).map(({ id }) => id),
      ["0", "token-0", "token-1"],
    );
    const [, , after] = await rotateAt(first, 0, ends);
    assert.deepEqual(
      ring(after).map(({ id }) => id),
      ["token-0", "token-1"],
    );
    // The cookie's overlap is longer.
    assert.equal(ring(after, "COOKIE_ENCRYPTION_KEY").length, 3);
  });

  it("always has a key that is active, never an id twice, and drops none that is in use (property)", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(200_000), { minLength: 1, maxLength: 12 }), async (gaps) => {
        let second = 0;
        const times = gaps.map((gap) => (second += gap));
        const texts = await rotateAt(first, ...times);
        for (const [index, text] of texts.slice(1).entries()) {
          const now = began + (times[index] ?? 0) * 1000;
          const keys = ring(text);
          assert.equal(new Set(keys.map(({ id }) => id)).size, keys.length);
          const active = keys.filter(({ activateAt }) => Date.parse(activateAt) <= now);
          assert.ok(active.length > 0, "no key is active");
          const before = ring(texts[index])
            .filter(({ activateAt }) => Date.parse(activateAt) <= now)
            .at(-1);
          if (before)
            assert.ok(
              keys.some(({ id }) => id === before.id),
              "the key in use was dropped",
            );
        }
      }),
    );
  });

  const bad: [string, unknown, RegExp][] = [
    ["no field", { COOKIE_ENCRYPTION_KEY: "x" }, /it lacks API_KEY\./],
    ["no ring", { API_KEY: "x", COOKIE_ENCRYPTION_KEY: "x", API_KEY_RING: [] }, /API_KEY_RING is no keyring/],
    [
      "an id twice",
      {
        API_KEY: "x",
        COOKIE_ENCRYPTION_KEY: "x",
        API_KEY_RING: {
          keys: Array.from({ length: 2 }, () => ({ id: "1", key: "secret", activateAt: "2026-01-01" })),
        },
      },
      /API_KEY_RING is no keyring/,
    ],
    [
      "a key that somebody wrote beside its ring",
      {
        API_KEY: "secret by hand",
        COOKIE_ENCRYPTION_KEY: "x",
        API_KEY_RING: { keys: [{ id: "1", key: "secret", activateAt: "2026-01-01" }] },
      },
      /API_KEY is not the last key of API_KEY_RING: add it there, or write that one into API_KEY/,
    ],
  ];
  for (const [name, value, message] of bad) {
    it(`refuses a value with ${name}, and does not show it`, () => {
      assert.throws(
        () => keyring(rules).parse(JSON.stringify(value)),
        (error: Error) => message.test(error.message) && !error.message.includes("secret"),
      );
    });
  }

  it("refuses KEYRINGS with everything that is wrong", () => {
    for (const text of ["", "{}", "[]", "none"])
      assert.throws(() => parseKeyrings(text), /KEYRINGS: is no JSON list with an entry\./);
    const wrong = [
      { field: "A", activationDelaySeconds: -1 },
      { overlapSeconds: 0, activationDelaySeconds: 0 },
      null,
    ];
    assert.throws(
      () => parseKeyrings(JSON.stringify([...wrong, rules[0], rules[0]])),
      new Error(
        "The function's variable KEYRINGS: [0].activationDelaySeconds is no number of seconds from 0; " +
          "[0].overlapSeconds is no number of seconds from 0; [1].field is no text; [2].field is no text; " +
          "[2].activationDelaySeconds is no number of seconds from 0; [2].overlapSeconds is no number of seconds from 0; " +
          "API_KEY stands there twice.",
      ),
    );
    assert.deepEqual(parseKeyrings(JSON.stringify(rules)), rules);
  });

  it("refuses a pending value without a new key", async () => {
    const strategy = keyring(rules);
    const current = strategy.parse(first);
    const next = await strategy.create(current, "token");
    await assert.rejects(async () => strategy.set(next, next, none), /has no new key/);
  });

  describe("against Secrets Manager", function () {
    this.timeout(60_000);
    let secrets: SecretsManager;
    before(async () => {
      secrets = await startSecretsManager();
    });
    after(() => secrets.stop());

    async function run(secretId: string, token: string, after: AfterCall = () => undefined): Promise<void> {
      for (const Step of steps) {
        const store = interruptedStore(secretStore(secretId, deadline(30_000), secrets.client), after);
        await rotate({ SecretId: secretId, ClientRequestToken: token, Step }, store, keyring(rules));
      }
    }
    const value = async (secretId: string) => (await secrets.value(secretId)) ?? "";

    it("cut short after any call, ends with the next attempt: one new key, and every key of before still taken", async () => {
      const secretId = await secrets.create(JSON.parse(first));
      const calls: string[] = [];
      await run(secretId, secrets.begin(secretId), (call) => calls.push(call));
      assert.ok(calls.length > 8, calls.join(", "));
      for (let cut = 1; cut <= calls.length; cut += 1) {
        const before = ring(await value(secretId));
        const token = secrets.begin(secretId);
        let made = 0;
        const attempt = run(secretId, token, (call) => {
          if ((made += 1) === cut) throw new Error(`cut after ${call}`);
        });
        await assert.rejects(attempt, /cut after/);
        const between = ring(await value(secretId));
        assert.deepEqual(between.slice(0, before.length), before);
        await run(secretId, token);
        const after = ring(await value(secretId));
        assert.deepEqual(after.slice(0, -1), before, calls[cut - 1]);
        assert.equal(after.at(-1)?.id, token);
        const holders = Object.entries(await secrets.stages(secretId)).filter(([, labels]) =>
          labels.includes("AWSCURRENT"),
        );
        assert.deepEqual(
          holders.map(([id]) => id),
          [token],
        );
      }
    });
  });
});
