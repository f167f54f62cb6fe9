import assert from "node:assert/strict";
import { memoryOf, parseStat, type ProcessSample, ProcessTree, sampleAll } from "../../bench/process-tree.ts";

const line =
  "4711 (odd) name (x)) S 42 4711 4711 0 -1 4194304 100 200 0 0 " +
  "150 50 300 25 20 0 11 0 987654 1000000 2560 18446744073709551615 1 1 0 0 0 0 0 0 0 0 0 0 17 1 0 0 0 0 0";

function sample(pid: number, parent: number, more: Partial<ProcessSample> = {}): ProcessSample {
  return { pid, parent, started: pid, cpuSeconds: 1, reapedSeconds: 0, ...more };
}

function treeOf(root: number, memory: (pid: number) => number = () => 10): ProcessTree {
  return new ProcessTree(root, { command: (pid) => `command ${pid}`, memory });
}

describe("bench/process-tree", () => {
  it("reads what the kernel says of a process, whatever its name looks like", () => {
    assert.deepEqual(parseStat(line), {
      pid: 4711,
      parent: 42,
      started: 987654,
      cpuSeconds: 2,
      reapedSeconds: 3.25,
    });
  });

  it("follows grandchildren and leaves strangers out", () => {
    const tree = treeOf(1);
    tree.observe([sample(3, 2), sample(9, 8), sample(1, 0), sample(2, 1)], 5);
    assert.deepEqual(tree.processes.map(({ command }) => command).toSorted(), [
      "command 1",
      "command 2",
      "command 3",
    ]);
  });

  it("keeps the most memory held at one moment, not the sum of each process's own most", () => {
    const memory = new Map([
      [1, 100],
      [2, 10],
    ]);
    const tree = treeOf(1, (pid) => memory.get(pid) ?? 0);
    tree.observe([sample(1, 0), sample(2, 1), sample(9, 8)], 0);
    tree.weigh();
    memory.set(1, 20).set(2, 60);
    tree.weigh();
    assert.equal(tree.peakMiB, 110);
  });

  it("keeps what it saw last of a process that has ended, and when that was", () => {
    const tree = treeOf(1);
    tree.observe([sample(1, 0), sample(2, 1, { cpuSeconds: 1 })], 10);
    tree.observe([sample(1, 0), sample(2, 1, { cpuSeconds: 4 })], 20);
    tree.observe([sample(1, 0)], 30);
    assert.deepEqual(tree.processes[1], { command: "command 2", cpuSeconds: 4, firstSeen: 10, lastSeen: 20 });
    assert.equal(tree.orphanedSeconds, 0);
  });

  it("counts a process that outlived its parent, with all that it waited for", () => {
    const tree = treeOf(1);
    tree.observe([sample(1, 0), sample(2, 1), sample(3, 2)], 0);
    tree.observe([sample(1, 0), sample(3, 999, { cpuSeconds: 5, reapedSeconds: 2 })], 1);
    assert.equal(tree.orphanedSeconds, 7);
  });

  it("takes a process that got the number of an ended one for another", () => {
    const tree = treeOf(1);
    tree.observe([sample(1, 0), sample(2, 1)], 0);
    tree.observe([sample(1, 0), sample(2, 77, { started: 500 })], 1);
    assert.equal(tree.processes.length, 2);
  });

  it("sees this very process", function () {
    if (process.platform !== "linux") this.skip();
    const own = sampleAll().find(({ pid }) => pid === process.pid);
    assert.equal(own?.parent, process.ppid);
    assert.ok(memoryOf(process.pid) > 10);
  });
});
