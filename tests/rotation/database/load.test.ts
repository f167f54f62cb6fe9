import assert from "node:assert/strict";
import type pg from "pg";
import { createPool } from "../../../runtime/postgres.ts";
import { secretsManager } from "../../../runtime/secret-fetching.ts";
import { kinds, type SecretKind } from "../../../runtime/secret-kinds.ts";
import { Secrets } from "../../../runtime/secrets.ts";
import { clientOf } from "../servers/aws-client.ts";
import { type Subject, World } from "./world.ts";

const ROTATIONS = 20;
const CLIENTS = 4;

describe("rotation/database: under load", function () {
  this.timeout(60_000);
  let world: World;
  before(async () => {
    world = await World.start();
  });
  after(() => world.stop());

  /** As the API has it: the URL names the server that the clients reach. */
  async function reachable(): Promise<Subject> {
    const subject = await world.subject("alternating");
    const value = JSON.parse((await world.secrets.value(subject.secretId)) ?? "") as Record<string, string>;
    const url = new URL(value["RELATIONAL_DATABASE_URL"] ?? "");
    url.hostname = world.postgres.host;
    const secretId = await world.secrets.create({ ...value, RELATIONAL_DATABASE_URL: url.href });
    return { ...subject, secretId };
  }

  function poolOf({ secretId }: Subject): pg.Pool {
    const ids = Object.fromEntries(kinds.map((kind) => [kind, secretId])) as Record<SecretKind, string>;
    const secrets = new Secrets(ids, secretsManager(clientOf(world.secrets.endpoint)));
    // Each connection serves a few queries: otherwise nobody would log in during a test.
    const options = { ca: world.postgres.ca, max: CLIENTS, maxUses: 3 };
    return createPool({ appEnv: "production", secrets }, options);
  }

  it(`a client pool that reads the secret as the runtime library does sees no failed request through ${ROTATIONS} rotations`, async () => {
    const subject = await reachable();
    const pool = poolOf(subject);
    const users = new Map<string, number>();
    const failures: string[] = [];
    let isOver = false;
    const client = async (): Promise<void> => {
      while (!isOver) {
        try {
          const { rows } = await pool.query<{ user: string }>('SELECT session_user AS "user"');
          const user = rows[0]?.user ?? "";
          users.set(user, (users.get(user) ?? 0) + 1);
        } catch (error) {
          failures.push((error as { code?: string }).code ?? (error as Error).name);
        }
      }
    };
    const clients = Array.from({ length: CLIENTS }, client);
    const passwords = new Set<string>();
    for (let turn = 0; turn < ROTATIONS; turn += 1) {
      await world.rotate(subject, "alternating");
      passwords.add((await world.loginOf(subject)).password);
    }
    isOver = true;
    await Promise.all(clients);
    await pool.end();
    assert.deepEqual(failures, []);
    assert.equal(passwords.size, ROTATIONS);
    assert.deepEqual([...users.keys()].sort(), subject.logins);
    const served = [...users.values()].reduce((sum, count) => sum + count, 0);
    assert.ok(served > 20 * ROTATIONS, `only ${served} queries were made`);
    // Old passwords were refused on the way, and no caller saw it.
    const refused = (await world.postgres.log()).match(/password authentication failed for user/g) ?? [];
    assert.ok(refused.length >= ROTATIONS / 4, `only ${refused.length} logins were refused`);
  });
});
