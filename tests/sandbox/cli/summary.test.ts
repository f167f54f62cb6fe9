import assert from "node:assert/strict";
import { stripVTControlCharacters } from "node:util";
import { Tally } from "../../../sandbox/cli/events.ts";
import { type StackResult, summaryText } from "../../../sandbox/cli/summary.ts";

const error = (message: string) => ({ diagnosticEvent: { message, severity: "error" } });

function tallyOf(...events: readonly object[]): Tally {
  const tally = new Tally();
  for (const event of events) tally.read(JSON.stringify(event));
  return tally;
}

function summary(result: Partial<StackResult>): string {
  const usual = {
    stack: "production",
    action: "up",
    tally: new Tally(),
    stderr: "",
    state: undefined,
  } as const;
  return stripVTControlCharacters(summaryText({ exitCode: 1, milliseconds: 1, ...usual, ...result }));
}

describe("summary of a stack", () => {
  it("says of an update that its preview refused that nothing was changed", () => {
    const tally = tallyOf({
      summaryEvent: { resourceChanges: { create: 23, update: 64, delete: 120, same: 9 }, PolicyPacks: null },
    });
    assert.match(
      summary({ tally, halt: "refused by its preview" }),
      /^✖ production: refused by its preview, nothing was changed \(would create 23, update 64, delete 120\)/,
    );
    assert.match(summary({ halt: "refused by its preview" }), /nothing was changed \(\d/);
  });

  it("leads from a protected resource to the documents about it", () => {
    for (const message of [
      'resource "urn" cannot be deleted\nbecause it is protected. To unprotect the resource, remove',
      'unable to replace resource "urn"\nas it is currently marked for protection.',
    ]) {
      const text = summary({ tally: tallyOf(error(message)), halt: "refused by its preview" });
      assert.match(text, /Next +docs\/scales\.md .*docs\/destroy\.md/);
      assert.doesNotMatch(text, /npm start/);
    }
  });

  it("leads from a protected stack to the document about destroying it", () => {
    const stderr = "Stack production is protected: Instance database hold what cannot be made again.";
    assert.match(summary({ stderr, action: "destroy" }), /Next +docs\/destroy\.md/);
  });

  it("offers the program's commands as ones that reach the sandbox", () => {
    const offered = [
      "1. macro-ai:scale is wrong: pulumi knows none.",
      "   Fix: pulumi config set macro-ai:scale hobby --stack staging",
      "   Or:  pulumi config rm macro-ai:scale --stack staging",
    ];
    const text = summary({ tally: tallyOf(error(offered.join("\n"))) });
    assert.match(text, /wrong: pulumi knows none\./);
    assert.match(text, / Fix: npm run sandbox -- config set macro-ai:scale hobby --stack staging\n/);
    assert.match(text, / Or: {2}npm run sandbox -- config rm macro-ai:scale --stack staging\n/);
  });

  it("asks to mend a failure before the command is run again", () => {
    assert.match(summary({ stderr: "no" }), /Next +mend the above, then npm start -- --stack production$/);
    assert.match(
      summary({ stderr: "no", action: "destroy" }),
      /mend the above, then npm start -- --stack production --destroy$/,
    );
  });

  it("has nothing to mend after an interruption", () => {
    assert.match(summary({ exitCode: 130 }), /Next +npm start -- --stack production$/);
  });

  const aftermath = [
    "failed to run remediation: context canceled\n",
    "failed to run policy: context canceled",
    "rpc error: code = Canceled desc = grpc: the client connection is closing",
  ];

  it("leaves out what follows from a failure", () => {
    const text = summary({ tally: tallyOf(error("the cause"), ...aftermath.map(error)) });
    assert.match(text, /the cause/);
    assert.doesNotMatch(text, /canceled|closing/);
  });

  it("leaves it out beside a violated policy as well", () => {
    const policyEvent = {
      message: "open",
      policyName: "p",
      policyPackName: "k",
      enforcementLevel: "mandatory",
    };
    const text = summary({ tally: tallyOf({ policyEvent }, ...aftermath.map(error)) });
    assert.match(text, /mandatory p\n +open/);
    assert.doesNotMatch(text, /canceled|closing/);
  });

  it("leaves it out after an interruption, which explains it", () => {
    const tally = tallyOf(error("failed to run remediation: context canceled"), error("no such key"));
    const text = summary({ tally, exitCode: 130 });
    assert.doesNotMatch(text, /canceled/);
    assert.match(text, /no such key/);
  });

  it("shows it where nothing else was said", () => {
    assert.match(
      summary({ tally: tallyOf(...aftermath.map(error)) }),
      /failed to run policy: context canceled/,
    );
  });
});
