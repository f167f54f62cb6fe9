import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { promisify } from "node:util";
import { checkout, type Ended, Project, run, succeeded } from "../engine/harness.ts";
import { listen } from "../rotation/servers/programs.ts";
import { type FakeGitHub, fakeGitHub } from "./github.ts";

const git = promisify(execFile);

/** A secret of the stack; no plan, report or output may show it. */
const planted = "planted-secret-0123456789";

describe("a deployment", function () {
  this.timeout(300_000);
  let project: Project;
  let server: Server;
  let apiUrl: string;
  /** The versions whose API is ill. */
  const ill = new Set<string>();
  let github: FakeGitHub;

  const command = (name: string, ...args: readonly string[]): Promise<Ended> =>
    run(
      [
        join(checkout, `scripts/delivery/${name}.ts`),
        "--sandbox",
        "--stack",
        "one",
        "--project",
        project.directory,
        ...args,
      ],
      { MACRO_AI_SANDBOX: project.paths.directory, ...github.env },
    );
  const deploy = (...args: readonly string[]): Promise<Ended> =>
    command("deploy", "--api-url", apiUrl, "--minutes", "0.02", ...args);
  const inCloud = (): string =>
    String(project.cloud().find(({ type }) => type.includes("eventRule"))?.inputs["description"]);
  const commit = async (version: string, more = ""): Promise<string> => {
    await project.program(`
      const { RandomId } = await import("@pulumi/random/randomId.js");
      const secret = new pulumi.Config().requireSecret("planted");
      new aws.cloudwatch.EventRule("rule", { description: "${version}", scheduleExpression: "rate(1 day)" });
      class Holder extends pulumi.ComponentResource {
        constructor() {
          super("test:index:Holder", "holder", { secret });
        }
      }
      new Holder();
      ${more}
    `);
    await git("git", ["-C", project.directory, "add", "-A"]);
    await git("git", ["-C", project.directory, "commit", "-q", "-m", version]);
    return (await git("git", ["-C", project.directory, "rev-parse", "HEAD"])).stdout.trim();
  };

  before(async () => {
    project = await Project.small();
    await project.write(".gitignore", "node_modules\n.sandbox\nplan\nevidence\n");
    const who = ["-c", "init.defaultBranch=main"];
    await git("git", [...who, "-C", project.directory, "init", "-q"]);
    await git("git", ["-C", project.directory, "config", "user.email", "test@example.com"]);
    await git("git", ["-C", project.directory, "config", "user.name", "test"]);
    succeeded(await project.sandbox("config", "set", "--secret", "planted", planted, "--stack", "one"));
    server = createServer((_, response) => {
      const status = ill.has(inCloud()) ? 503 : 200;
      response.writeHead(status).end(JSON.stringify({ status: status === 200 ? "healthy" : "unhealthy" }));
    });
    apiUrl = `http://127.0.0.1:${await listen(server)}`;
    github = await fakeGitHub();
  });
  after(async () => {
    server.close();
    github.stop();
    await project.remove();
  });

  it("of a first commit that is ill has nothing to go back to, and says so", async () => {
    ill.add("version 1");
    await commit("version 1");
    const ended = await deploy();
    assert.equal(ended.code, 1);
    assert.match(ended.stdout, /one is NOT well after the deployment/);
    assert.match(ended.stdout, /nothing to go back to: no earlier commit is known/);
    ill.clear();
  });

  it("is well when the API is", async () => {
    const head = await commit("version 2");
    const ended = succeeded(await deploy());
    assert.match(ended.stdout, /### one is deployed and well/);
    assert.match(ended.stdout, new RegExp(head));
    assert.equal(inCloud(), "version 2");
  });

  it("that is not well is rolled back to the commit before it, and fails", async () => {
    const before = (await git("git", ["-C", project.directory, "rev-parse", "HEAD"])).stdout.trim();
    ill.add("version 3");
    await commit("version 3");
    const report = join(project.directory, ".sandbox/report.md");
    const ended = await deploy("--report", report);
    assert.equal(ended.code, 1, ended.stderr);
    assert.equal(inCloud(), "version 2");
    const text = await readFile(report, "utf8");
    assert.match(text, /was not well after the deployment and was rolled back/);
    assert.match(text, new RegExp(`Rolled back to ${before}`));
    assert.match(text, /503, unhealthy/);
    const { stdout } = await git("git", ["-C", project.directory, "worktree", "list"]);
    assert.equal(stdout.trim().split("\n").length, 1, stdout);
  });

  it("is not rolled back by itself where the way back takes data away", async () => {
    ill.add("version 4");
    await commit("version 4", `new RandomId("suffix", { byteLength: 4 });`);
    const ended = await deploy();
    assert.equal(ended.code, 1, ended.stderr);
    assert.match(ended.stdout, /NOT well, and the rollback failed/);
    assert.match(
      ended.stdout,
      /is not taken by itself: it would delete suffix and lose the value, which names may be made of/,
    );
    assert.equal(inCloud(), "version 4");
    ill.clear();
  });

  it("applies the reviewed plan alone: not a changed one, no other commit's, nothing that is not in it", async () => {
    await commit("version 5");
    const plan = join(project.directory, "plan");
    assert.match((await deploy("--plan", plan)).stderr, /There is no plan in .*npm run plan -- --stack one/);
    const evidence = join(project.directory, "evidence");
    const planned = succeeded(await command("plan", "--output", plan, "--evidence", evidence));
    const digest = /digest is ([0-9a-f]{64})/.exec(planned.stdout)?.[1] ?? "";
    const file = join(plan, "plan.json");
    const text = await readFile(file, "utf8");
    assert.ok(text.includes("version 5"));
    assert.ok(!text.includes(planted) && !planned.stdout.includes(planted), "a plan is uploaded");

    await writeFile(file, `${text} `);
    const changed = await deploy("--plan", plan, "--digest", digest);
    assert.match(changed.stderr, /not the reviewed one: plan\.json has the digest/);
    await writeFile(file, text);

    // Uncommitted: as if the program had moved since the review.
    await project.program(`new aws.cloudwatch.EventRule("other", { scheduleExpression: "rate(2 days)" });`);
    const beyond = await deploy("--plan", plan, "--digest", digest, "--no-rollback");
    assert.equal(beyond.code, 1);
    assert.match(beyond.stdout, /create is not allowed by the plan/);
    assert.equal(inCloud(), "version 4");
    await git("git", ["-C", project.directory, "checkout", "-q", "index.ts"]);

    succeeded(await deploy("--plan", plan, "--digest", digest));
    assert.equal(inCloud(), "version 5");

    await commit("version 6");
    const other = await deploy("--plan", plan, "--digest", digest);
    assert.match(other.stderr, /it was made of commit [0-9a-f]{40}, and this is [0-9a-f]{40}/);
    assert.equal(inCloud(), "version 5");

    await project.program(`throw new Error("the reason");`);
    const failing = await command("plan", "--output", plan, "--evidence", evidence);
    assert.equal(failing.code, 1);
    assert.match(failing.stderr, /the reason[^]*The preview of one fails; there is no plan/);
    assert.doesNotMatch(failing.stdout, /To read it/);
    assert.deepEqual(await readdir(plan), [], "an earlier plan would be taken for this one");
  });

  it("undoes drift, which is told by names without values, in one issue that closes", async () => {
    await git("git", ["-C", project.directory, "reset", "-q", "--hard", "HEAD~1"]);
    await project.editCloud((resources) => {
      for (const { inputs, state } of Object.values(resources)) {
        for (const values of [inputs, state])
          Object.assign(values, { description: "changed by hand, secretly" });
      }
    });
    const drifted = await command("drift", "--issue");
    assert.equal(drifted.code, 2, drifted.stderr);
    assert.match(drifted.stdout, /\| aws:cloudwatch\/eventRule:EventRule rule \| update \| `description` \|/);
    assert.ok(!drifted.stdout.includes("secretly"));
    assert.deepEqual(
      github.issues.map(({ title, state }) => `${title} ${state}`),
      ["Drift in one open"],
    );
    succeeded(await deploy("--refresh"));
    assert.match(succeeded(await command("drift", "--issue")).stdout, /one has not drifted/);
    assert.deepEqual(
      github.issues.map(({ state }) => state),
      ["closed"],
    );
  });
});
