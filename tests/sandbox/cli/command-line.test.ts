import assert from "node:assert/strict";
import { readCommandLine, withAbsoluteFiles } from "../../../sandbox/cli/command-line.ts";

describe("command line of npm run sandbox", () => {
  const stacks: readonly (readonly [line: string, stack: string | undefined])[] = [
    ["up --stack staging", "staging"],
    ["up --stack=staging --yes", "staging"],
    ["-s staging preview", "staging"],
    ["-sstaging preview", "staging"],
    ["stack select staging", "staging"],
    ["stack --stack a rm staging", "a"],
    ["cancel staging", "staging"],
    ["config set --stack staging key --plaintext value", "staging"],
    ["config set select staging", undefined],
    ["preview", undefined],
  ];
  for (const [line, stack] of stacks) {
    it(`reads the stack of "${line}" as ${stack ?? "none"}`, () => {
      assert.equal(readCommandLine(line.split(" ")).stack, stack);
    });
  }

  it("knows whose configuration is copied to which stack", () => {
    for (const line of ["config cp key --dest b --stack a", "config copy -d b --stack=a"]) {
      const { stack, destination, treatment } = readCommandLine(line.split(" "));
      assert.deepEqual([stack, destination, treatment.place], ["a", "b", "twin"]);
    }
    assert.equal(readCommandLine(["config", "get", "key"]).treatment.place, "project");
  });

  it("knows Pulumi's other names for a command", () => {
    for (const name of ["up", "update"]) {
      const { treatment } = readCommandLine([name]);
      assert.deepEqual([treatment.touches, treatment.policies, treatment.repairs], ["cloud", true, true]);
    }
    assert.equal(readCommandLine(["down"]).treatment.repairs, true);
    assert.equal(readCommandLine(["pre"]).treatment.policies, true);
  });

  it("runs commands that move or delete a stack's file where the committed one is not", () => {
    for (const line of ["stack init a", "stack rm a", "stack rename b", "state delete x"]) {
      assert.equal(readCommandLine(line.split(" ")).treatment.place, "twin");
    }
  });

  it("leaves a command alone that it does not know", () => {
    assert.deepEqual(readCommandLine(["whoami"]).treatment, { place: "project", touches: "none" });
  });

  it("sees that help is asked for, but not of the program behind --", () => {
    assert.equal(readCommandLine(["up", "--help"]).asksForHelp, true);
    assert.equal(readCommandLine(["config", "set", "key", "--", "--help"]).asksForHelp, false);
  });

  it("makes files absolute that are named for a command in another folder", () => {
    const args = withAbsoluteFiles(["stack", "export", "--file", "a.json", "--file=b.json", "--stack", "c"]);
    const here = process.cwd();
    assert.deepEqual(args, [
      "stack",
      "export",
      "--file",
      `${here}/a.json`,
      `--file=${here}/b.json`,
      "--stack",
      "c",
    ]);
  });

  it("refuses another folder, and the deletion of a committed file", () => {
    assert.throws(() => readCommandLine(["up", "--cwd", "x"]), /leave out --cwd/);
    assert.throws(() => readCommandLine(["destroy", "--remove"]), /stack rm/);
  });
});
