import assert from "node:assert/strict";
import { measure } from "../../bench/measure.ts";

const burn = (milliseconds: number) =>
  `let used = 0; while (used < ${milliseconds * 1000}) { const { user, system } = process.cpuUsage(); used = user + system; }`;

describe("bench/measure", () => {
  before(function () {
    if (process.platform !== "linux") this.skip();
  });

  it("counts the CPU time of a grandchild", async function () {
    this.timeout(60_000);
    const inner = `require("child_process").execFileSync(process.execPath, ["-e", ${JSON.stringify(burn(300))}])`;
    const outer = `require("child_process").execFileSync(process.execPath, ["-e", ${JSON.stringify(inner)}])`;
    const { cpuSeconds } = await measure({ words: [process.execPath, "-e", outer], cwd: "." });
    assert.ok(cpuSeconds >= 0.3, `${cpuSeconds} s`);
  });

  it("gives what was printed, and the memory held", async () => {
    const program = `console.log("here"); setTimeout(() => {}, 800)`;
    const { stdout, peakMiB } = await measure({ words: [process.execPath, "-e", program], cwd: "." });
    assert.equal(stdout, "here\n");
    assert.ok(peakMiB > 10, `${peakMiB} MiB`);
  });

  it("fails with what a failing command printed", async () => {
    const program = `console.error("no such stack"); process.exit(3)`;
    await assert.rejects(
      measure({ words: ["node", "-e", program], cwd: "." }),
      /^Error: node -e .* ended with 3:\nno such stack\n$/s,
    );
  });
});
