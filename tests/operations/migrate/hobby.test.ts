import assert from "node:assert/strict";
import { readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../../rotation/servers/programs.ts";
import { type Ended, Scenario } from "../scenario.ts";
import { type Servers, startServers } from "../servers.ts";
import { first, second } from "./migrations.ts";

const COMMAND = "migrate/run-migrate.ts";

describe("operations/migrate at hobby", function () {
  this.timeout(120_000);
  let servers: Servers;
  let scenario: Scenario;
  let migrations: string;
  before(async () => {
    servers = await startServers();
  });
  after(() => servers.stop());
  beforeEach(async () => {
    scenario = await Scenario.start(servers, "hobby");
    await scenario.image("1.0.0", first);
    migrations = await scenario.image("1.1.0", second);
    await scenario.runs("1.0.0");
  });
  afterEach(() => scenario.stop());

  const migrate = (...args: string[]): Promise<Ended> =>
    scenario.run(COMMAND, "--migrations", migrations, ...args);
  const names = async (): Promise<unknown[]> =>
    (await scenario.sql("SELECT name FROM pgmigrations ORDER BY id")).map(({ name }) => name);

  it("dumps, migrates from here, and has Lambda run the new image", async () => {
    const { code, said } = await migrate("--image", "1.1.0");
    assert.equal(code, 0, said);
    assert.deepEqual(await names(), ["0001_users", "0002_names", "0003_sessions"]);
    assert.equal(await scenario.running(), "1.1.0");
    const again = await migrate();
    assert.equal(again.code, 0, again.said);
    assert.equal(scenario.aws.count("lambda PUT"), 1, "the same image was not started anew");
    const folder = join(scenario.folder, "machine-one", scenario.stack);
    const dumps = (await readdir(folder)).filter((name) => name.endsWith(".dump")).sort();
    assert.equal(dumps.length, 2);
    const second = join(folder, dumps[1] ?? "");
    assert.equal((await stat(second)).mode & 0o777, 0o600);
    const env = { PATH: scenario.programs.join(":") };
    assert.match((await run("pg_restore", ["--list", second], { env })).stdout, /TABLE DATA public users/);
  });

  it("leaves nothing when it is interrupted, or killed, in the middle of a migration", async () => {
    await migrate();
    const schema = await scenario.schema();
    await writeFile(join(migrations, "0004_slow.sql"), "CREATE TABLE slow (); SELECT pg_sleep(60);");
    for (const [signal, args] of [
      ["SIGINT", []],
      ["SIGKILL", ["--resume"]],
    ] as const) {
      const { child, ended } = await scenario.begin(COMMAND, "--migrations", migrations, ...args);
      while ((await sleeping()).length === 0) await new Promise((resolve) => setTimeout(resolve, 50));
      child.kill(signal);
      const { code, said } = await ended;
      if (signal === "SIGINT") {
        assert.equal(code, 130, said);
        assert.match(said, /✘ apply .*Interrupted\..*Done: snapshot\. Not done: apply/s);
      }
      // Until somebody ends it, PostgreSQL sleeps on; it notices then that nobody listens.
      await scenario.sql(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'macro-ai-migrate'`,
      );
      assert.deepEqual(await scenario.schema(), schema);
    }
    await writeFile(join(migrations, "0004_slow.sql"), "CREATE TABLE slow ();");
    const { code, said } = await migrate("--resume");
    assert.equal(code, 0, said);
    assert.deepEqual((await names()).slice(-1), ["0004_slow"]);
  });

  const sleeping = (): Promise<unknown[]> =>
    scenario.sql(
      `SELECT 1 FROM pg_stat_activity WHERE application_name = 'macro-ai-migrate' AND wait_event = 'PgSleep'`,
    );

  it("asks for what it lacks before anything is changed", async () => {
    const without = await scenario.run(COMMAND);
    assert.match(without.said, /--migrations is missing: staging is a hobby stack/);
    scenario.programs = [];
    const undumped = await migrate();
    assert.match(
      undumped.said,
      /Nothing was changed:\n {2}- there is no pg_dump on PATH: install .*postgresql-client/,
    );
    const nowhere = await scenario.run(COMMAND, "--migrations", "/nowhere");
    assert.match(nowhere.said, /There is no folder of migrations at \/nowhere/);
    assert.deepEqual(
      (await readdir(join(scenario.folder, "machine-one", scenario.stack))).filter((name) =>
        /dump|jsonl$/.test(name),
      ),
      [],
    );
  });

  it("keeps a second command out while it works", async () => {
    await writeFile(join(migrations, "0004_slow.sql"), "SELECT pg_sleep(60);");
    const { child, ended } = await scenario.begin(COMMAND, "--migrations", migrations);
    while ((await sleeping()).length === 0) await new Promise((resolve) => setTimeout(resolve, 50));
    assert.match(
      (await migrate()).said,
      /Another `npm run migrate` works on staging on this machine \(process \d+\)/,
    );
    scenario.machine = "two";
    const other = await migrate();
    assert.match(other.said, /✘ apply .*Another migration of this database is running/);
    child.kill("SIGINT");
    await ended;
  });
});
