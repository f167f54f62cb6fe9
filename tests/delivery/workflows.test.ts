import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { parse } from "yaml";
import { DEFAULT_BRANCH, deployed, DRILLED } from "../../bootstrap/environments.ts";
import manifest from "../../package.json" with { type: "json" };
import { checkout, run } from "../engine/harness.ts";

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Record<string, unknown>;
  readonly env?: Record<string, string>;
}

interface Job {
  readonly if?: string;
  readonly uses?: string;
  readonly permissions?: Record<string, string>;
  readonly environment?: string | { readonly name: string };
  readonly "timeout-minutes"?: number;
  readonly strategy?: { readonly matrix: { readonly include?: unknown } };
  readonly steps?: readonly Step[];
}

interface Workflow {
  readonly on: Record<string, unknown>;
  readonly permissions: unknown;
  readonly concurrency?: { readonly group: string; readonly "cancel-in-progress": boolean };
  readonly jobs: Record<string, Job>;
}

const folder = join(checkout, ".github/workflows");
const files = (await readdir(folder)).sort();
const texts = new Map<string, string>();
for (const file of files) texts.set(file, await readFile(join(folder, file), "utf8"));
texts.set("setup", await readFile(join(checkout, ".github/actions/setup/action.yml"), "utf8"));
const workflows = new Map<string, Workflow>(
  files.map((file) => [file, parse(texts.get(file) ?? "") as Workflow]),
);
const workflow = (file: string): Workflow => {
  const found = workflows.get(file);
  assert.ok(found, file);
  return found;
};
const jobs = [...workflows].flatMap(([file, { jobs: all }]) =>
  Object.entries(all).map(([name, job]) => ({ title: `${file} ${name}`, file, name, job })),
);
const everyText = [...texts.values()].join("\n");

describe("the workflows", () => {
  it("are those that the docs speak of", () => {
    assert.deepEqual(files, [
      "checks.yml",
      "deploy.yml",
      "drift.yml",
      "pull-request.yml",
      "restore-drill.yml",
    ]);
  });

  it("take actions by digest only, with the version beside it", () => {
    const used = [...everyText.matchAll(/uses: (\S+)(.*)/g)].filter(
      ([, action]) => !action?.startsWith("./"),
    );
    assert.ok(used.length > 10);
    for (const [line, action = "", rest = ""] of used) {
      assert.match(action, /^[\w.-]+\/[\w./-]+@[0-9a-f]{40}$/, line);
      assert.match(rest, /^ # v\d+\.\d+\.\d+$/, line);
    }
    const versions = new Map<string, Set<string>>();
    for (const [, action = ""] of used) {
      const [name = "", digest = ""] = action.split("@");
      versions.set(name, (versions.get(name) ?? new Set()).add(digest));
    }
    for (const [name, digests] of versions) assert.equal(digests.size, 1, `${name} has two versions`);
  });

  it("grant nothing by default, and each job the least", () => {
    for (const [file, { permissions }] of workflows) assert.deepEqual(permissions, {}, file);
    const granted = Object.fromEntries(
      jobs.map(({ title, job }) => [
        title,
        Object.entries(job.permissions ?? {}).map(([name, level]) => `${name}: ${level}`),
      ]),
    );
    const reads = ["contents: read"];
    const assumes = [...reads, "id-token: write"];
    assert.deepEqual(granted, {
      "checks.yml checks": reads,
      "deploy.yml checks": reads,
      "deploy.yml plan": assumes,
      "deploy.yml apply": [...assumes, "issues: write"],
      "drift.yml drift": [...assumes, "issues: write"],
      "pull-request.yml checks": reads,
      "pull-request.yml report": reads,
      "pull-request.yml comment": [...reads, "pull-requests: write"],
      "pull-request.yml preview": assumes,
      "restore-drill.yml disaster-recovery": [...reads, "issues: write"],
      "restore-drill.yml restore": [...assumes, "issues: write"],
    });
  });

  it("hold no stored key, and read no secret", () => {
    assert.doesNotMatch(everyText, /secrets\./);
    assert.doesNotMatch(everyText, /aws-(?:access-key-id|secret-access-key)|AKIA/);
    const clones = jobs
      .flatMap(({ job }) => job.steps ?? [])
      .filter(({ uses }) => uses?.startsWith("actions/checkout@"));
    assert.ok(clones.length > 5);
    for (const { with: given } of clones) assert.equal(given?.["persist-credentials"], false);
  });

  it("give a fork neither credentials nor a token that writes, and never run its code with more", () => {
    assert.doesNotMatch(everyText, /pull_request_target|workflow_run/);
    const own = "github.event.pull_request.head.repo.full_name == github.repository";
    for (const { title, job, file } of jobs) {
      if (file !== "pull-request.yml") continue;
      const writes = Object.values(job.permissions ?? {}).includes("write");
      if (writes) assert.ok(job.if?.includes(own), title);
    }
    const { report, comment } = workflow("pull-request.yml").jobs;
    assert.equal(report?.if, undefined, "a fork gets the report, too");
    const [clone] = comment?.steps ?? [];
    assert.equal(clone?.with?.["ref"], "${{ github.event.pull_request.base.sha }}");
  });

  it("assume each role in the environment or on the branch that AWS binds it to", () => {
    const assuming = jobs.flatMap(({ title, job }) =>
      (job.steps ?? []).flatMap(({ with: given }) => {
        const role = given?.["role-to-assume"];
        const { environment } = job;
        return role === undefined
          ? []
          : [[title, role, typeof environment === "object" ? environment.name : environment] as const];
      }),
    );
    const [staging, production] = deployed;
    assert.deepEqual(
      [staging?.stack, staging?.branch, production?.stack, production?.branch],
      ["staging", "develop", "production", "main"],
    );
    assert.deepEqual(assuming, [
      [
        "deploy.yml plan",
        "${{ github.ref_name == 'main' && vars.AWS_ROLE_PREVIEW_PRODUCTION || vars.AWS_ROLE_PREVIEW_STAGING }}",
        "preview-${{ github.ref_name == 'main' && 'production' || 'staging' }}",
      ],
      [
        "deploy.yml apply",
        "${{ github.ref_name == 'main' && vars.AWS_ROLE_PRODUCTION || vars.AWS_ROLE_STAGING }}",
        "${{ github.ref_name == 'main' && 'production' || 'staging' }}",
      ],
      [
        "drift.yml drift",
        "${{ matrix.stack == 'production' && vars.AWS_ROLE_DRIFT_PRODUCTION || vars.AWS_ROLE_DRIFT_STAGING }}",
        "drift-${{ matrix.stack }}",
      ],
      [
        "pull-request.yml preview",
        "${{ matrix.stack == 'production' && vars.AWS_ROLE_PREVIEW_PRODUCTION || vars.AWS_ROLE_PREVIEW_STAGING }}",
        "preview-${{ matrix.stack }}",
      ],
      ["restore-drill.yml restore", "${{ vars.AWS_ROLE_DRILL }}", undefined],
    ]);
    for (const file of ["drift.yml", "restore-drill.yml"])
      for (const { if: condition, permissions } of Object.values(workflow(file).jobs))
        if (permissions?.["id-token"] !== undefined)
          assert.ok(condition?.includes(`github.ref == 'refs/heads/${DEFAULT_BRANCH}'`), file);
  });

  it("run another branch's code only in an environment, whose token opens no role of the run's own branch", () => {
    const { include } = workflow("drift.yml").jobs["drift"]?.strategy?.matrix ?? {};
    assert.deepEqual(
      include,
      deployed.map(({ stack, branch }) => ({ stack, branch })),
    );
    const foreign = jobs.filter(
      ({ job }) =>
        job.permissions?.["id-token"] !== undefined &&
        job.steps?.some(({ with: given }) => given?.["ref"] !== undefined),
    );
    assert.deepEqual(
      foreign.map(({ title, job }) => [title, typeof job.environment]),
      [["drift.yml drift", "object"]],
    );
  });

  it("deploy one at a time, never cancel an update, and apply what was planned", () => {
    const { concurrency, jobs: all, on } = workflow("deploy.yml");
    assert.equal(concurrency?.["cancel-in-progress"], false);
    assert.match(concurrency.group, /^deploy-/);
    assert.deepEqual(
      (on["push"] as { branches: string[] }).branches,
      deployed.map(({ branch }) => branch),
    );
    const words = all["apply"]?.steps?.map(({ run: line }) => line ?? "").join("\n") ?? "";
    assert.match(words, /npm run deploy -- .*--plan plan --digest "\$DIGEST"/);
    for (const [file, { concurrency: guarded }] of workflows)
      if (file !== "checks.yml") assert.ok(guarded, `${file} has no concurrency`);
    assert.equal(workflow("pull-request.yml").concurrency?.["cancel-in-progress"], true);
  });

  it("drill the stack for which there is a role, and end before its session does", () => {
    const { restore } = workflow("restore-drill.yml").jobs;
    const steps = restore?.steps ?? [];
    const seconds = steps.map(({ with: given }) => given?.["role-duration-seconds"]).find(Number.isInteger);
    assert.ok((restore?.["timeout-minutes"] ?? 0) * 60 < Number(seconds));
    const [line] = steps.flatMap(({ run: words }) => words ?? []);
    assert.match(line ?? "", new RegExp(`^npm run delivery:drill -- --stack ${DRILLED.stack} .*--issue$`));
  });

  it("only wire: each step is one command that runs on any machine, without what others wrote in it", () => {
    const lines = jobs
      .flatMap(({ job }) => job.steps ?? [])
      .flatMap(({ run: line }) => (line === undefined ? [] : [line]));
    for (const line of lines) {
      assert.doesNotMatch(line, /\$\{\{/, "an expression in a script can be injected into");
      assert.equal(line.trim().split("\n").length, 1, line);
      const [, script] = /^npm run ([\w:-]+)/.exec(line) ?? [];
      if (script !== undefined) assert.ok(script in manifest.scripts, `package.json has no script ${script}`);
      else
        assert.match(line, /^(?:bash \.ci\/run "\$PART"|cat report\/report\.md >> "\$GITHUB_STEP_SUMMARY")$/);
    }
  });

  it("upload plans and reports, never the evidence, which holds secrets in plain", () => {
    const uploads = jobs
      .flatMap(({ job }) => job.steps ?? [])
      .filter(({ uses }) => uses?.startsWith("actions/upload-artifact@"))
      .map(({ with: given }) => given?.["path"]);
    assert.deepEqual(new Set(uploads), new Set(["plan", "report"]));
  });

  it("all end by themselves", () => {
    for (const { title, job } of jobs)
      if (job.uses === undefined) assert.ok((job["timeout-minutes"] ?? 0) > 0, title);
  });

  it("update dependencies in groups", async () => {
    const { updates } = parse(await readFile(join(checkout, ".github/dependabot.yml"), "utf8")) as {
      updates: { "package-ecosystem": string; groups: object; "target-branch": string }[];
    };
    assert.deepEqual(
      updates.map((update) => update["package-ecosystem"]),
      ["npm", "github-actions", "gomod"],
    );
    for (const update of updates) {
      assert.ok(Object.keys(update.groups).length > 0);
      assert.equal(update["target-branch"], "develop");
    }
  });
});

describe("npm run lint:workflows", function () {
  this.timeout(300_000);
  const lint = (...args: string[]) => run([join(checkout, "scripts/delivery/lint-workflows.ts"), ...args]);
  let broken: string;
  before(async () => {
    broken = await mkdtemp(join(tmpdir(), "macro-ai-workflows-"));
    await mkdir(join(broken, ".github/workflows"), { recursive: true });
    await promisify(execFile)("git", ["-C", broken, "init", "-q"]);
  });
  after(() => rm(broken, { recursive: true, force: true }));

  it("has no finding", async () => {
    const { code, stderr, stdout } = await lint();
    assert.equal(code, 0, stdout + stderr);
    assert.match(stderr, /actionlint [\d.]+: no findings[\s\S]*zizmor [\d.]+: no findings/);
  });

  it("has one of each linter where a workflow is broken", async () => {
    await cp(join(checkout, ".github"), join(broken, ".github"), { recursive: true });
    const text = (texts.get("drift.yml") ?? "")
      .replace(/actions\/checkout@\w+ # v[\d.]+/, "actions/checkout@v7")
      .replace("matrix.branch", "matrix.branhc");
    await writeFile(join(broken, ".github/workflows/drift.yml"), text);
    const { code, stderr, stdout } = await lint("--root", broken);
    assert.equal(code, 1);
    assert.match(stdout, /drift\.yml:\d+:\d+: property "branhc" is not defined/);
    assert.match(stdout, /unpinned-uses/);
    assert.match(stderr, /actionlint [\d.]+: exit code 1[\s\S]*zizmor [\d.]+: exit code \d+/);
  });
});
