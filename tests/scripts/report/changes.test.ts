import assert from "node:assert/strict";
import { byComponent, changesOf, losses } from "../../../scripts/report/changes.ts";
import { HIDDEN, type Step } from "../../../scripts/report/preview.ts";
import { STATEFUL } from "../../../scripts/report/stateful.ts";
import { propertyText } from "../../../scripts/report/words.ts";
import { changed, created, deleted, preview, same, stackUrn, state, UNKNOWN, urnOf } from "./previews.ts";

const bucket = "aws:s3/bucket:Bucket";
const topic = "aws:sns/topic:Topic";

/** The only change's properties as a person reads them. */
function said(before: object, after: object, more: Partial<Step> = {}): string[] {
  const step = changed(
    "update",
    state(topic, "t", { inputs: { ...before } }),
    state(topic, "t", { inputs: { ...after } }),
    more,
  );
  const [change] = changesOf(preview([step]));
  return (change?.properties ?? []).map(propertyText);
}

describe("the changes of a preview", () => {
  it("begin with what is lost, in each component and among components", () => {
    const component = {
      urn: urnOf("shop:Files", "files"),
      type: "shop:Files",
      custom: false,
      parent: stackUrn,
    };
    const inside = { parent: component.urn };
    const all = changesOf(
      preview([
        created(state(topic, "new")),
        same(component),
        changed(
          "update",
          state(topic, "u", { ...inside, inputs: { a: 1 } }),
          state(topic, "u", { ...inside, inputs: { a: 2 } }),
        ),
        created(state(topic, "c", inside)),
        deleted(state(topic, "d", inside)),
        changed("replace", state(topic, "r", inside), state(topic, "r", inside)),
        deleted(state(bucket, "b", inside)),
      ]),
    );
    assert.deepEqual(
      losses(all).map(({ resource, loses }) => [resource, loses]),
      [['s3 Bucket "b"', STATEFUL[bucket]]],
    );
    assert.deepEqual(
      byComponent(all).map(({ component: name, changes }) => [name, changes.map(({ kind }) => kind)]),
      [
        ['Files "files"', ["delete", "delete", "replace", "create", "update"]],
        ["The stack itself", ["create"]],
      ],
    );
    assert.equal(byComponent(all)[0]?.changes[0]?.resource, 's3 Bucket "b"');
  });

  it("take the parts of a replacement for one, and lose what it held", () => {
    const [old, now] = [
      state(bucket, "b", { inputs: { name: "x" } }),
      state(bucket, "b", { inputs: { name: "y" } }),
    ];
    const diff = { detailedDiff: { name: { kind: "update-replace", inputDiff: true } } };
    const parts = [
      changed("create-replacement", old, now, diff),
      changed("replace", old, now, diff),
      { op: "delete-replaced", urn: old.urn, oldState: old },
    ];
    for (const steps of [parts, parts.slice(1, 2), [{ ...deleted(old) }, created(now)]]) {
      const [change, ...others] = changesOf(preview(steps));
      assert.equal(others.length, 0);
      assert.equal(change?.kind, "replace");
      assert.equal(change.loses, STATEFUL[bucket]);
    }
    assert.deepEqual(changesOf(preview(parts))[0]?.properties.map(propertyText), [
      "name: x → y (forces the replacement)",
    ]);
  });

  it("lose nothing that AWS keeps when Pulumi lets go of it", () => {
    const [change] = changesOf(preview([deleted(state(bucket, "b", { retainOnDelete: true }))]));
    assert.equal(change?.loses, undefined);
    assert.equal(change?.kept, true);
  });

  it("show a protection that goes, though the engine calls the resource the same", () => {
    const [old, now] = [state(bucket, "b", { protect: true }), state(bucket, "b")];
    const [change] = changesOf(preview([changed("same", old, now)]));
    assert.deepEqual(change?.properties.map(propertyText), ["(option protect): true → false"]);
    assert.deepEqual(changesOf(preview([same(old)])), []);
  });

  it("show each property with what it was and will be, in lists and in JSON, too", () => {
    assert.deepEqual(said({ a: 1, gone: "x" }, { a: 2, added: ["y"] }), [
      "a: 1 → 2",
      "gone: removed, was x",
      'added: added, ["y"]',
    ]);
    assert.deepEqual(said({ zones: ["a", "b", "c"] }, { zones: ["b", "c", "d"] }), ["zones[2]: a → d"]);
    assert.deepEqual(said({ zones: ["a", "b"] }, { zones: ["b", "a"] }), [
      "zones: (in another order) → (the same in a new order)",
    ]);
    const policy = (action: string) => JSON.stringify({ Statement: [{ Sid: "Read" }, { Action: action }] });
    assert.deepEqual(said({ policy: policy("s3:Get") }, { policy: policy("s3:*") }), [
      "policy.Statement[1].Action: s3:Get → s3:*",
    ]);
    assert.deepEqual(said({ vpc: "vpc-1" }, { vpc: UNKNOWN }), ["vpc: vpc-1 → (known after the update)"]);
    assert.match(said({ text: "a" }, { text: "b".repeat(500) })[0] ?? "", /^text: a → b{159}…$/);
  });

  it("follow the engine's own paths, and say a tag once", () => {
    const diff = {
      "tags.Name": { kind: "update" },
      "tagsAll.Name": { kind: "update" },
      'labels["a.b"]': { kind: "add" },
    };
    const before = { tags: { Name: "x" }, other: 1 };
    const after = { tags: { Name: "y" }, labels: { "a.b": "z" }, other: 2 };
    assert.deepEqual(said(before, after, { detailedDiff: diff }), [
      "tags.Name: x → y",
      'labels["a.b"]: added, z',
    ]);
  });

  it("count the values of a change that nobody would read", () => {
    const many = (value: number) =>
      Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`k${at}`, value]));
    const diff = { detailedDiff: { body: { kind: "update", inputDiff: true } } };
    assert.deepEqual(said({ body: many(1) }, { body: many(2) }, diff), [
      "body: (30 values within it), changes",
    ]);
  });

  it("tell that a secret changes, and not into what", () => {
    const diff = { detailedDiff: { value: { kind: "update", inputDiff: true } } };
    assert.deepEqual(said({ value: HIDDEN }, { value: HIDDEN }, diff), [`value: ${HIDDEN}, changes`]);
  });
});
