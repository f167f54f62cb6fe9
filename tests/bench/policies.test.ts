import assert from "node:assert/strict";
import { judgementText } from "../../bench/policies.ts";
import type { Judged } from "../../bench/policy-judge.ts";
import { generated, recorded } from "../../bench/policy-stacks.ts";

const round = (milliseconds: number, rules: number): Judged[] => [
  { stack: "production", resources: 300, rules, milliseconds },
];

describe("the packs' judgements", () => {
  it("are told a resource, and a rule in proportion, round by round", () => {
    const ours = [round(0.2, 100), round(0.4, 100), round(0.3, 100)];
    const theirs = [round(0.1, 25), round(0.2, 25), round(0.1, 25)];
    assert.equal(
      judgementText(ours, theirs),
      [
        "Policies: milliseconds of CPU",
        "  production, 300 resources: 0.30 (0.20-0.40) ms a resource with 100 rules (<= 1.5: met);",
        "    awsguard 0.10 (0.10-0.20) ms with 25 rules;",
        "    a rule, ours / awsguard: 0.500 (0.500-0.750) (< 1: met)",
      ].join("\n"),
    );
  });

  it("say what misses its target", () => {
    const text = judgementText([round(2, 10)], [round(1, 10)]);
    assert.match(text, /<= 1\.5: missed/);
    assert.match(text, /2\.000 \(2\.000-2\.000\) \(< 1: missed\)/);
  });
});

describe("the stacks that packs judge", () => {
  it("are generated of any size, each resource asked about alone and in the stack", () => {
    const { resources, stack } = generated(200);
    assert.equal(resources.length, 200);
    assert.equal(new Set(resources.map((resource) => resource.getUrn())).size, 200);
    // The stack itself is a resource of it.
    assert.equal(stack.getResourcesList().length, 201);
  });

  it("are taken from what the engine showed, with what values come from", () => {
    const resource = { urn: "urn:a", type: "aws:s3/bucket:Bucket", name: "a", custom: true };
    const { resources, stack } = recorded({
      occasion: { preview: true, stack: {} },
      configuration: {},
      declared: [{ ...resource, inputs: { tags: { owner: "me" } }, secrets: [] }],
      finished: [{ ...resource, outputs: { bucket: "b" }, propertyDependencies: { bucket: ["urn:b"] } }],
    });
    assert.deepEqual(resources[0]?.getProperties()?.toJavaScript(), { tags: { owner: "me" } });
    const [finished] = stack.getResourcesList();
    assert.deepEqual(finished?.getProperties()?.toJavaScript(), { bucket: "b" });
    assert.deepEqual(finished.getPropertydependenciesMap().get("bucket")?.getUrnsList(), ["urn:b"]);
  });
});
