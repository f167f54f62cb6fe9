import assert from "node:assert/strict";
import { outcome, printed, Project, refused, succeeded } from "./harness.ts";

const program = `
new aws.sqs.Queue("jobs", { visibilityTimeoutSeconds: 60, tags: { team: "api" } });
new aws.sns.Topic("news", { displayName: "News" });
`;

describe("a cloud that changed behind Pulumi's back", function () {
  this.timeout(900_000);
  let project: Project;
  before(async () => {
    project = await Project.small(program, "ungated");
    succeeded(await project.start());
  });
  after(() => project.remove());

  const sandbox = (...args: string[]) => project.sandbox(...args, "--non-interactive", "--stack", "one");
  const queue = () => project.cloud().find(({ type }) => type === "aws:sqs/queue:Queue");
  const settled = async () => {
    assert.deepEqual(await project.differences("one"), []);
    assert.match(outcome(succeeded(await project.start("--preview")), "one"), /^nothing changed/);
  };

  it("is shown by refresh, property by property, and put back by up", async () => {
    await project.editCloud((resources) => {
      for (const [key, entry] of Object.entries(resources)) {
        if (entry.type !== "aws:sqs/queue:Queue") continue;
        const tags = { team: "somebody else" };
        resources[key] = {
          ...entry,
          state: { ...entry.state, visibilityTimeoutSeconds: 5, tags, tagsAll: tags },
        };
      }
    });
    const seen = refused(await sandbox("refresh", "--preview-only", "--expect-no-changes", "--diff"));
    assert.match(printed(seen), /visibilityTimeoutSeconds\s*: 60 => 5/);
    assert.match(printed(seen), /"api" => "somebody else"/);
    assert.match(printed(seen), /1 to update/);
    succeeded(await sandbox("refresh", "--yes", "--skip-preview"));
    const up = succeeded(await project.start());
    assert.equal(outcome(up, "one"), "1 updated, 2 unchanged");
    const { state } = queue() ?? {};
    assert.equal(state?.["visibilityTimeoutSeconds"], 60);
    assert.deepEqual(state["tags"], { team: "api" });
    await settled();
  });

  it("is made whole again when something was deleted", async () => {
    const before = queue();
    await project.editCloud((resources) => {
      for (const [key, { type }] of Object.entries(resources))
        if (type === "aws:sqs/queue:Queue") Reflect.deleteProperty(resources, key);
    });
    const seen = succeeded(await sandbox("refresh", "--yes", "--skip-preview"));
    assert.match(printed(seen), /1 deleted/);
    const up = succeeded(await project.start());
    assert.equal(outcome(up, "one"), "1 created, 2 unchanged");
    assert.equal(queue()?.urn, before?.urn);
    await settled();
  });

  it("is found in one go by up --refresh", async () => {
    await project.editCloud((resources) => {
      for (const [key, { type }] of Object.entries(resources))
        if (type === "aws:sns/topic:Topic") Reflect.deleteProperty(resources, key);
    });
    succeeded(await sandbox("up", "--refresh", "--yes", "--skip-preview"));
    await settled();
  });

  it("can be taken over: a resource made by hand is imported and then stays as it is", async () => {
    const kept = `${program}
      new aws.sqs.Queue("found", { name: "made-by-hand", delaySeconds: 3 }, { retainOnDelete: true });`;
    await project.program(kept);
    succeeded(await project.start());
    await project.program(program);
    succeeded(await project.start());
    const made = project.cloud().find(({ inputs }) => inputs["name"] === "made-by-hand");
    assert.ok(made);
    assert.equal((await project.differences("one")).length, 1);

    const flags = ["--yes", "--skip-preview", "--protect=false", "--generate-code=false"];
    succeeded(await sandbox("import", "aws:sqs/queue:Queue", "found", made.id, ...flags));
    assert.deepEqual(await project.differences("one"), []);
    await project.program(kept.replace(", { retainOnDelete: true }", ""));
    assert.match(outcome(succeeded(await project.start()), "one"), /^nothing changed/);
  });

  it("refuses to import what is not there", async () => {
    const missing = "https://sqs.us-east-1.amazonaws.com/123456789012/no-such-queue";
    const ended = refused(await sandbox("import", "aws:sqs/queue:Queue", "ghost", missing, "--yes"));
    assert.match(printed(ended), /does not exist/);
  });
});
