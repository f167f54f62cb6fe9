import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import type { JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import { readStruct, type Reading, writeStruct } from "../../../sandbox/cloud/struct-bytes.ts";

const asItIs: Reading = { text: (text) => text, object: (fields) => fields };
const same = (value: unknown): unknown => value;

/** A key that plain objects treat as their own business has no place among the properties of resources. */
const key = fc.string({ unit: "binary" }).filter((text) => text !== "__proto__");
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.string({ unit: "binary" }),
    fc.double({ noNaN: true }),
    fc.boolean(),
    fc.array(tie("value")),
    fc.array(fc.constant(null)),
    fc.dictionary(key, tie("value"), { noNullPrototype: true }),
  ),
}));
const object = fc.dictionary(key, value, { noNullPrototype: true }) as fc.Arbitrary<
  Record<string, JavaScriptValue>
>;

function bytesOf(fields: Record<string, JavaScriptValue>): Uint8Array {
  return struct.Struct.fromJavaScript(fields).serializeBinary();
}

describe("sandbox/cloud/struct-bytes", () => {
  it("reads what protobuf's own library writes", () => {
    fc.assert(fc.property(object, (fields) => assert.deepEqual(readStruct(bytesOf(fields), asItIs), fields)));
  });

  it("writes what protobuf's own library reads", () => {
    fc.assert(
      fc.property(object, (fields) => {
        const written = struct.Struct.deserializeBinary(writeStruct(fields, same));
        assert.deepEqual(written.toJavaScript(), fields);
      }),
    );
  });

  it("writes more than it has room for at first, with lengths of several bytes", () => {
    const numbers = Array.from({ length: 100_000 }, (_, index) => index);
    const fields = { numbers, text: "é".repeat(1_000_000) };
    const bytes = writeStruct(fields, same);
    assert.ok(bytes.equals(bytesOf(fields)));
    assert.ok(isDeepStrictEqual(readStruct(bytes, asItIs), fields));
  });

  it("leaves out what is nothing, except in lists", () => {
    const bytes = writeStruct({ a: null, b: undefined, c: [null, undefined, { d: null }] }, same);
    assert.deepEqual(struct.Struct.deserializeBinary(bytes).toJavaScript(), { c: [null, null, {}] });
    assert.deepEqual(readStruct(bytesOf({ a: null, c: [null, { d: null }] }), asItIs), { c: [null, {}] });
  });

  it("reads only the wanted fields, and these like all others", () => {
    const bytes = bytesOf({ a: "1", b: { a: "2", c: "3" }, c: "4" });
    assert.deepEqual(readStruct(bytes, asItIs, ["b", "missing"]), { b: { a: "2", c: "3" } });
  });

  it("asks what texts and objects become, from the inside to the outside", () => {
    const reading: Reading = {
      text: (text) => (text === "?" ? undefined : text.toUpperCase()),
      object: (fields) => fields["inner"] ?? fields,
    };
    const bytes = bytesOf({ a: "x", b: "?", c: ["?", { inner: { inner: "y" } }] });
    assert.deepEqual(readStruct(bytes, reading), { a: "X", c: [null, "Y"] });
  });

  it("passes over fields that a later protobuf may add, of every wire type", () => {
    const added = [0x78, 0x96, 0x01, 0x79, 1, 2, 3, 4, 5, 6, 7, 8, 0x7a, 2, 0x0a, 0xff, 0x7d, 1, 2, 3, 4];
    const known = bytesOf({ a: "x" });
    assert.deepEqual(readStruct(Uint8Array.from([...added, ...known, ...added]), asItIs), { a: "x" });
  });

  it("refuses bytes that are cut off or no struct", () => {
    const bytes = bytesOf({ name: "a longer text" });
    for (let length = 1; length < bytes.length; length++)
      assert.throws(() => readStruct(bytes.subarray(0, length), asItIs), RangeError, String(length));
    assert.throws(() => readStruct(Uint8Array.from([0x0b, 1]), asItIs), /wire type 3/);
  });
});
