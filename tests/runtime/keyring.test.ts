import assert from "node:assert/strict";
import { keyring as rotation, ringField } from "../../rotation/keyring.ts";
import { apiKeys, cookieKeys } from "../../runtime/keyring.ts";
import { Secrets } from "../../runtime/secrets.ts";
import { secretsOf } from "./examples.ts";

const hour = 3_600_000;
const first = String(secretsOf("staging")["api-keys"]["API_KEY"]);

/** A config whose secret holds these fields. */
const configOf = (fields: Record<string, unknown>) => ({
  secrets: Secrets.fixed({
    "api-keys": { ...secretsOf("staging")["api-keys"], ...fields },
    "database-credentials": {},
    "cache-credentials": {},
    "external-services": {},
  }),
});

const rules = ["API_KEY", "COOKIE_ENCRYPTION_KEY"].map((field) => ({
  field,
  activationDelaySeconds: 3_600,
  overlapSeconds: 3_600,
}));

/** What rotation writes when it rotates at these times. */
async function rotated(...times: number[]): Promise<Record<string, unknown>> {
  let text = JSON.stringify(secretsOf("staging")["api-keys"]);
  for (const [index, time] of times.entries()) {
    const strategy = rotation(rules, () => time);
    text = strategy.format(await strategy.create(strategy.parse(text), `token-${index + 1}`));
  }
  return JSON.parse(text) as Record<string, unknown>;
}

describe("a keyring", () => {
  it("is the one key where nothing has been rotated", async () => {
    const keys = apiKeys(configOf({}));
    assert.equal((await keys.current()).key, first);
    assert.equal((await keys.find(first))?.id, "0");
    assert.equal(await keys.find(`${first}x`), undefined);
    assert.equal(await keys.find(""), undefined);
  });

  it("takes old and new through the overlap, and is written with the old one until the new is active", async () => {
    const now = Date.now();
    const fields = await rotated(now);
    const keys = apiKeys(configOf(fields));
    const [next, old] = await keys.accepted();
    assert.equal(old?.key, first);
    assert.equal(next?.id, "token-1");
    // What reads the one field alone has the new key at once.
    assert.equal(next.key, fields["API_KEY"]);
    assert.equal((await keys.find(first))?.id, "0");
    assert.equal((await keys.find(next.key))?.id, "token-1");
    assert.equal((await keys.current()).id, "0");
  });

  it("is written with the newest active key, and refuses what was dropped", async () => {
    const now = Date.now();
    const keys = apiKeys(configOf(await rotated(now - 9 * hour, now - 4 * hour, now)));
    assert.equal((await keys.current()).id, "token-2");
    assert.deepEqual(
      (await keys.accepted()).map(({ id }) => id),
      ["token-3", "token-2"],
    );
    assert.equal(await keys.find(first), undefined);
  });

  it("is written with the oldest key where none is active yet", async () => {
    const [one, other] = ["1", "2"].map((id) => ({
      id,
      key: id.repeat(48),
      activateAt: new Date(Date.now() + hour).toISOString(),
    }));
    const keys = cookieKeys(configOf({ [ringField("COOKIE_ENCRYPTION_KEY")]: { keys: [one, other] } }));
    assert.equal((await keys.current()).id, "1");
  });

  it("for cookies is apart from the one for the API", async () => {
    const fields = await rotated(Date.now());
    const [api, cookies] = [apiKeys(configOf(fields)), cookieKeys(configOf(fields))];
    const [newest] = await cookies.accepted();
    assert.ok(newest);
    assert.equal(await api.find(newest.key), undefined);
  });

  for (const [what, ring] of Object.entries({
    "no object": "keys",
    "no keys": { keys: [] },
    "a key without its time": { keys: [{ id: "1", key: "hidden" }] },
    "a time that is none": { keys: [{ id: "1", key: "hidden", activateAt: "soon" }] },
    "an id twice": {
      keys: [1, 2].map(() => ({ id: "1", key: "hidden", activateAt: new Date(0).toISOString() })),
    },
  })) {
    it(`is refused with ${what}, and not shown`, async () => {
      await assert.rejects(apiKeys(configOf({ API_KEY_RING: ring })).accepted(), {
        name: "SecretError",
        message: "the secret api-keys is malformed: API_KEY_RING is no keyring",
      });
    });
  }
});
