import assert from "node:assert/strict";
import {
  CreateDBInstanceCommand,
  CreateDBSnapshotCommand,
  DescribeDBInstancesCommand,
  ModifyDBInstanceCommand,
  RDSClient,
} from "@aws-sdk/client-rds";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { checkPoint, parsePoint } from "../../../operations/restore/point.ts";
import { clientOf } from "../../rotation/servers/aws-client.ts";
import { type Ended, Scenario } from "../scenario.ts";
import { type Servers, startServers } from "../servers.ts";
import { first } from "../migrate/migrations.ts";

const COMMAND = "restore/run-restore.ts";
const STEPS = ["check", "make", "verify", "switch", "restart", "validate"];
const WINDOW = { from: "2026-11-01T00:00:00Z", to: "2026-11-23T08:00:00Z" };

describe("operations/restore", function () {
  this.timeout(120_000);
  let servers: Servers;
  let scenario: Scenario;
  let made: string;
  before(async () => {
    servers = await startServers();
  });
  after(() => servers.stop());
  beforeEach(async () => {
    scenario = await Scenario.start(servers, "enterprise");
    await scenario.image("1.0.0", first);
    await scenario.runs("1.0.0");
    made = `${scenario.instance}-new`;
    await scenario.pulumi((state) => (state.replacement = made));
    // What RDS makes when the program asks for it.
    await rds().send(new CreateDBInstanceCommand({ ...instance, DBInstanceIdentifier: made }));
    forward();
  });
  afterEach(() => scenario.stop());

  const instance = {
    DBInstanceClass: "db.t4g.medium",
    Engine: "postgres",
    MasterUsername: "administrator",
    MasterUserPassword: "of no use here",
    AllocatedStorage: 50,
  };
  const rds = () => new RDSClient(clientOf(`http://127.0.0.1:${servers.motoPort}`));
  const restore = (...args: string[]): Promise<Ended> => scenario.run(COMMAND, ...args);

  /** moto knows no automated backups of this kind. */
  function forward(
    kill: (call: string) => void = () => undefined,
    look: (call: string) => Promise<void> = () => Promise.resolve(),
  ): void {
    scenario.aws.interfere = async (call, onward) => {
      const answer =
        call === "rds DescribeDBInstanceAutomatedBackups"
          ? { status: 200, body: backups(WINDOW) }
          : call === "rds DeleteDBInstanceAutomatedBackup"
            ? { status: 404, body: notFound }
            : await onward();
      kill(call);
      await look(call);
      return answer;
    };
  }

  async function killedAt(call: string, nth: number, ...args: string[]): Promise<void> {
    let seen = 0;
    const { child, ended } = await scenario.begin(COMMAND, ...args);
    forward((name) => {
      if (name === call && (seen += 1) === nth) child.kill("SIGKILL");
    });
    const how = await ended;
    forward();
    assert.equal(how.signal, "SIGKILL", `${call} never came:\n${how.said}`);
  }

  async function used(): Promise<unknown> {
    const { export: text } = await scenario.pulumi();
    const { deployment } = text as {
      deployment: { resources: { type: string; outputs: Record<string, unknown> }[] };
    };
    return deployment.resources.find(({ type }) => type === "aws:rds/instance:Instance")?.outputs[
      "identifier"
    ];
  }
  async function secretHost(): Promise<unknown> {
    const client = new SecretsManagerClient(clientOf(`http://127.0.0.1:${servers.motoPort}`));
    const { SecretString = "" } = await client.send(
      new GetSecretValueCommand({ SecretId: scenario.secretName, VersionStage: "AWSCURRENT" }),
    );
    return (JSON.parse(SecretString) as { host?: string }).host;
  }
  const bothThere = async (): Promise<void> => {
    for (const DBInstanceIdentifier of [scenario.instance, made])
      await rds().send(new DescribeDBInstancesCommand({ DBInstanceIdentifier }));
  };
  const config = async (): Promise<string | undefined> =>
    (await scenario.pulumi()).config["macro-ai:restore"]?.value;

  it("makes one beside, turns everybody to it, and leaves the old one", async () => {
    const { code, said } = await restore("--to", "2026-11-20T10:00:00Z");
    assert.equal(code, 0, said);
    assert.deepEqual(
      [...said.matchAll(/^✔ (\w+)/gm)].map(([, name]) => name),
      STEPS,
      said,
    );
    assert.equal(await used(), made);
    assert.equal(await secretHost(), `${made}.example`);
    assert.equal(
      await config(),
      JSON.stringify({ databaseBackups: scenario.instance, time: "2026-11-20T10:00:00Z" }),
    );
    await bothThere();
    assert.ok(scenario.aws.calls.every((call) => !/^rds (?:Delete|Modify|Stop)/.test(call)));
    assert.match((await restore("--resume")).said, /There is nothing to resume/);
  });

  it("takes a snapshot, killed at each step", async () => {
    await rds().send(
      new CreateDBSnapshotCommand({
        DBInstanceIdentifier: scenario.instance,
        DBSnapshotIdentifier: `${made}-snapshot`,
      }),
    );
    await killedAt("pulumi import", 1, "--to", `${made}-snapshot`);
    assert.match((await restore("--to", "latest")).said, /A restore of production is not over/);
    assert.equal(await used(), scenario.instance);
    await killedAt("pulumi up", 1, "--resume");
    assert.equal(await used(), made);
    // In the midst of the switch: the deployment is done, and done again.
    await killedAt("lambda POST", 1, "--resume");
    await killedAt("ecs UpdateService", 1, "--resume");
    await killedAt("health GET", 1, "--resume");
    const { code, said } = await restore("--resume");
    assert.equal(code, 0, said);
    assert.equal(await used(), made);
    assert.equal(await config(), JSON.stringify({ databaseSnapshot: `${made}-snapshot` }));
    assert.equal(scenario.aws.count("ecs UpdateService"), 1);
    await bothThere();
  });

  it("goes back to the old one", async () => {
    await killedAt("health GET", 1, "--to", "latest");
    assert.equal(await used(), made);
    const { code, said } = await restore("--rollback");
    assert.equal(code, 0, said);
    assert.equal(await used(), scenario.instance);
    assert.equal(await secretHost(), "database.example");
    assert.equal(await config(), "{}");
    await bothThere();
  });

  it("stops at one that is not as the old one, before anybody uses it", async () => {
    await rds().send(
      new ModifyDBInstanceCommand({
        DBInstanceIdentifier: scenario.instance,
        DeletionProtection: true,
        ApplyImmediately: true,
      }),
    );
    const { code, said } = await restore("--to", "latest");
    assert.equal(code, 1);
    assert.match(
      said,
      /✘ verify .*-new is not as database-\w+: deletion protection: off, the old one has on/,
    );
    assert.match(said, /Everybody uses the old instance; the new one stands beside\./);
    assert.equal(await secretHost(), undefined);
    await rds().send(
      new ModifyDBInstanceCommand({
        DBInstanceIdentifier: scenario.instance,
        DeletionProtection: false,
        ApplyImmediately: true,
      }),
    );
  });

  const others = async () => (await scenario.pulumi()).others ?? {};
  const changes = (): string[] =>
    scenario.aws.calls.filter((call) =>
      /^(?:rds (?!Describe)|pulumi |logs Delete|secrets|ecs |lambda )/.test(call),
    );
  const GONE = ["rds DeleteDBSnapshot", "rds DeleteDBInstanceAutomatedBackup", "logs DeleteLogGroup"];

  it("--drill restores into a throw-away stack, says how long it took, and leaves nothing", async () => {
    await scenario.pulumi((state) => {
      state.config["macro-ai:replicaRegion"] = { value: "us-west-2", secret: false };
    });
    const before = await scenario.pulumi();
    let configured: unknown;
    let made: unknown;
    scenario.aws.calls.length = 0;
    forward(
      () => undefined,
      async (call) => {
        if (call !== "pulumi drill") return;
        const drilled = (await others())["production-drill"];
        configured = Object.fromEntries(
          Object.entries(drilled?.config ?? {}).map(([key, { value }]) => [key, value]),
        );
        made = drilled?.export;
      },
    );
    const planned = await restore("--drill", "--plan");
    assert.equal(planned.code, 0, planned.said);
    assert.match(
      planned.said,
      /From .*\n {2}stack .*production-drill[^]*\n {2}make [^]*\n {2}clear {2}pulumi destroy/,
    );
    assert.deepEqual(changes(), []);
    const { code, said } = await restore("--drill");
    assert.equal(code, 0, said);
    assert.deepEqual(
      [...said.matchAll(/^✔ (\w+).*\(\d+ s\)$/gm)].map(([, name]) => name),
      ["stack", "make", "verify", "clear"],
      said,
    );
    assert.match(said, /^From database-\w+ as of 2026-11-23T08:00:00Z:$/m);
    assert.match(said, /production's database stood again after \d+ s; with the cleaning up it took \d+ s/);
    assert.deepEqual(configured, {
      "macro-ai:apiImage": "1.0.0",
      "macro-ai:restore.databaseBackups": scenario.instance,
      "macro-ai:deletionProtection": "false",
    });
    assert.match(JSON.stringify(made), /urn:pulumi:production-drill::macro-ai::.*rds\/instance/);
    assert.deepEqual(await others(), {});
    assert.deepEqual({ ...(await scenario.pulumi()), others: undefined }, { ...before, others: undefined });
    assert.deepEqual(changes(), ["pulumi drill", "pulumi destroy", ...GONE]);
    const journal = await readFile(
      join(scenario.folder, "machine-one", scenario.stack, "drill.jsonl"),
      "utf8",
    );
    assert.match(journal, /"step":"run","event":"done","facts":\{"restoredSeconds":"[\d.]+"/);
  });

  it("--drill takes away what a killed one has left", async () => {
    // When the stack's resources are gone: RDS still has the snapshot and the backups.
    await killedAt("pulumi destroy", 1, "--drill");
    assert.deepEqual(Object.keys(await others()), ["production-drill"]);
    scenario.aws.calls.length = 0;
    const again = await restore("--drill");
    assert.equal(again.code, 0, again.said);
    assert.match(again.said, /was cut off: what it left goes first/);
    assert.deepEqual(
      changes().filter((call) => GONE.includes(call)),
      [...GONE, ...GONE],
    );
    assert.deepEqual(await others(), {});
  });

  it("refuses what cannot be restored, before anything is changed", async () => {
    const there = new RDSClient(clientOf(scenario.aws.endpoint));
    for (const [to, problem] of [
      [
        "2026-11-24T00:00:00Z",
        /2026-11-24T00:00:00Z is outside of what RDS can restore: 2026-11-01T00:00:00Z to 2026-11-23T08:00:00Z/,
      ],
      ["2026-10-24T00:00:00Z", /outside of what RDS can restore/],
      ["yesterday", /the snapshot yesterday does not exist/],
    ] as const) {
      const point = parsePoint(to, new Date("2026-11-25"));
      assert.ok(typeof point !== "string", to);
      await assert.rejects(checkPoint(there, scenario.instance, point), problem);
    }
    for (const text of ["2026-13-01", "2026-02-31T10:00:00Z", "2026-11-20T10:00:00", "a b", ""])
      assert.equal(
        parsePoint(text),
        `--to is ${text === "" ? "missing" : `"${text}"`}; give a time in UTC, for example 2026-11-23T08:00:00Z, latest, or a snapshot's name`,
      );
    const now = new Date("2026-11-23T09:00:00Z");
    assert.equal(
      parsePoint("2026-11-23T09:00:01Z", now),
      '--to is "2026-11-23T09:00:01Z", which is yet to come; say latest',
    );
    assert.deepEqual(parsePoint("2026-11-23T09:00:00Z", now), { time: "2026-11-23T09:00:00Z" });
    const refused = await restore("--to", "yesterday");
    assert.equal(refused.code, 1, refused.said);
    assert.match(refused.said, /Nothing was changed: the snapshot yesterday does not exist/);
    const { said } = await restore("--plan", "--to", "latest");
    assert.match(said, new RegExp(`^From ${scenario.instance} as of 2026-11-23T08:00:00Z:`, "m"));
    for (const step of STEPS) assert.match(said, new RegExp(`^  ${step} +\\S`, "m"));
    assert.equal(scenario.aws.calls.filter((call) => call.startsWith("pulumi")).length, 0);
    assert.equal(await used(), scenario.instance);
  });
});

/** As RDS answers where there is nothing of the kind. */
const notFound =
  "<ErrorResponse><Error><Type>Sender</Type><Code>DBInstanceAutomatedBackupNotFound</Code><Message>none</Message></Error></ErrorResponse>";

function backups({ from, to }: typeof WINDOW): string {
  const backup = `<RestoreWindow><EarliestTime>${from}</EarliestTime><LatestTime>${to}</LatestTime></RestoreWindow>`;
  return `<DescribeDBInstanceAutomatedBackupsResponse xmlns="http://rds.amazonaws.com/doc/2014-10-31/"><DescribeDBInstanceAutomatedBackupsResult><DBInstanceAutomatedBackups><DBInstanceAutomatedBackup>${backup}</DBInstanceAutomatedBackup></DBInstanceAutomatedBackups></DescribeDBInstanceAutomatedBackupsResult><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></DescribeDBInstanceAutomatedBackupsResponse>`;
}
