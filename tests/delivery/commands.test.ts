import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import manifest from "../../package.json" with { type: "json" };
import { checkout, type Ended, refused, run, succeeded } from "../engine/harness.ts";
import { listen } from "../rotation/servers/programs.ts";
import { fakeGitHub } from "./github.ts";

const scripts: Readonly<Record<string, string>> = manifest.scripts;
/** Runs an npm script as npm does, without npm. */
const command = (name: string, args: readonly string[], env: Record<string, string> = {}): Promise<Ended> =>
  run([join(checkout, (scripts[name] ?? "").replace(/^node /, "")), ...args], env);

describe("the pipeline's commands", function () {
  this.timeout(60_000);

  /** Nobody has logged in to Pulumi here. */
  let home: string;
  before(async () => {
    home = await mkdtemp(join(tmpdir(), "macro-ai-commands-"));
  });
  after(() => rm(home, { recursive: true, force: true }));

  it("npm run plan says why there is no commit", async () => {
    const folder = join(home, "project");
    await mkdir(folder);
    const places = ["--output", join(home, "plan"), "--evidence", join(home, "evidence")];
    const plan = () => command("plan", ["--stack", "one", "--project", folder, ...places]);
    assert.match(refused(await plan()).stderr, /known by its commit .* this folder is in none\. Clone/);
    await promisify(execFile)("git", ["-C", folder, "init", "-q"]);
    assert.match(refused(await plan()).stderr, /this repository has no commit\. Commit the project/);
  });

  const bad: [string, readonly string[], RegExp][] = [
    ["plan", [], /--stack is ""; give a stack: staging or production/],
    [
      "deploy",
      ["--minutes", "90", "--digest", "1", "--api-url", "x", "--refresh", "--plan", "p"],
      /--stack is ""[^]*--minutes is "90"; give more than 0 and at most 60[^]*--digest is "1"; give 64[^]*--refresh and --plan exclude each other[^]*--api-url is "x"; give a URL/,
    ],
    ["deploy", ["--sandbox", "--stack", "staging"], /--sandbox needs --api-url/],
    ["deploy", ["--stack", "staging", "--plan", "missing"], /^There is no plan in missing\. Make a new one/],
    [
      "drift",
      ["--stack", "staging"],
      /^Nothing says where .* staging lies\. .*export PULUMI_BACKEND_URL='s3:/,
    ],
    [
      "plan",
      ["--stack", "staging", "--output", "README.md", "--evidence", "README.md/x"],
      /Nothing was previewed:\n {2}- --output is "README\.md", which is a file\n {2}- --evidence is "README\.md\/x", which lies below a file\n/,
    ],
    ["health", ["--minutes", "0"], /give --stack or --api-url[^]*--minutes is "0"/],
    ["drift", ["--stack", "a b"], /--stack is "a b"; give a stack/],
    ["delivery:drill", ["--stack", "a b"], /--stack is "a b"; give a stack/],
    [
      "drift",
      ["--stack", "staging", "--issue"],
      /GITHUB_TOKEN and GITHUB_REPOSITORY are not both set.*gh auth token/,
    ],
    ["delivery:issue", [], /--title is missing[^]*--label is missing[^]*give either --body-file or --close/],
    [
      "delivery:comment",
      ["--pull-request", "x"],
      /--pull-request is "x"[^]*--name is missing[^]*--body-file is missing/,
    ],
  ];
  for (const [name, args, message] of bad) {
    it(`npm run ${name} -- ${args.join(" ")} tells everything that is wrong at once`, async () => {
      const nobody = { GITHUB_TOKEN: "", GITHUB_REPOSITORY: "", PULUMI_HOME: home };
      const { stderr } = refused(await command(name, args, nobody));
      assert.match(stderr, message);
      assert.doesNotMatch(stderr, /^\s+at /m);
    });
  }

  it("npm run health says whether an API is well, and what it last answered where it is not", async () => {
    let status = 200;
    const server = createServer((_, response) => void response.writeHead(status).end('{"status":"healthy"}'));
    const url = `http://127.0.0.1:${await listen(server)}/`;
    try {
      const ask = () => command("health", ["--api-url", url, "--minutes", "0.01"]);
      assert.match(succeeded(await ask()).stdout, /api\/health answered 3 times: 200, healthy/);
      status = 503;
      assert.match(refused(await ask()).stderr, /did not answer well within .*; the last answer: 503/);
    } finally {
      server.close();
    }
    const gone = await command("health", ["--api-url", url, "--minutes", "0.001"]);
    assert.match(refused(gone).stderr, /the last answer: none: the connection was refused/);
    const blocked = await command("health", ["--api-url", "http://127.0.0.1:1", "--minutes", "0.001"]);
    assert.match(refused(blocked).stderr, /the last answer: bad port/);
  });

  it("npm run delivery:drill keeps an issue open for each drill while it fails", async () => {
    const folder = await mkdtemp(join(tmpdir(), "macro-ai-drill-"));
    const github = await fakeGitHub();
    const issues = () => github.issues.map(({ title, state }) => `${title}: ${state}`);
    try {
      const script = join(folder, "drill.js");
      const drill = (...args: string[]) =>
        command("delivery:drill", ["--issue", "--script", script, ...args], github.env);
      await writeFile(
        script,
        'console.log("the database is not there", ...process.argv.slice(2)); process.exitCode = 3;',
      );
      assert.equal((await drill()).code, 3);
      assert.match(github.issues[0]?.body ?? "", /FAILED[^]*the database is not there\n[^]*npm run dr-drill/);
      assert.equal((await drill("--stack", "production")).code, 3);
      assert.match(
        github.issues[1]?.body ?? "",
        /FAILED[^]*not there --stack production --drill\n[^]*npm run restore -- --stack production --drill/,
      );
      await writeFile(script, "");
      succeeded(await drill("--stack", "production"));
      assert.deepEqual(issues(), [
        "The disaster recovery drill fails: open",
        "The restore drill of production fails: closed",
      ]);
    } finally {
      github.stop();
      await rm(folder, { recursive: true, force: true });
    }
  });
});
