import assert from "node:assert/strict";

describe("stacks/stack-traces", () => {
  it("leaves stack traces to Node, which tells the sources' own places", async () => {
    const { stackTraceLimit } = Error;
    Error.prepareStackTrace = () => "formatted by somebody";
    assert.equal(new Error("x").stack, "formatted by somebody");
    // Another address than the program's import, so that the module runs again.
    await import(`../../stacks/stack-traces.ts?of=${import.meta.filename}`);
    assert.match(new Error("x").stack ?? "", /^Error: x\n +at .*stack-traces\.test\.ts:10:18/);
    assert.equal(Error.stackTraceLimit, 4);
    Error.stackTraceLimit = stackTraceLimit;
  });
});
