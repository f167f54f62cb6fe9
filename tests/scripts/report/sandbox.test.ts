import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Ended, Project, printed, refused, run } from "../../engine/harness.ts";
import type { Report } from "../../../scripts/report/build.ts";

const git = promisify(execFile);
const driver = join(import.meta.dirname, "driver.ts");

const secrets = ["planted-of-the-base", "planted-of-the-checkout", "planted-in-an-output"];
const program = (more: string, secret: string): string => `
const vpc = new aws.ec2.Vpc("network", { cidrBlock: "10.0.0.0/16" });
const web = new aws.ec2.SecurityGroup("web", { description: "The web", vpcId: vpc.id });
const key = new aws.secretsmanager.Secret("key", { name: "/small/key" });
new aws.secretsmanager.SecretVersion("key", { secretId: key.id, secretString: pulumi.secret("${secret}") });
new aws.sns.Topic("news", { displayName: "News", tags: { say: "${more.length}" } });
export const shown = pulumi.secret("planted-in-an-output");
${more}
`;
const ofBase = program('new aws.s3.Bucket("files", {});', "planted-of-the-base");
const ofCheckout = program(
  `new aws.vpc.SecurityGroupIngressRule("ssh", {
    securityGroupId: web.id, description: "for all", ipProtocol: "tcp", fromPort: 22, toPort: 22, cidrIpv4: "0.0.0.0/0",
  });`,
  "planted-of-the-checkout",
);

describe("npm run report in the sandbox", function () {
  this.timeout(300_000);
  let project: Project;
  let temporary: string;
  let out: string;

  before(async () => {
    project = await Project.small(ofBase);
    [temporary, out] = [join(project.directory, "tmp"), join(project.directory, "out")];
    await mkdir(temporary);
    await project.write(".gitignore", "node_modules\npolicies\ntmp\nout\n.sandbox\n");
    const commit = [
      "-c",
      "user.name=test",
      "-c",
      "user.email=test@example.com",
      "commit",
      "-q",
      "-m",
      "base",
    ];
    for (const args of [["init", "-q", "-b", "main"], ["add", "-A"], commit])
      await git("git", args, { cwd: project.directory });
    await project.program(ofCheckout);
  });
  after(() => project.remove());

  const report = (...args: string[]): Promise<Ended> =>
    run([driver, project.directory, "--stack", "one", "--out", out, ...args], { TMPDIR: temporary });
  const leavesNothing = async (): Promise<void> => {
    const left = (await readdir(temporary)).filter((name) => name.startsWith("report-"));
    assert.deepEqual(left, []);
  };

  describe("of a checkout against a revision", () => {
    let ended: Ended;
    let made: Report;
    before(async () => {
      ended = refused(await report());
      made = JSON.parse(await readFile(join(out, "report.json"), "utf8")) as Report;
    });

    it("tells what the checkout changes, and what is lost", () => {
      assert.deepEqual(
        made.losses.map(({ resource, kind }) => `${kind} ${resource}`),
        ['replace secretsmanager SecretVersion "key"', 'delete s3 Bucket "files"'],
        printed(ended),
      );
      assert.deepEqual(made.counts, { delete: 1, replace: 1, create: 1, update: 1, same: 3 });
      assert.deepEqual(made.errors, []);
      assert.match(made.against, /^main \([0-9a-f]{7}\), deployed in the sandbox$/);
      assert.match(ended.stdout, /DATA WOULD BE LOST\n.*\n {2}s3 Bucket "files"/);
      assert.match(ended.stderr, /Deploying one of main \([0-9a-f]{7}\)/);
    });

    it("has the policies' findings as the engine showed them, and the network's difference", () => {
      const broken = (made.policies?.findings ?? [])
        .filter(({ level }) => level === "mandatory")
        .map(({ rule }) => rule);
      assert.ok(broken.includes("ec2-no-world-ingress"), broken.join());
      assert.doesNotMatch(made.notes.join(), /the preview's own words/);
      assert.deepEqual(
        made.network?.changes.map(({ kind, from, to, port }) => [kind, from, to, port]),
        [["opened", "internet", "web", "tcp 22"]],
      );
    });

    it("shows no secret in any output", async () => {
      const names = await readdir(out);
      assert.deepEqual(names.sort(), [
        "report.html",
        "report.json",
        "report.md",
        "topology.mmd",
        "topology.svg",
      ]);
      const files = await Promise.all(names.map((name) => readFile(join(out, name), "utf8")));
      for (const text of [...files, ended.stdout, ended.stderr])
        for (const secret of secrets) assert.ok(!text.includes(secret), secret);
      assert.match(ended.stdout, /secretString: \[secret\], changes/);
    });

    it("leaves no sandbox behind", leavesNothing);
  });

  it("takes a preview of the real stack in its place, one that failed before its policies, too", async () => {
    const urn = "urn:pulumi:one::small::aws:s3/bucket:Bucket::files";
    const bucket = { urn, type: "aws:s3/bucket:Bucket", custom: true, inputs: {} };
    const preview = join(temporary, "preview.json");
    const given = { steps: [{ op: "delete", urn, oldState: bucket }] };
    const diagnostics = [{ urn, severity: "error", message: "it is protected" }];
    await writeFile(preview, JSON.stringify({ ...given, diagnostics }));
    const snapshot = ["--snapshot", join(temporary, "nowhere.json")];
    const { stdout, stderr } = refused(await report("--preview", preview, ...snapshot));
    assert.match(
      stdout,
      /against the stack one as it stands[\s\S]*s3 Bucket "files": it is protected[\s\S]*DATA WOULD BE LOST/,
    );
    assert.match(
      stdout,
      /There is no .*nowhere\.json: the preview ended before the policy pack had seen the whole stack, unless/,
    );
    assert.match(stdout, /Policies, cost and network are not judged/);
    assert.doesNotMatch(stderr, /Deploying/);
    await writeFile(preview, JSON.stringify(given));
    const lost = refused(await report("--preview", preview, ...snapshot));
    assert.match(lost.stderr, /There is no recorded preview .*nowhere\.json/);
  });

  describe("that cannot be made", () => {
    it("says what to do about a revision that is not there", async () => {
      const { stderr } = refused(await report("--base", "nowhere"));
      assert.match(stderr, /no revision "nowhere"\..*git fetch origin nowhere, then --base origin\/nowhere/);
      await leavesNothing();
    });

    it("says which stacks there are", async () => {
      const { stderr } = refused(await report("--stack", "two"));
      assert.match(
        stderr,
        /There is no stack "two": .*Stacks with a file: one\. Name one of them: npm run report -- --stack one/,
      );
    });

    it("takes a stack that the revision does not have for new", async () => {
      await writeFile(join(project.directory, "Pulumi.new.yaml"), "config: {}\n");
      const { stderr } = await report("--stack", "new");
      assert.doesNotMatch(stderr, /Deploying/);
      const made = JSON.parse(await readFile(join(out, "report.json"), "utf8")) as Report;
      assert.match(made.notes.join(), /main has no stack new: all of it is new/);
      assert.deepEqual(made.counts, { create: 6, same: 0 });
    });

    it("says why a revision cannot be deployed", async () => {
      await project.program(`throw new Error("nonsense");`);
      const commit = [
        "-c",
        "user.name=test",
        "-c",
        "user.email=test@example.com",
        "commit",
        "-q",
        "-am",
        "broken",
      ];
      await git("git", commit, { cwd: project.directory });
      const { stderr } = refused(await report("--base", "HEAD"));
      assert.match(
        stderr,
        /HEAD cannot be deployed in the sandbox, so there is nothing to compare with:[\s\S]*nonsense/,
      );
      assert.match(stderr, /Name a revision that can be: --base <revision>/);
      await leavesNothing();
    });
  });
});
