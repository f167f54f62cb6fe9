import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile, rm, writeFile } from "node:fs/promises";
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
  const inCloud = (): string => String(project.cloud()[0]?.inputs["description"]);
  const commit = async (version: string): Promise<string> => {
    await project.program(`
      const secret = new pulumi.Config().requireSecret("planted");
      new aws.cloudwatch.EventRule("rule", { description: "${version}", scheduleExpression: "rate(1 day)" });
      class Holder extends pulumi.ComponentResource {
        constructor() {
          super("test:index:Holder", "holder", { secret });
        }
      }
      new Holder();
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

  it("applies a reviewed plan, whose secrets are encrypted", async () => {
    await commit("version 4");
    const plan = join(project.directory, "plan");
    const planned = succeeded(
      await command("plan", "--output", plan, "--evidence", join(project.directory, "evidence")),
    );
    const digest = /digest is ([0-9a-f]{64})/.exec(planned.stdout)?.[1] ?? "";
    const text = await readFile(join(plan, "plan.json"), "utf8");
    assert.ok(text.includes("version 4"));
    assert.ok(!text.includes(planted) && !planned.stdout.includes(planted));
    succeeded(await deploy("--plan", plan, "--digest", digest));
    assert.equal(inCloud(), "version 4");
  });

  it("refuses a plan that was changed after the review, or is of another commit", async () => {
    await commit("version 5");
    const plan = join(project.directory, "plan");
    const old = await deploy("--plan", plan);
    assert.equal(old.code, 1);
    assert.match(
      old.stderr,
      /not the reviewed one: it was made of commit [0-9a-f]{40}, and this is [0-9a-f]{40}.*npm run plan -- --stack one/,
    );
    const planned = succeeded(
      await command("plan", "--output", plan, "--evidence", join(project.directory, "evidence")),
    );
    const digest = /digest is ([0-9a-f]{64})/.exec(planned.stdout)?.[1] ?? "";
    const file = join(plan, "plan.json");
    await writeFile(file, `${await readFile(file, "utf8")} `);
    const changed = await deploy("--plan", plan, "--digest", digest);
    assert.match(changed.stderr, /plan\.json has the digest/);
    assert.equal(inCloud(), "version 4");
    await rm(plan, { recursive: true });
    assert.match((await deploy("--plan", plan)).stderr, /There is no plan in/);
  });

  it("does nothing that the plan does not have", async () => {
    const plan = join(project.directory, "plan");
    succeeded(await command("plan", "--output", plan, "--evidence", join(project.directory, "evidence")));
    // Uncommitted: as if the state or the program had moved since the review.
    await project.program(`new aws.cloudwatch.EventRule("other", { scheduleExpression: "rate(2 days)" });`);
    const ended = await deploy("--plan", plan, "--no-rollback");
    assert.equal(ended.code, 1);
    assert.match(ended.stdout + ended.stderr, /create is not allowed by the plan/);
    await git("git", ["-C", project.directory, "checkout", "-q", "index.ts"]);
  });

  it("is compared with AWS: no drift, drift told by names without values, one issue, and its end", async () => {
    succeeded(await deploy());
    assert.match(succeeded(await command("drift", "--issue")).stdout, /one has not drifted/);
    await project.editCloud((resources) => {
      for (const { inputs, state } of Object.values(resources)) {
        for (const values of [inputs, state])
          (values as Record<string, unknown>)["description"] = "changed by hand, secretly";
      }
    });
    const drifted = await command("drift", "--issue");
    assert.equal(drifted.code, 2, drifted.stderr);
    assert.match(drifted.stdout, /\| aws:cloudwatch\/eventRule:EventRule rule \| update \| `description` \|/);
    assert.ok(!drifted.stdout.includes("secretly"));
    assert.equal((await command("drift", "--issue")).code, 2);
    assert.deepEqual(
      github.issues.map(({ title, state }) => `${title} ${state}`),
      ["Drift in one open"],
    );
    succeeded(await deploy());
    succeeded(await command("drift", "--issue"));
    assert.deepEqual(
      github.issues.map(({ state }) => state),
      ["closed"],
    );
    assert.equal(github.issues[0]?.comments.length, 1);
  });
});
