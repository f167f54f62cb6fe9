import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { secretExamples } from "../../stacks/config/keys.ts";
import {
  checkout,
  isInCloud,
  nameOf,
  outcome,
  Project,
  refused,
  type Resource,
  run,
  succeeded,
} from "./harness.ts";

const stacks = ["staging", "production"] as const;

describe("the committed stacks, from nothing to nothing", function () {
  this.timeout(900_000);
  let project: Project;
  before(async () => {
    project = await Project.ofCheckout();
  });
  after(() => project.remove());

  const npmStart = (...args: string[]) =>
    run([join(checkout, "sandbox/cli/run-start.ts"), ...args], { MACRO_AI_SANDBOX: project.paths.directory });

  it("come up with one command, past the policies", async () => {
    const { stdout } = succeeded(await npmStart());
    for (const stack of stacks) assert.match(stdout, new RegExp(`✔ ${stack}: \\d+ created, 0 unchanged`));
    assert.equal(stdout.match(/policies, no violations/g)?.length, 2, stdout);
    assert.match(stdout, /Database \d+/);
    assert.match(stdout, /apiUrl\s+https:\/\/api\.macro-ai\.com/);
    assert.deepEqual(secretsIn(stdout, await allSecrets(project)), []);
    assert.deepEqual(await project.differences(...stacks), []);
  });

  it("do not change when the command is repeated, and it says so", async () => {
    const again = succeeded(await npmStart());
    for (const stack of stacks) {
      const { resources } = await project.state(stack);
      const providers = resources.filter(({ type }) => type.startsWith("pulumi:providers:")).length;
      assert.equal(
        outcome(again, stack),
        `nothing changed, ${resources.length - providers} resources as they were`,
      );
    }
  });

  for (const stack of stacks) {
    it(`${stack} previews without changes`, async () => {
      const { stdout } = succeeded(
        await project.sandbox("preview", "--expect-no-changes", "--stack", stack, "--non-interactive"),
      );
      assert.match(stdout, /\d+ unchanged/);
      assert.doesNotMatch(stdout, /to (?:create|update|delete|replace)/);
    });

    it(`${stack} refreshes without changes`, async () => {
      const args = ["--preview-only", "--expect-no-changes", "--stack", stack, "--non-interactive"];
      const { stdout } = succeeded(await project.sandbox("refresh", ...args));
      assert.match(stdout, /\d+ unchanged/);
    });

    it(`${stack} can be exported with inputs, outputs and dependencies`, async () => {
      const { stdout } = succeeded(await project.sandbox("stack", "export", "--stack", stack));
      const { deployment } = JSON.parse(stdout) as { deployment: { resources: Resource[] } };
      const { resources } = deployment;
      const urns = new Set(resources.map(({ urn }) => urn));
      const ours = resources.filter(isInCloud);
      assert.ok(ours.length > 50);
      for (const { urn, id, inputs, outputs, parent } of ours) {
        assert.ok(id, urn);
        assert.ok(inputs && Object.keys(inputs).length > 0, urn);
        assert.ok(outputs && Object.keys(outputs).length > 0, urn);
        assert.ok(parent !== undefined && urns.has(parent), urn);
      }
      for (const { urn, dependencies = [], propertyDependencies = {} } of resources)
        for (const dependency of [
          ...dependencies,
          ...Object.values(propertyDependencies).flatMap((all) => all ?? []),
        ])
          assert.ok(urns.has(dependency), `${urn} depends on ${dependency}, which is not there`);
      const [alarm] = ours.filter(({ type }) => type === "aws:cloudwatch/metricAlarm:MetricAlarm");
      assert.ok((alarm?.propertyDependencies?.["alarmActions"]?.length ?? 0) > 0);
    });

    it(`${stack} has outputs that tell where everything is`, async () => {
      const { stdout } = succeeded(await project.sandbox("stack", "output", "--json", "--stack", stack));
      const outputs = JSON.parse(stdout) as Record<string, unknown>;
      for (const name of ["apiUrl", "appUrl", "dashboardUrl"])
        assert.match(String(outputs[name]), /^https:\/\/[a-z0-9.-]+/, name);
      const path = `/macro-ai/${stack}/`;
      const names = outputs["secretNames"] as string[];
      assert.ok(names.length >= 3 && names.every((name) => name.startsWith(path)), names.join());
      const made = project.cloud().filter(({ type }) => type === "aws:secretsmanager/secret:Secret");
      const inCloud = made
        .map(({ inputs }) => String(inputs["name"]))
        .filter((name) => name.startsWith(path));
      assert.deepEqual(names, inCloud.sort());
    });

    it(`${stack} keeps no secret in plain text in its state`, async () => {
      const secrets = await allSecrets(project);
      assert.ok(secrets.size >= 8);
      assert.deepEqual(secretsIn(await project.stateText(stack), secrets), []);
    });
  }

  it("are in the cloud as in the state, and nothing besides", async () => {
    assert.deepEqual(await project.differences(...stacks), []);
  });

  it("production refuses to be destroyed, and says which three steps lift that", async () => {
    const before = project.cloud().length;
    const { stdout } = refused(await project.start("--stack", "production", "--destroy"));
    assert.match(
      stdout,
      /Stack production is protected: .*hold what cannot be made again\. Nothing was destroyed/,
    );
    assert.match(
      stdout,
      /1\. npm run sandbox -- config set macro-ai:deletionProtection false --stack production/,
    );
    assert.match(stdout, /2\. npm start -- --stack production /);
    assert.match(stdout, /3\. npm start -- --stack production --destroy/);
    refused(await project.sandbox("destroy", "--yes", "--non-interactive", "--stack", "production"));
    assert.equal(project.cloud().length, before);
    assert.deepEqual(await project.differences(...stacks), []);
  });

  it("go after the three steps, and only what AWS keeps by itself remains", async () => {
    const key = ["macro-ai:deletionProtection", "false"];
    succeeded(await project.sandbox("config", "set", ...key, "--stack", "production"));
    const lifted = succeeded(await project.start("--stack", "production"));
    assert.match(outcome(lifted, "production"), /^\d+ updated, \d+ unchanged$/);
    const held = (await project.state("production")).resources.filter(({ protect }) => protect === true);
    assert.deepEqual(held.map(nameOf), []);
    const destroyed = succeeded(await project.start("--destroy"));
    for (const stack of stacks) assert.match(outcome(destroyed, stack), /^\d+ deleted, 0 unchanged$/);
    // RDS may go on writing to its logs, and makes them again where they are missing; nobody may delete the trail's files,
    // and their bucket stays as guarded as it was.
    assert.deepEqual(
      project
        .cloud()
        .map((left) => `${left.type} ${nameOf(left)}`)
        .sort(),
      [
        "aws:cloudwatch/logGroup:LogGroup database-postgresql",
        "aws:cloudwatch/logGroup:LogGroup database-upgrade",
        "aws:cloudwatch/logGroup:LogGroup proxy",
        "aws:s3/bucket:Bucket trail-files",
        "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration trail-files",
        "aws:s3/bucketLogging:BucketLogging trail-files",
        "aws:s3/bucketOwnershipControls:BucketOwnershipControls trail-files",
        "aws:s3/bucketPolicy:BucketPolicy trail-files",
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock trail-files",
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration trail-files",
        "aws:s3/bucketVersioning:BucketVersioning trail-files",
      ],
    );
    const { reservedNames } = JSON.parse(await readFile(project.paths.cloud, "utf8")) as {
      reservedNames: Record<string, string>;
    };
    for (const name of ["/macro-ai/staging/api-keys", "/macro-ai/production/database-credentials"])
      assert.ok(
        Object.keys(reservedNames).some((reserved) => reserved.endsWith(name)),
        `${name} is not reserved`,
      );
  });
});

/** Every value that must not be seen, with where it comes from: the configuration's, and those that were generated. */
async function allSecrets(project: Project): Promise<Map<string, string>> {
  const secrets = new Map(
    Object.entries(secretExamples()).filter(([key]) => key !== "macro-ai:cognitoUserPoolId"),
  );
  for (const { type, urn, inputs } of project.cloud()) {
    if (type !== "aws:secretsmanager/secretVersion:SecretVersion") continue;
    const values = JSON.parse(String(inputs["secretString"])) as Record<string, string>;
    for (const [key, value] of Object.entries(values))
      if (/KEY$|URL$|password$/i.test(key)) secrets.set(`${urn} ${key}`, value);
  }
  return Promise.resolve(secrets);
}

function secretsIn(text: string, secrets: ReadonlyMap<string, string>): string[] {
  return [...secrets].flatMap(([name, value]) => (text.includes(value) ? [name] : []));
}
