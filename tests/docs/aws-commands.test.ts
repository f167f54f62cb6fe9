import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import * as z from "zod";
import { pythonProgram } from "../rotation/servers/python.ts";
import { optionsOf, type Typed, typedToAws } from "./commands.ts";

const answers = z.array(z.object({ code: z.number().nullable(), out: z.string(), err: z.string() }));
type Answer = z.infer<typeof answers>[number];

/** What is no call of an interface of AWS, or version 2's alone, with the options that it has. */
const apart: Readonly<Record<string, readonly string[]>> = {
  "logs tail": ["--since", "--follow", "--filter-pattern", "--format"],
  "ssm start-session": ["--target", "--document-name", "--parameters"],
  "s3 cp": ["--recursive", "--version-id"],
  "s3 ls": ["--recursive"],
  "cloudtrail validate-logs": ["--trail-arn", "--start-time", "--end-time"],
  "rds wait": ["--region", "--db-snapshot-identifier"],
};

const nameOf = ({ words }: Typed): string => words.slice(1, 3).join(" ");

/** With something in place of what a shell or a reader fills in. */
function filledIn({ words }: Typed): string[] {
  return words.slice(1).flatMap((word, at) => {
    const option = words[at]?.startsWith("--") ? words[at] : "";
    // Options that stand in a variable.
    if (at > 1 && option === "" && /^\$[A-Z]+$/.test(word)) return [];
    if (option.endsWith("-time")) return ["2026-11-23T08:00:00Z"];
    const plain = word.replaceAll('\\"', '"');
    if (option === "--query") return [plain];
    if (plain === "ARN") return ["arn:aws:acm:us-east-1:123456789012:certificate/filled"];
    if (/^(?:file:\/\/)?\/dev\//.test(plain)) return ["filled"];
    return [plain.replaceAll(/\$\([^)]*\)|\$\{[^}]*\}|\$\w+|<[^>]*>/g, "filled")];
  });
}

/** Whether something that the query asks for is not in the answer: AWS's command line then says null. */
const hasGaps = ({ out }: Answer, { words }: Typed): boolean =>
  words.includes("--query") && /\bnull\b|\bNone\b/.test(out);

describe("AWS's commands in the documentation", function () {
  this.timeout(10 * 60_000); // the first time its command line is fetched

  const said = new Map<Typed, Answer>();
  const all = [...typedToAws.whole, ...typedToAws.named].filter((one) => !(nameOf(one) in apart));
  before(async () => {
    const asked = promisify(execFile)(
      await pythonProgram("python with awscli"),
      [join(import.meta.dirname, "aws-commands.py")],
      {
        env: { AWS_ACCESS_KEY_ID: "none", AWS_SECRET_ACCESS_KEY: "none", AWS_CONFIG_FILE: "/dev/null" },
        maxBuffer: 64 * 1024 * 1024,
      },
    );
    asked.child.stdin?.end(JSON.stringify(all.map(filledIn)));
    const told = answers.parse(JSON.parse((await asked).stdout));
    for (const [at, answer] of told.entries()) {
      const one = all[at];
      if (one) said.set(one, answer);
    }
  });

  const problems = (commands: readonly Typed[], isFine: (answer: Answer, one: Typed) => boolean): string[] =>
    commands.flatMap((one) => {
      const answer = said.get(one);
      if (answer === undefined || isFine(answer, one)) return [];
      return [
        `${one.page}: ${one.text}: ${answer.err.trim().split("\n").at(-1) ?? ""}${answer.out.slice(0, 200)}`,
      ];
    });
  /** AWS's command line knows the command, and misses only what a variable or the reader adds. */
  const lacksOnly = ({ err }: Answer): boolean =>
    /the following arguments are required|Missing required/.test(err);

  it("are taken as they stand, and their queries find something", () => {
    assert.ok(typedToAws.whole.length > 50);
    assert.deepEqual(
      problems(typedToAws.whole, (answer, one) =>
        answer.code === 0
          ? !hasGaps(answer, one)
          : lacksOnly(answer) && one.words.some((word) => /^\$[A-Z]+$/.test(word)),
      ),
      [],
    );
  });

  it("that a sentence names are there", () => {
    assert.deepEqual(
      problems(typedToAws.named, (answer) => answer.code === 0 || lacksOnly(answer)),
      [],
    );
  });

  it("that are no calls of an interface have the options given", () => {
    const wrong = [...typedToAws.whole, ...typedToAws.named].flatMap((one) => {
      const known = apart[nameOf(one)];
      const strange = optionsOf(one.words).filter((option) => known !== undefined && !known.includes(option));
      return strange.map((option) => `${one.page}: ${one.text}: ${option}`);
    });
    assert.deepEqual(wrong, []);
  });
});
