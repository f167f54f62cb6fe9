import assert from "node:assert/strict";
import { DescribeDBSnapshotsCommand, RDSClient } from "@aws-sdk/client-rds";
import { DescribeTaskDefinitionCommand, ECSClient, ListTaskDefinitionsCommand } from "@aws-sdk/client-ecs";
import { clientOf } from "../../rotation/servers/aws-client.ts";
import { type Ended, Scenario } from "../scenario.ts";
import { type Servers, startServers } from "../servers.ts";
import { failing, first, second } from "./migrations.ts";

const COMMAND = "migrate/run-migrate.ts";
const STEPS = ["snapshot", "apply", "verify", "configure", "restart", "validate"];

/** What changes something outside. */
const CHANGES =
  /^(?:rds (?:Create|Add|Delete|Modify|Restore)|ecs (?:Run|Update|Register|Deregister|Stop)|pulumi )/;

describe("operations/migrate at enterprise", function () {
  this.timeout(120_000);
  let servers: Servers;
  let scenario: Scenario;
  before(async () => {
    servers = await startServers();
  });
  after(() => servers.stop());

  async function begin(): Promise<void> {
    scenario = await Scenario.start(servers, "enterprise");
    await scenario.image("1.0.0", first);
    await scenario.image("1.1.0", second);
    await scenario.runs("1.0.0");
    // The version of before has migrated, too.
    await scenario.sql(`SET ROLE app_${scenario.database}; ${first["0001_users.sql"].split("-- Down")[0] ?? ""};
      CREATE TABLE pgmigrations (id serial PRIMARY KEY, name varchar(255) NOT NULL, run_on timestamp NOT NULL);
      INSERT INTO pgmigrations (name, run_on) VALUES ('0001_users', now())`);
    scenario.aws.calls.length = 0;
  }

  const migrate = (...args: string[]): Promise<Ended> => scenario.run(COMMAND, ...args);
  const moto = () => clientOf(`http://127.0.0.1:${servers.motoPort}`);
  const history = async (): Promise<unknown[]> =>
    (await scenario.sql("SELECT name FROM pgmigrations ORDER BY id")).map(({ name }) => name);

  async function snapshots(): Promise<Record<string, string>[]> {
    const { DBSnapshots = [] } = await new RDSClient(moto()).send(
      new DescribeDBSnapshotsCommand({ DBInstanceIdentifier: scenario.instance, SnapshotType: "manual" }),
    );
    return DBSnapshots.map(({ DBSnapshotIdentifier = "", TagList = [] }) => ({
      name: DBSnapshotIdentifier,
      ...Object.fromEntries(TagList.map(({ Key = "", Value = "" }) => [Key, Value])),
    }));
  }

  /** Hears of the calls of a command that will be killed. */
  let heard: (call: string) => void = () => undefined;

  /** Kills the command when a call has happened, before its answer arrives. */
  async function killedAt(call: string, nth: number, ...args: string[]): Promise<Ended> {
    let seen = 0;
    const { child, ended } = await scenario.begin(COMMAND, ...args);
    scenario.aws.interfere = async (name, forward) => {
      const answer = await forward();
      heard(name);
      if (name === call && (seen += 1) === nth) child.kill("SIGKILL");
      return answer;
    };
    const how = await ended;
    scenario.aws.interfere = (_call, forward) => forward();
    assert.equal(how.signal, "SIGKILL", `${call} never came:\n${how.said}`);
    return how;
  }

  /** @param states of the runs' snapshots */
  async function migrated(states = ["done"]): Promise<void> {
    const columns = await scenario.sql("SELECT name FROM users LIMIT 0; SELECT id, user_id FROM sessions");
    assert.deepEqual(columns, []);
    assert.deepEqual(await history(), ["0001_users", "0002_names", "0003_sessions"]);
    assert.equal(await scenario.running(), "1.1.0");
    assert.equal((await scenario.pulumi()).config["macro-ai:apiImage"]?.value, "1.1.0");
    assert.deepEqual((await snapshots()).map((tags) => tags["macro-ai:migration-state"]).sort(), states);
  }

  /** With the new image and a command of its own, and nothing else changed. */
  async function ranAsTheService(): Promise<void> {
    const [task] = scenario.aws.ecs.tasks.values();
    const { taskDefinition } = await new ECSClient(moto()).send(
      new DescribeTaskDefinitionCommand({ taskDefinition: task?.taskDefinitionArn }),
    );
    const [container, ...others] = taskDefinition?.containerDefinitions ?? [];
    assert.deepEqual(others, []);
    assert.match(container?.image ?? "", /:1\.1\.0$/);
    assert.deepEqual(container?.command, ["node", "migrate-task.mjs"]);
    assert.deepEqual(container.portMappings, []);
    assert.equal(container.logConfiguration?.options?.["mode"], "blocking");
    assert.equal(taskDefinition?.networkMode, "awsvpc");
  }

  describe("that changes something", () => {
    beforeEach(begin);
    afterEach(() => scenario.stop());

    it("goes through the six steps, and leaves nothing of its own but the snapshot", async () => {
      let looks = 0;
      scenario.aws.interfere = async (call, forward) => {
        const answer = await forward();
        // A snapshot takes its time.
        return call === "rds DescribeDBSnapshots" && (looks += 1) < 6
          ? { ...answer, body: answer.body.replace("<Status>available", "<Status>creating") }
          : answer;
      };
      const { code, said } = await migrate("--image", "1.1.0");
      assert.equal(code, 0, said);
      assert.deepEqual(
        [...said.matchAll(/^✔ (\w+)/gm)].map(([, name]) => name),
        STEPS,
        said,
      );
      assert.ok(looks >= 6, "nobody waited for the snapshot");
      await migrated();
      await ranAsTheService();
      const [snapshot] = await snapshots();
      assert.equal(snapshot?.["macro-ai:migration-fact:image"], "1.1.0");
      assert.equal(snapshot["macro-ai:migration-fact:previousImage"], "1.0.0");
      const families = await new ECSClient(moto()).send(
        new ListTaskDefinitionsCommand({
          familyPrefix: `macro-ai-${scenario.database}-migrate`,
          status: "ACTIVE",
        }),
      );
      assert.deepEqual(families.taskDefinitionArns, []);
      assert.deepEqual(
        scenario.aws.calls.filter((call) => CHANGES.test(call)),
        ["inspect", "snapshot", "apply", "verify", "configure", "restart", "close"].flatMap((phase) =>
          phase === "snapshot"
            ? ["rds CreateDBSnapshot"]
            : phase === "configure"
              ? ["pulumi config"]
              : phase === "restart"
                ? ["pulumi up"]
                : phase === "close"
                  ? ["rds AddTagsToResource"]
                  : ["ecs RegisterTaskDefinition", "ecs RunTask", "ecs DeregisterTaskDefinition"],
        ),
      );
    });

    it("starts the same image anew when there is no other", async () => {
      await scenario.runs("1.1.0");
      const { code, said } = await migrate();
      assert.equal(code, 0, said);
      assert.equal(scenario.aws.count("ecs UpdateService"), 1);
      assert.equal(scenario.aws.count("pulumi up"), 0);
      assert.equal(scenario.aws.ecs.deployments.length, 1);
      await migrated();
    });

    it("killed at each step, by turns on another machine, it ends as if nothing had been", async () => {
      const schema = await scenario.schema();
      await killedAt("rds CreateDBSnapshot", 1, "--image", "1.1.0");
      assert.deepEqual(await scenario.schema(), schema);
      assert.equal(await scenario.running(), "1.0.0");
      const again = await migrate("--image", "1.1.0");
      assert.equal(again.code, 1);
      assert.match(again.said, /is not over.*--resume.*--rollback/s);
      // The task of the killed process goes on; the next one finds it, and waits for it.
      scenario.aws.ecs.held = new Promise((resolve) => {
        heard = (call) => {
          if (call === "ecs ListTasks" && scenario.machine === "two") resolve();
        };
      });
      await killedAt("ecs RunTask", 1, "--resume");
      const tasks = scenario.aws.count("ecs RunTask");
      scenario.machine = "two";
      const attached = await killedAt("logs GetLogEvents", 1, "--resume");
      heard = () => undefined;
      assert.match(attached.said, /a task of this run is at it already/);
      assert.equal(scenario.aws.count("ecs RunTask"), tasks);
      assert.equal(await scenario.running(), "1.0.0");
      await killedAt("pulumi config", 1, "--resume");
      scenario.machine = "three";
      await killedAt("pulumi up", 1, "--resume");
      await killedAt("health GET", 2, "--resume");
      await killedAt("rds AddTagsToResource", 1, "--resume");
      // The mark was set, the journal's last line is missing: the run is over for everybody else.
      scenario.machine = "one";
      const { code, said } = await migrate("--resume");
      assert.equal(code, 0, said);
      await migrated();
      assert.equal((await snapshots()).length, 1);
      assert.equal(scenario.aws.count("rds CreateDBSnapshot"), 1);
      assert.equal(scenario.aws.count("pulumi up"), 1, "deployed twice");
      const counted = await scenario.sql("SELECT count(*)::int FROM users");
      assert.deepEqual(counted, [{ count: 100 }]);
    });

    it("leaves schema, configuration and service as they were when a migration fails, and stops at Ctrl-C", async () => {
      await scenario.image("1.2.0", failing);
      const before = [await scenario.schema(), await scenario.running(), (await scenario.pulumi()).config];
      const failed = await migrate("--image", "1.2.0");
      assert.equal(failed.code, 1);
      assert.match(
        failed.said,
        /✘ apply .*The transaction was rolled back, the schema is as before: .*violated by some row/,
      );
      assert.match(failed.said, /Done: snapshot\. Not done: apply, verify, configure, restart, validate\./);
      assert.match(failed.said, /Go on: +npm run migrate -- --stack production --resume/);
      assert.match(failed.said, /npm run restore -- --stack production --to database-\w+-migrate-/);
      assert.deepEqual(
        [await scenario.schema(), await scenario.running(), (await scenario.pulumi()).config],
        before,
      );
      const taken = await migrate("--rollback");
      assert.equal(taken.code, 0, taken.said);
      assert.deepEqual(
        [await scenario.schema(), await scenario.running(), (await scenario.pulumi()).config],
        before,
      );
      assert.equal(scenario.aws.count("pulumi up"), 0);

      // Another run may begin. Ctrl-C stops it.
      scenario.aws.interfere = async (call, forward) => {
        const answer = await forward();
        if (call === "rds CreateDBSnapshot") child.kill("SIGINT");
        return { ...answer, body: answer.body.replaceAll("<Status>available", "<Status>creating") };
      };
      const { child, ended } = await scenario.begin(COMMAND, "--image", "1.1.0");
      const { code, said } = await ended;
      assert.equal(code, 130, said);
      assert.match(said, /✘ snapshot .*Interrupted\.\n\nDone: nothing\. Not done: snapshot, apply/);
      scenario.aws.interfere = (_call, forward) => forward();
      assert.equal((await migrate("--resume")).code, 0);
      await migrated(["done", "rolled back"]);
    });

    it("notices that ECS gave a deployment up, or rolled it back; takes the run back, code first, then the schema", async () => {
      const schema = await scenario.schema();
      scenario.aws.ecs.rollout = "fail";
      const failed = await migrate("--image", "1.1.0");
      assert.equal(failed.code, 1, failed.said);
      assert.match(failed.said, /ECS gave the deployment of \S+ up: tasks failed to start/);
      assert.match(failed.said, /Done: snapshot, apply, verify, configure\. Not done: restart, validate\./);
      await scenario.runs("1.0.0");
      scenario.aws.ecs.rollout = "roll back";
      await scenario.pulumi(
        (state) => (state.config["macro-ai:apiImage"] = { value: "1.1.0", secret: false }),
      );
      const rolled = await migrate("--resume");
      assert.equal(rolled.code, 1, rolled.said);
      assert.match(rolled.said, /ECS rolled it back/);
      await scenario.pulumi((state) => (state.failing = true));
      assert.match((await migrate("--resume")).said, /✘ restart .*`pulumi up .*` ended with 1/);
      await scenario.pulumi((state) => (state.failing = false));

      scenario.health.status = 503;
      await killedAt("health GET", 1, "--resume");
      scenario.health.status = 200;
      const { code, said } = await migrate("--rollback");
      assert.equal(code, 0, said);
      assert.deepEqual(await scenario.schema(), schema);
      assert.equal(await scenario.running(), "1.0.0");
      assert.equal((await scenario.pulumi()).config["macro-ai:apiImage"]?.value, "1.0.0");
      assert.equal((await snapshots())[0]?.["macro-ai:migration-state"], "rolled back");
      assert.match((await migrate("--resume")).said, /There is nothing to resume/);
    });

    it("says the way to the data of before where a migration knows no way back", async () => {
      await scenario.image("1.3.0", { ...first, "0002_drop.sql": "ALTER TABLE users DROP COLUMN email;" });
      await killedAt("pulumi up", 1, "--image", "1.3.0");
      const refused = await migrate("--rollback");
      assert.equal(refused.code, 1);
      assert.match(refused.said, /0002_drop has no part "-- Down Migration"/);
      assert.match(
        refused.said,
        /--rollback --keep-schema.*npm run restore -- --stack production --to database-/s,
      );
      assert.equal(await scenario.running(), "1.0.0");
      const kept = await migrate("--rollback", "--keep-schema");
      assert.equal(kept.code, 0, kept.said);
      assert.deepEqual(await history(), ["0001_users", "0002_drop"]);
    });
  });

  describe("that changes nothing", () => {
    before(begin);
    after(() => scenario.stop());

    it("refuses before anything is changed what does not fit the history", async () => {
      await scenario.image("2.0.0", { "0003_late.sql": "SELECT 1" });
      const { code, said } = await migrate("--image", "2.0.0");
      assert.equal(code, 1);
      assert.match(said, /Nothing was changed:\n {2}- 0001_users was applied, but is not among the files/);
      assert.deepEqual(await snapshots(), []);
    });

    it("says that there is no such image", async () => {
      const { code, said } = await migrate("--image", "9.9.9");
      assert.equal(code, 1);
      assert.match(
        said,
        /The task did not run: CannotPullContainerError.*Is the image .*express-api:9\.9\.9 in the repository/,
      );
      assert.deepEqual(await snapshots(), []);
    });

    it("--plan and --dry-run change nothing", async () => {
      const before = [await scenario.schema(), await scenario.running(), await scenario.pulumi()];
      scenario.aws.calls.length = 0;
      const plan = await migrate("--plan", "--image", "1.1.0");
      assert.equal(plan.code, 0, plan.said);
      for (const step of STEPS) assert.match(plan.said, new RegExp(`^  ${step} `, "m"));
      assert.match(plan.said, /pulumi config set macro-ai:apiImage 1\.1\.0 --stack production/);
      assert.deepEqual(
        scenario.aws.calls.filter((call) => CHANGES.test(call)),
        [],
      );
      const dry = await migrate("--dry-run", "--image", "1.1.0");
      assert.equal(dry.code, 0, dry.said);
      assert.match(
        dry.said,
        /1 applied, 2 pending:\n {2}0002_names\n {4}-- Up Migration\n {4}ALTER TABLE users ADD COLUMN name/,
      );
      assert.deepEqual([await scenario.schema(), await scenario.running(), await scenario.pulumi()], before);
      assert.deepEqual(await snapshots(), []);
      assert.equal((await migrate("--resume")).code, 1);
    });

    it("tells every mistake in what it is given at once", async () => {
      scenario.aws.calls.length = 0;
      const { code, said } = await migrate(
        "--image",
        "a b",
        "--interval",
        "0",
        "--keep-schema",
        "--allow-loss",
        "users",
      );
      assert.equal(code, 1);
      assert.equal(said.match(/^ {2}- /gm)?.length, 4, said);
      const folder = await migrate("--migrations", "somewhere");
      assert.match(folder.said, /--migrations is for a hobby stack; production is an enterprise stack/);
      assert.deepEqual(scenario.aws.calls, []);
      await scenario.pulumi((state) => (state.export = { deployment: {} }));
      assert.match(
        (await migrate()).said,
        /The stack production has no API and database that run\. Deploy it first/,
      );
    });
  });
});
