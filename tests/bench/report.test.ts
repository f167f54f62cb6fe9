import assert from "node:assert/strict";
import type { Benchmark } from "../../bench/benchmark.ts";
import type { Measurement } from "../../bench/measure.ts";
import { reportText, roleOf } from "../../bench/report.ts";

const command = { words: ["true"], cwd: "." } as const;

function run(cpuSeconds: number, more: Partial<Measurement> = {}): Measurement {
  return { wallSeconds: 2 * cpuSeconds, cpuSeconds, peakMiB: 100, processes: [], stdout: "", ...more };
}

const benchmark: Benchmark = {
  title: "Preview",
  cases: [
    { name: "empty", command },
    { name: "production", command },
  ],
  comparisons: [{ of: "production", over: "empty", target: 2.5 }],
  explained: ["production"],
  stop: () => undefined,
};

describe("bench/report", () => {
  it("says whether a target is met, by CPU seconds", () => {
    const text = reportText(
      benchmark,
      new Map([
        ["empty", [run(1), run(2)]],
        ["production", [run(2), run(4)]],
      ]),
    );
    assert.match(text, /production \/ empty +2\.00 \(2\.00-2\.00\) +2\.00 \(2\.00-2\.00\) +<= 2\.5: met/);
  });

  it("says so when one is missed, and when memory is over its limit", () => {
    const text = reportText(
      benchmark,
      new Map([
        ["empty", [run(1)]],
        ["production", [run(3, { peakMiB: 2000 })]],
      ]),
    );
    assert.match(text, /<= 2\.5: missed/);
    assert.match(text, /2000, over 1536/);
  });

  it("adds what a benchmark reads from its commands' own words", () => {
    const figures: Benchmark["figures"] = (measurements) =>
      `it said ${measurements.get("empty")?.[0]?.stdout ?? ""}`;
    const runs = new Map([
      ["empty", [run(1, { stdout: "seven" })]],
      ["production", [run(1)]],
    ]);
    assert.match(reportText({ ...benchmark, explained: [], figures }, runs), /\n\nit said seven$/);
  });

  it("tells time apart by what processes do", () => {
    const processes = [
      { command: "/cache/pulumi preview", cpuSeconds: 1, firstSeen: 0, lastSeen: 4000 },
      {
        command: "node /x/@pulumi/pulumi/cmd/run/index.js .",
        cpuSeconds: 3,
        firstSeen: 1000,
        lastSeen: 3500,
      },
    ];
    const text = reportText(
      benchmark,
      new Map([
        ["empty", [run(1)]],
        ["production", [run(4, { processes })]],
      ]),
    );
    assert.match(text, /program: import, evaluation, registration +3\.00 \(3\.00-3\.00\) +75 % +1\.0-3\.5/);
    assert.match(text, /Pulumi's engine and CLI +1\.00 \(1\.00-1\.00\) +25 % +0\.0-4\.0/);
  });

  it("knows each process of a deployment by its command line", () => {
    const commands = {
      "node /p/node_modules/@pulumi/pulumi/cmd/run-policy-pack/index.js 127.0.0.1:1 policies": "policy pack",
      "node /p/node_modules/@pulumi/pulumi/cmd/run/index.js --monitor=1 .":
        "program: import, evaluation, registration",
      "node /p/sandbox/engine/language-host/main.ts 127.0.0.1:1": "language host",
      "/usr/bin/pulumi-language-nodejs 127.0.0.1:1": "language host",
      "pulumi preview --stack production": "Pulumi's engine and CLI",
      "node sandbox/cli/run-start.ts": "sandbox: stand-in cloud and its command",
      "node sandbox/cli/run.js start": "sandbox: stand-in cloud and its command",
      "npm start": "npm",
      "sh -c something": "other",
    };
    for (const [line, role] of Object.entries(commands)) assert.equal(roleOf(line), role, line);
  });
});
