import assert from "node:assert/strict";
import { GitHub } from "../../scripts/delivery/lib/github.ts";
import { closeIssue, openIssue, upsertComment } from "../../scripts/delivery/lib/issues.ts";
import { type FakeGitHub, fakeGitHub } from "./github.ts";

const drift = { title: "Drift in production", label: "drift" };

describe("what a workflow tells on GitHub", () => {
  let fake: FakeGitHub;
  let github: GitHub;
  beforeEach(async () => {
    fake = await fakeGitHub();
    github = new GitHub(fake.env);
  });
  afterEach(() => fake.stop());

  it("is one issue a matter: opened once, brought up to date, left alone where nothing is new", async () => {
    assert.deepEqual(await openIssue(github, drift, "a bucket"), [1, "opened"]);
    assert.deepEqual(await openIssue(github, drift, "a bucket"), [1, "unchanged"]);
    assert.deepEqual(await openIssue(github, drift, "a bucket and a queue"), [1, "updated"]);
    assert.deepEqual(await openIssue(github, { ...drift, title: "Drift in staging" }, "a topic"), [
      2,
      "opened",
    ]);
    assert.equal(fake.issues.length, 2);
    assert.match(fake.issues[0]?.body ?? "", /a bucket and a queue/);
    assert.deepEqual(fake.changes, ["POST /issues", "PATCH /issues/1", "POST /issues"]);
  });

  it("closes the issue with the reason, and opens a new one the next time", async () => {
    await openIssue(github, drift, "a bucket");
    assert.equal(await closeIssue(github, drift, "gone"), 1);
    assert.equal(fake.issues[0]?.state, "closed");
    assert.equal(fake.issues[0].comments[0]?.body, "gone");
    assert.equal(await closeIssue(github, drift, "gone"), undefined);
    assert.deepEqual(await openIssue(github, drift, "again"), [2, "opened"]);
  });

  it("finds the issue behind more than a page of others, and never takes another's with the same title", async () => {
    for (let index = 0; index < 120; index += 1)
      await github.call("POST", "/issues", {
        title: drift.title,
        labels: ["drift"],
        body: `by hand ${index}`,
      });
    assert.deepEqual(await openIssue(github, drift, "a bucket"), [121, "opened"]);
    assert.deepEqual(await openIssue(github, drift, "a queue"), [121, "updated"]);
  });

  it("is one comment a name under a pull request", async () => {
    await github.call("POST", "/issues", { title: "a change", labels: [] });
    const where = { pullRequest: 1, name: "report-staging" };
    assert.equal(await upsertComment(github, where, "one"), "made");
    assert.equal(await upsertComment(github, { ...where, name: "report-production" }, "other"), "made");
    assert.equal(await upsertComment(github, where, "two"), "updated");
    assert.deepEqual(
      fake.issues[0]?.comments.map(({ body }) => body.split("\n")[1]),
      ["two", "other"],
    );
  });

  it("keeps below GitHub's limit and says what it cut", async () => {
    await openIssue(github, drift, "x".repeat(100_000));
    const { length } = fake.issues[0]?.body ?? "";
    assert.ok(length < 65_536, String(length));
    assert.match(fake.issues[0]?.body ?? "", /35000 more characters/);
  });

  it("says what a refusal may come from, and what is missing outside a workflow", async () => {
    const stranger = new GitHub({ ...fake.env, GITHUB_TOKEN: "other" });
    await assert.rejects(
      openIssue(stranger, drift, "x"),
      /GitHub refuses GET \/issues: 403 Resource not accessible.*permissions/,
    );
    assert.throws(() => new GitHub({}), /GITHUB_TOKEN and GITHUB_REPOSITORY are not both set.*gh auth token/);
  });
});
