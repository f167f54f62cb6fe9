import assert from "node:assert/strict";

import {
  optionEnvironment,
  parseOptions,
  splitWords,
} from "../../../sandbox/engine/language-host/options.ts";

describe("the language host's runtime options", () => {
  it("default to the SDK's ts-node, as in the stock host", () => {
    assert.deepEqual(parseOptions({}), { typescript: true, nodeargs: [] });
    assert.deepEqual(optionEnvironment(parseOptions({})), { PULUMI_NODEJS_TYPESCRIPT: "true" });
  });

  it("pass on what is set, and leave out an empty tsconfig", () => {
    const options = parseOptions({
      typescript: false,
      tsconfig: "other.json",
      nodeargs: "--a --b=1",
      packagemanager: "npm",
    });
    assert.deepEqual(options, { typescript: false, tsconfig: "other.json", nodeargs: ["--a", "--b=1"] });
    assert.deepEqual(optionEnvironment(options), { PULUMI_NODEJS_TSCONFIG_PATH: "other.json" });
    assert.deepEqual(optionEnvironment(parseOptions({ typescript: false, tsconfig: "" })), {});
  });

  it("must have the right kind; all problems are told at once", () => {
    assert.throws(() => parseOptions({ typescript: "no", nodeargs: ["--a"] }), {
      message: `runtime option "typescript" must be a boolean, not "no"; runtime option "nodeargs" must be a string, not ["--a"]`,
    });
  });

  it("are split into words as a shell does", () => {
    assert.deepEqual(splitWords(` --a  '--b=x y' "--c=\\"q\\"" --d=1' '2 e\\ f '' `), [
      "--a",
      "--b=x y",
      `--c="q"`,
      "--d=1 2",
      "e f",
      "",
    ]);
    assert.deepEqual(splitWords(""), []);
  });
});
