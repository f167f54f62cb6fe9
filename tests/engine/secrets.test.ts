import assert from "node:assert/strict";
import { join } from "node:path";
import type { StoredEntry } from "../../sandbox/cloud/store.ts";
import { checkout, outcome, Project, succeeded } from "./harness.ts";

const VERSION = "aws:secretsmanager/secretVersion:SecretVersion";

const program = (value: string): string => `
  import { SecretSet } from ${JSON.stringify(join(checkout, "components/secret-set.ts"))};
  const key = new aws.kms.Key("key", {});
  new SecretSet("secrets", {
    path: "/macro-ai/staging", kmsKeyArn: key.arn, accountId: "123456789012", recoveryWindowDays: 7,
    secrets: { "api-keys": { description: "Keys", values: { API_KEY: ${JSON.stringify(value)} } } },
  });`;

describe("a secret that is rotated in AWS", function () {
  this.timeout(900_000);
  let project: Project;
  before(async () => {
    project = await Project.small(program("first"), "ungated");
    succeeded(await project.start());
  });
  after(() => project.remove());

  const versions = () => project.cloud().filter(({ type }) => type === VERSION);
  const stagesOf = ({ state }: StoredEntry) => state["versionStages"] as string[];
  const valueOf = ({ state }: StoredEntry) =>
    (JSON.parse(String(state["secretString"])) as { API_KEY: string }).API_KEY;
  const current = () =>
    versions()
      .filter((version) => stagesOf(version).includes("AWSCURRENT"))
      .map(valueOf);

  /** As a rotation does it: a new version takes the label, and the one before becomes the previous one. */
  const rotate = (value: string) =>
    project.editCloud((resources) => {
      for (const [key, entry] of Object.entries(resources)) {
        if (entry.type !== VERSION || !stagesOf(entry).includes("AWSCURRENT")) continue;
        const id = `${entry.id}-${value}`;
        const secretString = JSON.stringify({ API_KEY: value });
        const kept = stagesOf(entry).filter((stage) => stage !== "AWSCURRENT");
        resources[key] = { ...entry, state: { ...entry.state, versionStages: [...kept, "AWSPREVIOUS"] } };
        resources[`${key}-${value}`] = {
          ...{ ...entry, id, urn: "" },
          state: { ...entry.state, secretString, versionStages: ["AWSCURRENT"] },
        };
      }
    });

  it("has its first value at first", () => {
    assert.deepEqual(current(), ["first"]);
  });

  it("keeps the rotated value when the program has another one", async () => {
    await rotate("rotated");
    await project.program(program("changed in the program"));
    assert.match(outcome(succeeded(await project.start()), "one"), /^nothing changed/);
    assert.deepEqual(current(), ["rotated"]);
  });

  it("keeps it through a refresh", async () => {
    const args = ["--yes", "--skip-preview", "--non-interactive", "--stack", "one"];
    succeeded(await project.sandbox("refresh", ...args));
    assert.match(outcome(succeeded(await project.start()), "one"), /^nothing changed/);
    assert.deepEqual(current(), ["rotated"]);
  });

  it("keeps it even where the first version is gone and made again", async () => {
    await project.editCloud((resources) => {
      for (const [key, entry] of Object.entries(resources))
        if (entry.type === VERSION && valueOf(entry) === "first") Reflect.deleteProperty(resources, key);
    });
    succeeded(
      await project.sandbox(
        "up",
        "--refresh",
        "--yes",
        "--skip-preview",
        "--non-interactive",
        "--stack",
        "one",
      ),
    );
    assert.deepEqual(versions().map(valueOf).sort(), ["changed in the program", "rotated"]);
    assert.deepEqual(current(), ["rotated"]);
  });
});
