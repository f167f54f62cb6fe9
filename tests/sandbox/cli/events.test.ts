import assert from "node:assert/strict";
import { Tally, urnName } from "../../../sandbox/cli/events.ts";

const urn = "urn:pulumi:one::small::a:b:C$aws:s3/bucket:Bucket::site::assets";
const step = { op: "create", urn, type: "aws:s3/bucket:Bucket" };

function tallyOf(...events: readonly object[]): Tally {
  const tally = new Tally();
  for (const event of events) tally.read(JSON.stringify(event));
  return tally;
}

describe("tally of an update", () => {
  it("counts a resource once, whatever happens to it", () => {
    const event = { metadata: step };
    const tally = tallyOf(
      { resourcePreEvent: event },
      { resourcePreEvent: event },
      { resOutputsEvent: event },
    );
    assert.deepEqual([tally.started, tally.finished, tally.current], [1, 1, step]);
  });

  it("counts a pack's policies over all resources and the stack", () => {
    const tally = tallyOf(
      { policyAnalyzeSummaryEvent: { policyPackName: "p", passed: ["a", "b"] } },
      { policyAnalyzeSummaryEvent: { policyPackName: "p", passed: ["b"], failed: ["c"] } },
      { policyAnalyzeStackSummaryEvent: { policyPackName: "p", passed: ["d"] } },
    );
    assert.deepEqual([...(tally.policies.get("p") ?? [])], ["a", "b", "c", "d"]);
  });

  it("keeps errors and drops debugging and passing messages", () => {
    const diagnostic = (severity: string, more = {}) => ({
      diagnosticEvent: { message: severity, severity, ...more },
    });
    const tally = tallyOf(diagnostic("debug"), diagnostic("info", { ephemeral: true }), diagnostic("error"));
    assert.deepEqual(
      tally.diagnostics.map(({ message }) => message),
      ["error"],
    );
    assert.equal(tally.errors.length, 1);
  });

  it("keeps lines that are no events", () => {
    const tally = new Tally();
    for (const line of ["error: no", "", "{ not JSON"]) tally.read(line);
    assert.deepEqual(tally.otherLines, ["error: no", "{ not JSON"]);
  });

  it("takes a name with colons whole", () => {
    assert.equal(urnName(urn), "site::assets");
  });
});
