import assert from "node:assert/strict";
import { HIDDEN, parsePreview, readPreview } from "../../../scripts/report/preview.ts";
import { created, preview, state } from "./previews.ts";

const parse = (value: unknown, secretKeys: readonly string[] = []) =>
  parsePreview(typeof value === "string" ? value : JSON.stringify(value), "given.json", "live", secretKeys);

describe("a preview for a report", () => {
  const makeOne = "pulumi preview --json --show-sames --stack live";
  const refusals: Record<string, [given: unknown, said: RegExp]> = {
    "text that is no JSON": ["Previewing update (live)", /given\.json is not JSON\. To make one/],
    "an empty file": ["\n", /given\.json is empty: the preview ended before it printed anything/],
    "a Terraform plan": [{ format_version: "1.2", resource_changes: [] }, /looks like a Terraform plan/],
    "a state": [{ version: 3, deployment: {} }, /looks like a state, as pulumi stack export prints it/],
    "what the policy pack records": [{ declared: [], finished: [] }, /that is for --snapshot/],
    "JSON of nobody knows what": [{ a: 1 }, /not what pulumi preview --json prints\. To make one/],
    "the engine's events": [
      '{"sequence":0,"preludeEvent":{}}\n{"sequence":1}',
      /unset PULUMI_ENABLE_STREAMING_JSON_PREVIEW/,
    ],
    "a single event": [{ sequence: 0, resourcePreEvent: {} }, /the engine's events/],
    "another stack's": [
      { steps: [{ op: "same", urn: "urn:pulumi:staging::shop::pulumi:pulumi:Stack::shop-staging" }] },
      /previews the stack staging, not live\. Name it \(--stack staging\)/,
    ],
    "one without what stays the same": [
      { ...preview([]), changeSummary: { same: 12 } },
      /leaves out what stays the same, and with it the network, the cost and the picture/,
    ],
  };
  for (const [name, [given, said]] of Object.entries(refusals)) {
    it(`refuses ${name}, and says how to make one`, () => {
      assert.throws(
        () => parse(given),
        (error: Error) => {
          assert.match(error.message, said);
          assert.ok(error.message.includes(makeOne), error.message);
          return error.name === "UserError";
        },
      );
    });
  }

  it("refuses a file that is not there", async () => {
    await assert.rejects(
      readPreview("nowhere.json", "live"),
      /There is no preview nowhere\.json\. To make one: pulumi/,
    );
  });

  it("refuses one that shows secrets, and does not show them", () => {
    const shown = { ...preview([]), config: { "shop:key": "hunter2-hunter2" } };
    assert.throws(
      () => parse(shown, ["shop:key"]),
      (error: Error) => {
        assert.match(
          error.message,
          /shows secrets \(shop:key\): it was made with --show-secrets\. Delete it\./,
        );
        assert.doesNotMatch(error.message, /hunter2/);
        return true;
      },
    );
    assert.doesNotThrow(() => parse({ ...shown, config: { "shop:key": HIDDEN } }, ["shop:key"]));
  });

  it("hides what the engine marks, wherever it is, and what the program calls secret", () => {
    const marked = {
      "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
      plaintext: '"open-sesame"',
    };
    const { steps } = parse(
      preview([
        created(
          state("aws:ssm/parameter:Parameter", "key", {
            inputs: { list: [{ deep: marked }], value: "open-sesame", none: null },
            outputs: { value: "open-sesame", none: null },
            additionalSecretOutputs: ["value", "none"],
          }),
        ),
      ]),
    );
    assert.deepEqual(steps[1]?.newState?.inputs, { list: [{ deep: HIDDEN }], value: HIDDEN, none: null });
    assert.deepEqual(steps[1].newState.outputs, { value: HIDDEN, none: null });
  });
});
