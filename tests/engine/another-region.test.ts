import assert from "node:assert/strict";
import { given } from "../stacks/program.ts";
import { outcome, Project, succeeded } from "./harness.ts";

describe("a stack outside us-east-1", function () {
  this.timeout(300_000);
  let project: Project;

  before(async () => {
    const own = {
      ...given("staging", "hobby"),
      domain: "macro-ai.com",
      hostedZoneId: "Z0123456789EXAMPLE",
      features: { firewall: true },
      // A firewall is more than hobby's budget has room for.
      monthlyBudget: 20,
    };
    project = await Project.ofCheckout({
      staging: {
        "aws:region": "eu-west-2",
        ...Object.fromEntries(Object.entries(own).map(([key, value]) => [`macro-ai:${key}`, value])),
      },
    });
  });
  after(() => project.remove());

  const there = (type: string) =>
    project.cloud().filter((entry) => entry.type.endsWith(type) && entry.region === "us-east-1");

  it("comes up, and previews without changes", async () => {
    assert.match(outcome(succeeded(await project.start()), "staging"), /^\d+ created, 0 unchanged$/);
    const preview = succeeded(await project.start("--preview"));
    assert.match(outcome(preview, "staging"), /^nothing changed, \d+ resources/);
  });

  it("has in us-east-1 what CloudFront needs there: firewall, logs, alarms, and a topic with a key that tell of them", () => {
    const names = (type: string) =>
      there(type)
        .map(({ urn }) => urn.split("::").at(-1))
        .sort();
    assert.deepEqual(names(":WebAcl"), ["website-firewall"]);
    assert.deepEqual(names(":LogGroup"), ["ui-logs", "website-firewall"]);
    assert.deepEqual(names(":MetricAlarm"), [
      "alarms-certificate-cloudfront-expiry",
      "alarms-website-4xx-rate",
      "alarms-website-5xx-rate",
    ]);
    assert.deepEqual(names(":EventRule"), ["events-certificate-cloudfront-renewal"]);
    assert.deepEqual(names(":Topic"), ["alarms-us-east-1"]);
    assert.deepEqual(names(":Key"), ["edge-key"]);
  });

  it("goes without a trace", async () => {
    succeeded(await project.sandbox("destroy", "--stack", "staging", "--yes"));
    assert.deepEqual(project.cloud(), []);
  });
});
