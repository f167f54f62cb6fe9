import assert from "node:assert/strict";
import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { clientOf } from "../../rotation/servers/aws-client.ts";
import { dumpingBinaries } from "../../rotation/servers/postgres-binaries.ts";
import { COPIED, type PostgresServer, startPostgres } from "../../rotation/servers/postgres.ts";
import { type Ended, Scenario } from "../scenario.ts";
import { type Servers, startServers } from "../servers.ts";

const COMMAND = "upgrade/run-upgrade.ts";
const STEPS = ["beside", "freeze", "dump", "scale", "secrets", "load", "verify", "start"];

describe("operations/upgrade", function () {
  this.timeout(120_000);
  let servers: Servers;
  let rds: PostgresServer;
  let scenario: Scenario;
  /** Of both servers. */
  let major: number;
  before(async () => {
    [servers, rds] = await Promise.all([startServers(), startPostgres(dumpingBinaries)]);
    await writeFile(servers.postgres.caFile, servers.postgres.ca + rds.ca);
    const [version] = await servers.sql("SHOW server_version");
    major = Number.parseInt(String(version?.["server_version"]), 10);
  });
  after(() => Promise.all([servers.stop(), rds.stop()]));

  async function atRds(text: string, database = "macro_ai"): Promise<Record<string, unknown>[]> {
    const { superuser, port, ca } = rds;
    const login = { user: superuser.username, password: superuser.password };
    const client = new pg.Client({ host: "localhost", port, database, ssl: { ca }, ...login });
    await client.connect();
    const result = await client.query<Record<string, unknown>>(text).finally(() => client.end());
    return result.rows;
  }

  beforeEach(async () => {
    scenario = await Scenario.start(servers, "hobby");
    await scenario.image("1.0.0", {});
    await scenario.runs("1.0.0");
    await scenario.pulumi((state) => {
      state.exports = {
        hobby: scenario.exported("hobby"),
        beside: scenario.exported("beside"),
        enterprise: scenario.exported("enterprise"),
      };
      state.config["macro-ai:scale"] = { value: "hobby", secret: false };
      state.config["macro-ai:domain"] = { value: "example.com", secret: false };
      state.config["macro-ai:database"] = { value: engineVersion(major), secret: false };
    });
    await secrets().send(
      new CreateSecretCommand({
        Name: cacheSecret(),
        SecretString: '{"REDIS_URL":"rediss://:old@upstash.example:6379"}',
      }),
    );
    await scenario.sql(
      `SET ROLE app_${scenario.database};
       CREATE TABLE users (id serial PRIMARY KEY, email text NOT NULL UNIQUE);
       INSERT INTO users (email) SELECT n || '@example.com' FROM generate_series(1, 200) n`,
    );
    await atRds("DROP DATABASE IF EXISTS macro_ai WITH (FORCE)", "postgres");
    await atRds("DROP ROLE IF EXISTS app_a, app_owner", "postgres");
    await atRds(`CREATE DATABASE macro_ai ${COPIED}`, "postgres");
    scenario.aws.bootstrap = async () => {
      const { password } = await current(scenario.secretName);
      await atRds("CREATE ROLE app_owner", "postgres").catch(() => undefined);
      await atRds("CREATE ROLE app_a LOGIN IN ROLE app_owner", "postgres").catch(() => undefined);
      await atRds(
        `ALTER ROLE app_a PASSWORD '${password ?? ""}'; ALTER ROLE app_a IN DATABASE macro_ai SET role = app_owner; GRANT CREATE, USAGE ON SCHEMA public TO app_owner`,
      );
    };
    const program = join(scenario.folder, "aws");
    const standIn = join(import.meta.dirname, "../aws-stand-in.ts");
    await writeFile(program, `#!/bin/sh\nexec "${process.execPath}" "${standIn}" ${rds.port} "$@"\n`);
    await chmod(program, 0o700);
  });
  afterEach(() => scenario.stop());

  const engineVersion = (version: number): string => JSON.stringify({ engineVersion: String(version) });
  const secrets = () => new SecretsManagerClient(clientOf(`http://127.0.0.1:${servers.motoPort}`));
  const cacheSecret = (): string => scenario.secretName.replace("database-", "cache-");
  const upgrade = (...args: string[]): Promise<Ended> => scenario.run(COMMAND, ...args);

  async function current(SecretId: string): Promise<Record<string, string>> {
    const { SecretString = "" } = await secrets().send(
      new GetSecretValueCommand({ SecretId, VersionStage: "AWSCURRENT" }),
    );
    return JSON.parse(SecretString) as Record<string, string>;
  }
  async function labels(): Promise<string[]> {
    const { VersionIdsToStages = {} } = await secrets().send(
      new DescribeSecretCommand({ SecretId: scenario.secretName }),
    );
    return Object.values(VersionIdsToStages).flat();
  }
  const config = async (): Promise<Record<string, string>> =>
    Object.fromEntries(
      Object.entries((await scenario.pulumi()).config).map(([key, { value }]) => [
        key.replace("macro-ai:", ""),
        value,
      ]),
    );
  const isFrozen = async (): Promise<boolean> =>
    (await scenario.sql("SHOW default_transaction_read_only"))[0]?.["default_transaction_read_only"] === "on";

  async function killedAt(call: string, nth: number, ...args: string[]): Promise<void> {
    let seen = 0;
    const { child, ended } = await scenario.begin(COMMAND, ...args);
    scenario.aws.interfere = async (name, forward) => {
      const answer = await forward();
      if (name === call && (seen += 1) === nth) child.kill("SIGKILL");
      return answer;
    };
    const how = await ended;
    scenario.aws.interfere = (_call, forward) => forward();
    assert.equal(how.signal, "SIGKILL", `${call} never came:\n${how.said}`);
  }

  async function moved(): Promise<void> {
    const rows = await atRds("SELECT count(*)::int AS count FROM users");
    assert.deepEqual(rows, [{ count: 200 }]);
    assert.deepEqual(await config(), {
      apiImage: "1.0.0",
      scale: "enterprise",
      domain: "example.com",
      database: engineVersion(major),
      retainEnterpriseData: "true",
    });
    const secret = await current(scenario.secretName);
    assert.equal(secret["host"], "database.example");
    assert.match(
      secret["RELATIONAL_DATABASE_URL"] ?? "",
      /^postgresql:\/\/app_a:\w{48}@localhost:5432\/macro_ai\?sslmode=verify-full$/,
    );
    const url = (await current(cacheSecret()))["REDIS_URL"];
    assert.equal(url, `rediss://:${scenario.aws.tokens.at(-1) ?? ""}@cache.example:6379`);
    assert.ok(!(await labels()).includes("BEFORE_UPGRADE"));
    assert.ok(await isFrozen(), "somebody can still write to Neon");
  }

  it("moves a stack up, and says nothing of its passwords", async () => {
    const before = await current(scenario.secretName);
    const { code, said } = await upgrade();
    assert.equal(code, 0, said);
    assert.deepEqual(
      [...said.matchAll(/^✔ (\w+)/gm)].map(([, name]) => name),
      STEPS,
      said,
    );
    await moved();
    for (const secret of [...Object.values(await current(scenario.secretName)), ...scenario.aws.tokens])
      assert.ok(secret.length < 40 || !said.includes(secret), "the output shows a secret");
    assert.ok(!said.includes(before["RELATIONAL_DATABASE_URL"] ?? "-"));
    assert.match((await upgrade()).said, /staging is at enterprise scale already/);
  });

  it("killed at each step, it ends as if nothing had been", async () => {
    await killedAt("pulumi up", 1);
    assert.match((await upgrade()).said, /is not over\. Go on with it: .*--resume/);
    await killedAt("secretsmanager UpdateSecretVersionStage", 2, "--resume");
    await killedAt("pulumi up", 1, "--resume");
    await killedAt("elasticache ModifyReplicationGroup", 1, "--resume");
    // The way through a task is found, and taken away under its feet.
    await killedAt("ecs DescribeTasks", 2, "--resume");
    await killedAt("health GET", 1, "--resume");
    const { code, said } = await upgrade("--resume");
    assert.equal(code, 0, said);
    await moved();
    assert.match((await upgrade("--resume")).said, /There is nothing to resume/);
  });

  it("goes back: addresses, scale, image, and writes", async () => {
    const before = [await config(), await current(scenario.secretName), await current(cacheSecret())];
    await killedAt("health GET", 1);
    assert.notDeepEqual(await current(scenario.secretName), before[1]);
    const { code, said } = await upgrade("--rollback");
    assert.equal(code, 0, said);
    assert.deepEqual(
      [await config(), await current(scenario.secretName), await current(cacheSecret())],
      [{ ...before[0], retainEnterpriseData: "true" }, before[1], before[2]],
    );
    assert.equal(await isFrozen(), false);
    assert.ok(!(await labels()).includes("BEFORE_UPGRADE"));
    assert.equal(await scenario.running(), "1.0.0");
  });

  it("stops where the new database is not what was dumped", async () => {
    await killedAt("ecs DescribeTasks", 2);
    await atRds("DELETE FROM users WHERE id = 5");
    const { code, said } = await upgrade("--resume");
    assert.equal(code, 1);
    assert.match(said, /public\.users: 199 rows/);
    assert.match(
      said,
      /The API is down; the data is at Neon, unchanged, and in the dump\.\nGo on: .*--resume\nTake back: .*--rollback/,
    );
    assert.doesNotMatch(said, /✔ (?:verify|start)/);
  });

  it("--plan says what would be done and what stands in the way, and changes nothing", async () => {
    const before = [await scenario.pulumi(), await labels()];
    const { code, said } = await upgrade("--plan");
    assert.equal(code, 0, said);
    assert.match(said, new RegExp(`^localhost: PostgreSQL ${major}, 1 tables, \\d+ MiB$`, "m"));
    for (const step of STEPS) assert.match(said, new RegExp(`^  ${step} +\\S`, "m"));
    assert.deepEqual([await scenario.pulumi(), await labels()], before);
    assert.ok(
      scenario.aws.calls.every((call) => /GetSecretValue|DescribeSecret/.test(call)),
      scenario.aws.calls.join(),
    );
    await scenario.pulumi((state) => {
      state.config["macro-ai:database"] = { value: engineVersion(major - 1), secret: false };
      Reflect.deleteProperty(state.config, "macro-ai:domain");
    });
    const older = join(scenario.folder, "pg_restore");
    await writeFile(older, `#!/bin/sh\necho "pg_restore (PostgreSQL) ${major - 1}.2"\n`, { mode: 0o700 });
    const problems = [
      `it is PostgreSQL ${major}, the new one ${major - 1}: .*`,
      `the pg_restore on PATH is of PostgreSQL ${major - 1}, and Neon's server of ${major}: install .*`,
    ];
    const refused = await upgrade("--plan");
    assert.match(refused.said, new RegExp(problems.map((one) => `\n {2}- ${one}`).join("")));
    problems.push("an enterprise stack needs a domain");
    assert.match(
      (await upgrade()).said,
      new RegExp(`Nothing was changed:${problems.map((one) => `\n {2}- ${one}`).join("")}`),
    );
    assert.equal(scenario.aws.count("pulumi up"), 0);
    assert.equal(await isFrozen(), false);
  });
});
