import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { randomUUID, X509Certificate } from "node:crypto";
import { join } from "node:path";
import { buildFunctions } from "../../rotation/build.ts";
import { World } from "./database/world.ts";
import { vectorBinaries } from "./servers/postgres-binaries.ts";
import { steps } from "./steps.ts";

const dist = join(import.meta.dirname, "../../rotation/dist");

/** Calls a bundle as Lambda does, in a process of its own; what it said, and the error's text. */
async function invoke(
  name: string,
  environment: Readonly<Record<string, string>>,
  event: unknown,
): Promise<{ code: number; said: string }> {
  const script = `
    const event = JSON.parse(process.env.EVENT);
    try {
      const { handler } = await import(${JSON.stringify(join(dist, name, "index.mjs"))});
      await handler(event, { getRemainingTimeInMillis: () => 30000 });
    }
    catch (error) { console.log(error.stack); process.exitCode = 1; }`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", script], {
    // Nothing of the project's is within reach.
    cwd: dist,
    env: { PATH: process.env["PATH"], EVENT: JSON.stringify(event), ...environment },
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const code = await new Promise<number>((resolve) => child.once("close", (status) => resolve(status ?? -1)));
  return { code, said };
}

describe("rotation/build", function () {
  this.timeout(60_000);
  let world: World;
  let sizes: Record<string, number>;
  before(async () => {
    [world, sizes] = await Promise.all([World.start(), buildFunctions()]);
  });
  after(() => world.stop());

  const environment = (of = world): Record<string, string> => ({
    AWS_ENDPOINT_URL: of.secrets.endpoint,
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    DATABASE_CA: of.postgres.caFile,
  });

  it("makes bundles of at most 600 kB", () => {
    assert.deepEqual(Object.keys(sizes).sort(), [
      "bootstrap",
      "cache",
      "database",
      "external",
      "keyring",
      "reminder",
    ]);
    for (const [name, bytes] of Object.entries(sizes)) assert.ok(bytes <= 600_000, `${name}: ${bytes}`);
  });

  it("ships the authorities of RDS that are valid, and no other", async () => {
    const pem = await readFile(join(dist, "database/rds-authorities.pem"), "utf8");
    const certificates = pem.match(/-----BEGIN[^]*?-----END CERTIFICATE-----/g) ?? [];
    assert.ok(certificates.length > 60);
    const names = certificates.map((text) => new X509Certificate(text).subject);
    for (const region of ["us-east-1", "eu-west-2"]) {
      assert.ok(
        names.some((name) => name.includes(`Amazon RDS ${region} Root CA RSA2048 G1`)),
        region,
      );
    }
    assert.ok(!names.some((name) => / 2019 CA| Beta /.test(name)));
  });

  it("rotates a login outside of Lambda, against any endpoint", async () => {
    const subject = await world.subject("alternating");
    const master = await world.secrets.create({ username: "master", password: "master password" });
    const token = world.secrets.begin(subject.secretId);
    const before = await world.loginOf(subject);
    let log = "";
    for (const step of steps) {
      const event = { SecretId: subject.secretId, ClientRequestToken: token, Step: step };
      const { code, said } = await invoke("database", { ...environment(), MASTER_SECRET_ARN: master }, event);
      assert.equal(code, 0, said);
      assert.match(said, new RegExp(`"step":"${step}","result":"done"`));
      log += said;
    }
    const after = await world.loginOf(subject);
    assert.notEqual(after.username, before.username);
    assert.deepEqual(await world.sql("SELECT 1 AS one", after), [{ one: 1 }]);
    for (const { password } of [before, after])
      assert.ok(!log.includes(password), "the log shows a password");
  });

  it("rotates one user's login", async () => {
    const subject = await world.subject("single");
    const token = world.secrets.begin(subject.secretId);
    for (const step of steps) {
      const event = { SecretId: subject.secretId, ClientRequestToken: token, Step: step };
      const { code, said } = await invoke("database", { ...environment(), DATABASE_USERS: "single" }, event);
      assert.equal(code, 0, said);
    }
    assert.deepEqual(await world.sql("SELECT 1 AS one", await world.loginOf(subject)), [{ one: 1 }]);
  });

  it("prepares the database that it is told, and leaves the login of a secret that names another server for later", async () => {
    // With pgvector.
    const own = await World.start(vectorBinaries);
    try {
      await own.sql("CREATE DATABASE moved OWNER master");
      await own.sql("ALTER ROLE master SUPERUSER");
      const master = { username: "master", password: "master password" };
      const { host, port } = own.login(master);
      const elsewhere = { username: "owner", password: "ofNeon" };
      const variables = {
        ...environment(own),
        APPLICATION_SECRET_ARN: await own.secrets.create({
          RELATIONAL_DATABASE_URL: "postgresql://owner:ofNeon@ep-x.neon.tech/app",
          DB_USERNAME: elsewhere.username,
          DB_PASSWORD: elsewhere.password,
        }),
        MASTER_SECRET_ARN: await own.secrets.create(master),
        DATABASE_HOST: host,
        DATABASE_PORT: String(port),
        DATABASE_NAME: "moved",
      };
      const { code, said } = await invoke("bootstrap", variables, {});
      assert.equal(code, 0, said);
      assert.match(said, /"result":"done".*"login":"at another server"/);
      assert.ok(!said.includes(elsewhere.password));
      const logins = "SELECT rolname FROM pg_roles WHERE rolname IN ('app_a', 'app_b', 'owner_b') ORDER BY 1";
      assert.deepEqual(await own.sql(logins), [{ rolname: "app_a" }, { rolname: "app_b" }]);
    } finally {
      await own.stop();
    }
  });

  it("rotates keys", async () => {
    const secretId = await world.secrets.create({ API_KEY: "first" });
    const token = world.secrets.begin(secretId);
    const KEYRINGS = JSON.stringify([
      { field: "API_KEY", activationDelaySeconds: 600, overlapSeconds: 3600 },
    ]);
    for (const step of steps) {
      const event = { SecretId: secretId, ClientRequestToken: token, Step: step };
      const { code, said } = await invoke("keyring", { ...environment(), KEYRINGS }, event);
      assert.equal(code, 0, said);
    }
    const { API_KEY_RING } = JSON.parse((await world.secrets.value(secretId)) ?? "") as {
      API_KEY_RING: { keys: { id: string }[] };
    };
    assert.deepEqual(
      API_KEY_RING.keys.map(({ id }) => id),
      ["0", token],
    );
  });

  it("Neon: sets a role's password in plain over verified TLS, which is all that it takes", async () => {
    const subject = await world.subject("single");
    const [login = ""] = subject.logins;
    const token = world.secrets.begin(subject.secretId);
    const settings = { ...environment(), DATABASE_USERS: "single", DATABASE_LOGIN_FORM: "plaintext" };
    for (const step of steps) {
      const event = { SecretId: subject.secretId, ClientRequestToken: token, Step: step };
      const { code, said } = await invoke("database", settings, event);
      assert.equal(code, 0, said);
    }
    const now = await world.loginOf(subject);
    assert.deepEqual(await world.sql("SELECT 1 AS one", now), [{ one: 1 }]);
    const told = (await world.postgres.log())
      .split("\n")
      .filter((line) => line.includes(`ALTER ROLE "${login}"`));
    assert.ok(
      told.some((line) => line.includes(now.password)) &&
        !told.some((line) => line.includes("SCRAM-SHA-256")),
      "the password was not told in plain",
    );
  });

  it("says how many days are left, also of those after one that cannot be read", async () => {
    const secretId = await world.secrets.create({ OPENAI_API_KEY: "hidden" });
    const entry = { secretId, field: "OPENAI_API_KEY", everyDays: 180 };
    const REMINDERS = JSON.stringify([{ ...entry, field: "GONE" }, { ...entry, secretId: "none" }, entry]);
    const { code, said } = await invoke("reminder", { ...environment(), REMINDERS }, {});
    assert.equal(code, 1);
    const [first, second, third] = said
      .split("\n")
      .map((line) => (line.startsWith("{") ? JSON.parse(line) : line) as Record<string, unknown>);
    assert.deepEqual([first?.["result"], second?.["result"]], ["wrong-shape", "secret-missing"]);
    assert.deepEqual(
      [third?.["Secret"], third?.["Field"], third?.["DaysLeft"]],
      [secretId, "OPENAI_API_KEY", 179],
    );
    assert.match(
      said,
      /RotationError: failed: Nothing is known of GONE \(wrong-shape\), OPENAI_API_KEY \(secret-missing\)/,
    );
    assert.ok(!said.includes("hidden"), "the log shows a value");
  });

  it("ends with an error that says what to do, in one line of the log, when the step is unknown", async () => {
    const subject = await world.subject("single");
    const event = {
      SecretId: subject.secretId,
      ClientRequestToken: world.secrets.begin(subject.secretId),
      Step: 'x\n{"level":"info","result":"forged"}',
    };
    const { code, said } = await invoke("database", { ...environment(), DATABASE_USERS: "single" }, event);
    assert.equal(code, 1);
    const [line = "", trace = ""] = said.split("\n");
    assert.equal((JSON.parse(line) as { result: string }).result, "unknown-step");
    assert.match(trace, /^RotationError: unknown-step: .* Invoke the function through Secrets Manager/);
    assert.doesNotMatch(said, /^\{"level":"info"/m);
  });

  it("says what to do when it is called without an event, or for a secret that is gone", async () => {
    const KEYRINGS = JSON.stringify([{ field: "API_KEY", activationDelaySeconds: 0, overlapSeconds: 60 }]);
    const none = await invoke("keyring", { ...environment(), KEYRINGS }, null);
    assert.equal((JSON.parse(none.said.split("\n")[0] ?? "") as { result: string }).result, "unknown-step");
    const event = { SecretId: "gone", ClientRequestToken: randomUUID(), Step: "createSecret" };
    const { said } = await invoke("keyring", { ...environment(), KEYRINGS }, event);
    assert.match(said, /secret-missing: There is no such secret/);
    assert.doesNotMatch(said, /tries again by itself/);
  });

  it("refuses to start on a setting that it does not know", async () => {
    const { code, said } = await invoke("database", { ...environment(), DATABASE_USERS: "both" }, {});
    assert.notEqual(code, 0);
    assert.match(said, /DATABASE_USERS is "both"; allowed are alternating, single/);
    const keys = await invoke("keyring", { ...environment(), KEYRINGS: "{}" }, {});
    assert.match(keys.said, /KEYRINGS: is no JSON list with an entry/);
    const other = await invoke("external", { ...environment(), PROVIDERS: "cognito, none" }, {});
    assert.match(other.said, /PROVIDERS is "none"; allowed are cognito, openai/);
  });
});
