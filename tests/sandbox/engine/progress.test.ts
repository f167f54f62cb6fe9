import assert from "node:assert/strict";

import { progressLine, progressTo } from "../../../sandbox/engine/progress.ts";

describe("progress", () => {
  it("reads as a line", () => {
    assert.equal(
      progressLine({ task: "compiling", done: 5, total: 20, secondsLeft: 200 }),
      "compiling: 5 of 20, about 3 min left",
    );
    assert.equal(
      progressLine({ task: "compiling", done: 5, total: 20, secondsLeft: 61 }),
      "compiling: 5 of 20, about 61 s left",
    );
    assert.equal(
      progressLine({ task: "compiling", done: 20, total: 20, secondsLeft: 0 }),
      "compiling: 20 of 20",
    );
    assert.equal(
      progressLine({ task: "fetching", done: 7, total: 0, secondsLeft: 9 }),
      "fetching: 7, about 9 s left",
    );
    assert.equal(progressLine({ task: "waiting", done: 0, total: 1 }), "waiting");
  });

  const written = (isTTY: boolean): string => {
    let text = "";
    const stream = { isTTY, write: (chunk: string) => (text += chunk) } as unknown as NodeJS.WriteStream;
    const report = progressTo(stream);
    for (const done of [0, 1, 2]) report({ task: "a", done, total: 9 });
    for (const done of [0, 1]) report({ task: "b", done, total: 1 });
    return text.replaceAll("\r\u001b[2K", "<again>");
  };

  it("is one changing line a task on a terminal", () => {
    assert.equal(written(true), "a: 0 of 9<again>a: 1 of 9<again>a: 2 of 9\nb<again>b\n");
  });

  it("is few plain lines elsewhere", () => {
    assert.equal(written(false), "a: 0 of 9\nb\nb\n");
  });
});
