import assert from "node:assert/strict";
import { readReportOptions } from "../../../scripts/report/options.ts";

describe("the options of npm run report", () => {
  it("are production against main in the sandbox, unless told otherwise", () => {
    assert.deepEqual(readReportOptions([]), { stack: "production", base: "main", out: "change-report" });
    const given = ["--stack", "staging", "--preview", "p.json", "--snapshot", "s.json", "--out", "o"];
    assert.deepEqual(readReportOptions(given), {
      stack: "staging",
      base: "main",
      preview: "p.json",
      snapshot: "s.json",
      out: "o",
    });
  });

  const refusals: Record<string, RegExp> = {
    "--preview p.json --base main": /--base and --preview exclude each other.*Leave one out/,
    "--snapshot s.json": /--snapshot belongs to --preview.*Add --preview/,
    "--stak staging": /unknown option '--stak'[\s\S]*Did you mean --stack[\s\S]*--help/,
    production: /too many arguments.*npm run report -- --help/s,
  };
  for (const [args, said] of Object.entries(refusals)) {
    it(`refuse ${args}`, () => {
      assert.throws(() => readReportOptions(args.split(" ")), said);
    });
  }
});
