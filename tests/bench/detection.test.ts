import assert from "node:assert/strict";
import { detectionText } from "../../bench/detection.ts";
import type { Detected, Fate } from "../../bench/policy-detect.ts";
import { mutantSets } from "../../bench/policy-mutants.ts";
import { reportText } from "../../bench/report.ts";
import type { Snapshot } from "../../policies/core/snapshot.ts";

const [bucket, topic] = ["aws:s3/bucket:Bucket", "aws:sns/topic:Topic"];

const fate = (shown: string, refused: boolean, type = bucket): Fate => ({ type, shown, refused });

const judged = (rules: number, own: Partial<Detected>): Detected => ({
  rules,
  alarms: [],
  fates: { worse: [], changed: [] },
  types: [bucket],
  ...own,
});

describe("what packs detect", () => {
  it("is told of all mutants and of those of the other pack's types, with false alarms", () => {
    const ours = judged(100, {
      fates: { worse: [fate("a", true), fate("b", true, topic)], changed: [fate("c", false)] },
    });
    const theirs = judged(25, {
      alarms: ["files: s3-logging: wrong"],
      fates: { worse: [fate("a", false), fate("b", false, topic)], changed: [fate("c", true)] },
    });
    const text = detectionText("staging", ours, theirs);
    assert.match(text, /ours, 100 rules +2 \/ 2 \(100\.0 %\) +1 \/ 1 \(100\.0 %\) +0 \/ 1 \(0\.0 %\) .* 0$/m);
    assert.match(
      text,
      /awsguard, 25 rules +0 \/ 2 \(0\.0 %\) +0 \/ 1 \(0\.0 %\) +1 \/ 1 \(100\.0 %\) .* 1$/m,
    );
    assert.match(text, /not refused by ours: 0\n {2}refused by awsguard and not by ours: 1\n {4}c\n/);
    assert.match(
      text,
      /false alarms of ours: 0\n {2}false alarms of awsguard: 1\n {4}files: s3-logging: wrong$/,
    );
  });

  it("names what survives ours, though nobody else refuses it", () => {
    const survivor = judged(100, { fates: { worse: [fate("kept open", false)], changed: [] } });
    assert.match(detectionText("staging", survivor, survivor), /not refused by ours: 1\n {4}kept open\n/);
  });

  it("comes without a table of times, where nothing was timed", () => {
    const none = { cases: [], comparisons: [], explained: [], stop: () => undefined };
    assert.equal(reportText({ title: "Detection", ...none }, new Map()), "Detection");
  });
});

describe("the mutants that packs judge", () => {
  const random = "random:index/randomPassword:RandomPassword";
  const resource = { secrets: [], custom: true };
  const snapshot: Snapshot = {
    occasion: { preview: false, stack: {} },
    configuration: {},
    declared: [
      {
        ...resource,
        urn: "urn:vpc",
        type: "aws:ec2/vpc:Vpc",
        name: "vpc",
        inputs: { cidrBlock: "10.0.0.0/16" },
      },
      {
        ...resource,
        urn: "urn:block",
        type: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
        name: "block",
        inputs: { bucket: "files", blockPublicAcls: true },
      },
      { ...resource, custom: false, urn: "urn:c", type: "macro-ai:components:Vpc", name: "c", inputs: {} },
    ],
    finished: [
      {
        urn: "urn:p",
        type: random,
        name: "p",
        custom: true,
        outputs: { result: "pa55" },
        propertyDependencies: {},
      },
    ],
  };

  it("are made worse where the name tells how, without what does no harm", () => {
    const shown = mutantSets(snapshot).worse.map(({ resource, title }) => `${resource.name}: ${title}`);
    assert.deepEqual(shown, [
      "vpc: leak a secret into tags",
      "block: invert blockPublicAcls",
      "block: remove blockPublicAcls",
      "block: remove the resource",
    ]);
  });

  it("are merely changed in all that is set", () => {
    const changes = mutantSets(snapshot).changed.map(({ title, inputs }) => [title, inputs]);
    assert.deepEqual(changes, [
      ["remove cidrBlock", {}],
      ["remove blockPublicAcls", { bucket: "files" }],
      ["turn blockPublicAcls", { bucket: "files", blockPublicAcls: false }],
      ["remove bucket", { blockPublicAcls: true }],
    ]);
  });
});
