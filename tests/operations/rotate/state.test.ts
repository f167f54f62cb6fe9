import assert from "node:assert/strict";
import type { StepEnd, Steps } from "../../../operations/rotate/function-log.ts";
import { stepEnd } from "../../../operations/rotate/function-log.ts";
import type { Secret } from "../../../operations/rotate/secrets.ts";
import { isEnd, stateOf } from "../../../operations/rotate/state.ts";

const version = (id: string, ...labels: string[]) => ({ id, labels, made: undefined });
const rotation = { functionArn: "", schedule: "", due: undefined, last: undefined };
const end = (result: string, isError: boolean): StepEnd => ({
  at: new Date(0),
  step: "setSecret",
  result,
  isError,
  message: undefined,
});

function state(
  secret: Partial<Secret>,
  steps: Steps = { ends: [] },
  wasStaged = true,
): ReturnType<typeof stateOf> {
  const known = {
    name: "s",
    arn: "a",
    made: undefined,
    current: version("old"),
    pending: undefined,
    rotation,
  };
  return stateOf({ ...known, ...secret }, "new", steps, wasStaged);
}

describe("operations/rotate/state", () => {
  const pending = version("new", "AWSPENDING");

  it("succeeds when the version is current, whatever was logged before", () => {
    assert.equal(state({ current: version("new") }, { ends: [end("failed", true)] }).kind, "succeeded");
  });

  it("runs while the version is pending and no step has failed, also where the log cannot be read", () => {
    assert.equal(state({ pending }).kind, "running");
    assert.equal(state({ pending }, { ends: [end("failed", true), end("done", false)] }).kind, "running");
    assert.equal(state({ pending }, { unknown: "no log" }).kind, "running");
  });

  it("tells failures that pass from those that do not", () => {
    for (const [code, kind] of [
      ["busy", "retrying"],
      ["out-of-time", "retrying"],
      ["not-working", "retrying"],
      ["wrong-shape", "failed"],
      ["tls-untrusted", "failed"],
      ["constructor", "failed"],
    ] as const)
      assert.equal(state({ pending }, { ends: [end(code, true)] }).kind, kind, code);
  });

  it("is abandoned when the label is gone or rotation is off, and not while the label may still come", () => {
    assert.equal(state({}).kind, "abandoned");
    assert.equal(state({ pending: version("third", "AWSPENDING") }).kind, "abandoned");
    assert.equal(state({ pending, rotation: undefined }).kind, "abandoned");
    assert.equal(state({}, { ends: [] }, false).kind, "running");
  });

  it("ends with success, failure or abandonment only", () => {
    const ends = [
      state({ current: version("new") }),
      state({}),
      state({ pending }, { ends: [end("wrong-shape", true)] }),
    ];
    assert.deepEqual(ends.map(isEnd), [true, true, true]);
    assert.equal(isEnd(state({ pending })), false);
  });
});

describe("operations/rotate/function-log", () => {
  const line = {
    level: "info",
    secret: "s",
    version: "v",
    step: "testSecret",
    result: "done",
    milliseconds: 3,
  };

  it("reads what the functions log, of this version only", () => {
    const at = new Date(7);
    assert.deepEqual(stepEnd(JSON.stringify(line), at, "v"), {
      at,
      step: "testSecret",
      result: "done",
      isError: false,
      message: undefined,
    });
    for (const other of [
      "v is mentioned",
      "null",
      '"v"',
      JSON.stringify({ ...line, version: "w" }),
      JSON.stringify({ version: "v" }),
    ])
      assert.equal(stepEnd(other, at, "v"), undefined);
  });
});
