import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import manifest from "../../package.json" with { type: "json" };
import { commandOf, optionsOf, pulumiWords, typed } from "./commands.ts";
import { inTurns } from "./in-turns.ts";
import { checkout } from "./pages.ts";

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The project's own scripts by name, with their file and its first words; the others are ESLint's, Mocha's and so on. */
const scripts = new Map(
  Object.entries(manifest.scripts)
    .filter(([, command]) => command.startsWith("node "))
    .map(([name, command]) => [name, command.split(" ").slice(1)]),
);

/** Shared by the scripts, which load much of the same. */
let compileCache: string;

async function run(script: string, ...options: string[]): Promise<Ended> {
  const [file = "", ...words] = scripts.get(script) ?? [];
  const own = words.filter((word) => !word.startsWith("-"));
  try {
    const { stdout, stderr } = await promisify(execFile)(
      process.execPath,
      [join(checkout, file), ...own, ...options],
      { cwd: checkout, env: { ...process.env, NO_COLOR: "1", NODE_COMPILE_CACHE: compileCache } },
    );
    return { code: 0, stdout, stderr };
  } catch (error) {
    return error as Ended;
  }
}

/** The options that the documentation gives each script. An example's words are Pulumi's, and so are the sandbox's. */
function wantedOptions(): Map<string, Set<string>> {
  const wanted = new Map([...scripts.keys()].map((name) => [name, new Set<string>()]));
  for (const one of typed) {
    const command = commandOf(one);
    if (command.kind !== "script" || pulumiWords(one) || command.script === "example") continue;
    for (const option of optionsOf(command.words)) wanted.get(command.script)?.add(option);
  }
  return wanted;
}

describe("package.json's scripts", function () {
  this.timeout(120_000);
  before(async () => {
    compileCache = await mkdtemp(join(tmpdir(), "macro-ai-scripts-"));
  });
  after(() => rm(compileCache, { recursive: true, force: true }));

  it("are those that the documentation names", () => {
    const wrong = typed.flatMap((one) => {
      const command = commandOf(one);
      return command.kind !== "script" || command.script in manifest.scripts
        ? []
        : [`${one.page}: ${one.text}`];
    });
    assert.deepEqual(wrong, []);
  });

  it("each tell their options, those that the documentation gives them among them", async () => {
    const wrong = await inTurns([...wantedOptions()], async ([script, options]) => {
      const { code, stdout, stderr } = await run(script, "--help");
      const unknown = [...options].filter((one) => !new RegExp(`(?<![\\w-])${one}(?![\\w-])`).test(stdout));
      const names = stdout.includes(script === "start" ? "npm start --" : `npm run ${script} --`);
      return code === 0 && stderr === "" && names && unknown.length === 0
        ? []
        : [{ script, code, stderr, names, unknown }];
    });
    assert.deepEqual(wrong.flat(), []);
  });

  it("each refuse an option that they do not have, and say what to do next", async () => {
    // What follows `npm run sandbox --` is Pulumi's.
    const own = [...scripts.keys()].filter((script) => script !== "sandbox");
    const wrong = await inTurns(own, async (script) => {
      const { code, stdout, stderr } = await run(script, "--no-such-option");
      const next = /(?:See: npm (?:run )?[\w:-]+ -- --help|For instance: npm run example)/.test(stderr);
      return code === 1 && stdout === "" && next ? [] : [{ script, code, stdout, stderr }];
    });
    assert.deepEqual(wrong.flat(), []);
  });
});
