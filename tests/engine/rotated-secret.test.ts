import assert from "node:assert/strict";
import { given } from "../stacks/program.ts";
import { nameOf, outcome, Project, succeeded } from "./harness.ts";

const stack = "staging";
const rotated = JSON.stringify({ API_KEY: "rotated-rotated-rotated-rotated-1234" });

describe("a secret that was rotated behind Pulumi's back", function () {
  this.timeout(900_000);
  let project: Project;
  before(async () => {
    const config = Object.entries(given("staging", "hobby")).map(([key, value]) => [
      `macro-ai:${key}`,
      value,
    ]);
    project = await Project.ofCheckout({ [stack]: Object.fromEntries(config) as Record<string, string> });
    succeeded(await project.start());
    await project.editCloud((resources) => {
      for (const [key, entry] of Object.entries(resources)) {
        if (!isVersion(entry)) continue;
        const { inputs, state } = entry;
        const secretString = rotated;
        resources[key] = { ...entry, inputs: { ...inputs, secretString }, state: { ...state, secretString } };
      }
    });
  });
  after(() => project.remove());

  const isVersion = (entry: { type: string; urn: string }) =>
    entry.type === "aws:secretsmanager/secretVersion:SecretVersion" && nameOf(entry) === "secrets-api-keys";
  const value = () => project.cloud().find(isVersion)?.state["secretString"];

  it("keeps its new value through an update", async () => {
    const up = succeeded(await project.start());
    assert.match(outcome(up, stack), /^nothing changed/);
    assert.equal(value(), rotated);
  });

  it("keeps it through an update that changes what the program would have written first", async () => {
    succeeded(
      await project.sandbox(...["config", "set", "macro-ai:owner", "somebody else", "--stack", stack]),
    );
    assert.match(outcome(succeeded(await project.start()), stack), /^\d+ updated/);
    assert.equal(value(), rotated);
  });

  it("keeps it through an update that has refreshed the state before", async () => {
    const args = ["up", "--refresh", "--yes", "--skip-preview", "--non-interactive", "--stack", stack];
    succeeded(await project.sandbox(...args));
    assert.equal(value(), rotated);
    assert.match(outcome(succeeded(await project.start("--preview")), stack), /^nothing changed/);
  });
});
