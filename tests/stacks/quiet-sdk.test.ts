import assert from "node:assert/strict";

describe("stacks/quiet-sdk", () => {
  it("leaves stack traces to Node, which tells the sources' own places", async () => {
    Error.prepareStackTrace = () => "formatted by somebody";
    assert.equal(new Error("x").stack, "formatted by somebody");
    // Another address than the program's import, so that the module runs again.
    await import(`../../stacks/quiet-sdk.ts?of=${import.meta.filename}`);
    assert.match(new Error("x").stack ?? "", /^Error: x\n +at .*quiet-sdk\.test\.ts:9:18/);
  });
});
