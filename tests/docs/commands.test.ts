import assert from "node:assert/strict";
import { execFile, type ExecFileOptions } from "node:child_process";
import { existsSync, globSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import * as z from "zod";
import { type Engine, locateEngine } from "../../sandbox/engine/locate.ts";
import { keyText } from "../../stacks/config/commands.ts";
import { type Key, singleKeys } from "../../stacks/config/keys.ts";
import { commandOf, essence, optionsOf, pulumiCommand, pulumiWords, type Typed, typed } from "./commands.ts";
import { inTurns } from "./in-turns.ts";
import { checkout, inlineCode, pages } from "./pages.ts";
import { notRun, runBy, runHere } from "./runs.ts";

const call = promisify(execFile);
/** Without colours, which come between an option's two dashes and the space before. */
const run = (program: string, words: readonly string[], options: ExecFileOptions = {}) => {
  const called = call(program, words, {
    ...options,
    encoding: "utf8",
    env: { ...process.env, ...options.env, NO_COLOR: "1" },
  });
  // Whoever asks for a passphrase gets the one that there is.
  called.child.stdin?.end("of the test\n");
  return called;
};

describe("the documentation's commands", function () {
  this.timeout(120_000);
  let engine: Engine;
  before(async function () {
    this.timeout(60 * 60_000); // where no engine is at hand, it is built first
    engine = await locateEngine();
  });

  it("are Pulumi's, with options that it has", async () => {
    const wanted = new Map<string, Set<string>>();
    for (const one of typed) {
      const words = pulumiWords(one);
      if (!words) continue;
      const command = pulumiCommand(words).join(" ");
      addAll(wanted, command, optionsOf(words));
    }
    const wrong = await inTurns([...wanted], async ([command, options]) => {
      const { stdout } = await run(engine.pulumi, [...command.split(" "), "--help"]);
      // Pulumi answers an unknown command with the help of the one above it.
      const [, usage = "", aliases = ""] = /Usage:\n +pulumi (.*)\n(?:\nAliases:\n(.*))?/.exec(stdout) ?? [];
      const names = [usage.split(/ [[<]/)[0], ...aliases.split(",").map((alias) => alias.trim())];
      if (!names.includes(command) && !names.includes(command.split(" ").at(-1)))
        return [`pulumi ${command}`];
      return [...options].filter((one) => !hasOption(stdout, one)).map((one) => `pulumi ${command}: ${one}`);
    });
    assert.deepEqual(wrong.flat(), []);
  });

  it("set what the configuration has, with values that it allows", () => {
    const keys = new Map(singleKeys().map((key) => [keyText(key.path), key]));
    const wrong: string[] = [];
    for (const one of typed) {
      const [group, verb, ...words] = pulumiWords(one) ?? [];
      if (group !== "config" || verb === undefined || words.length === 0) continue;
      const [name = "", value] = words.filter(
        (word, at) => !word.startsWith("-") && words[at - 1] !== "--stack",
      );
      if (name.startsWith("<")) continue;
      const key = keys.get(name);
      const problem = key === undefined ? "no such key" : objection(key, verb, words, value);
      if (problem !== undefined) wrong.push(`${one.page}: ${one.text}: ${problem}`);
    }
    assert.deepEqual(wrong, []);
  });

  it("and texts name keys that the configuration has", () => {
    const names = singleKeys().map(({ path }) => keyText(path));
    const known = new Set([...names, ...names.map((name) => name.split(".")[0])]);
    // Tags of a migration's snapshot, and types of components.
    const others = /^macro-ai:(?:migration$|components:)/;
    const wrong = pages.flatMap((page) =>
      inlineCode(page)
        .flatMap((code) => [...code.matchAll(/(?<![\w/-])macro-ai:[\w.:]*\w/g)].map(([name]) => name))
        .filter((name) => !known.has(name) && !others.test(name))
        .map((name) => `${page.path}: ${name}`),
    );
    assert.deepEqual(wrong, []);
  });

  it("run tests that exist", () => {
    const wrong = typed.flatMap((one) => {
      const command = commandOf(one);
      if (command.kind !== "mocha") return [];
      const patterns = command.words.map((word) => word.replaceAll(/<[^>]*>/g, "*"));
      const missing = patterns.filter((pattern) => globSync(pattern, { cwd: checkout }).length === 0);
      return missing.map((pattern) => `${one.page}: ${pattern}`);
    });
    assert.deepEqual(wrong, []);
  });

  it("are each run by a test", () => {
    const run = [...Object.keys(runBy), ...runHere, ...Object.keys(notRun)];
    const shown = new Set(typed.filter((one) => !isHelp(one)).map(essence));
    assert.deepEqual({ unknown: [...shown].filter((one) => !run.includes(one)) }, { unknown: [] });
    assert.deepEqual({ typedNowhere: run.filter((one) => !shown.has(one)) }, { typedNowhere: [] });
    assert.equal(new Set(run).size, run.length, "a command stands twice in runs.ts");
  });

  for (const [command, [file, title, source]] of Object.entries(runBy)) {
    it(`${command} is run by ${file}`, () => {
      assert.ok(readFileSync(join(checkout, file), "utf8").includes(title), title);
      const text =
        withImports(join(checkout, file)) + (source ? readFileSync(join(checkout, source), "utf8") : "");
      assert.deepEqual(
        optionsOf(command.split(" ")).filter((option) => !text.includes(option)),
        [],
      );
    });
  }

  it("npm run example lists the examples", async () => {
    const { stdout } = await run(process.execPath, [join(checkout, "scripts/example.ts")]);
    assert.match(stdout, /Components: .*database, .*vpc/);
  });

  it("that ask no program do what they say", async () => {
    const folder = await mkdtemp(join(tmpdir(), "macro-ai-docs-"));
    const env = {
      ...process.env,
      ...engine.environment,
      PULUMI_BACKEND_URL: `file://${folder}`,
      PULUMI_HOME: join(folder, "home"),
      PULUMI_CONFIG_PASSPHRASE: "of the test",
      PULUMI_SKIP_UPDATE_CHECK: "true",
    };
    try {
      await writeFile(join(folder, "Pulumi.yaml"), "name: macro-ai\nruntime: nodejs\n");
      await writeFile(join(folder, "Pulumi.staging.yaml"), "config:\n  macro-ai:apiImage: an-image\n");
      for (const command of runHere) {
        const [one] = typed
          .filter((other) => essence(other) === command)
          .toSorted((a, b) => b.words.length - a.words.length);
        assert.ok(one, command);
        const words = [...filledIn(pulumiWords(one) ?? []), ...(added[command] ?? []), "--non-interactive"];
        await run(engine.pulumi, words, { cwd: folder, env });
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

function addAll(sets: Map<string, Set<string>>, key: string, values: readonly string[]): void {
  sets.set(key, new Set([...(sets.get(key) ?? []), ...values]));
}

/** What somebody would answer. */
const added: Readonly<Record<string, readonly string[]>> = {
  "pulumi config set --secret": ["--stack", "staging", "of the test"],
  "pulumi cancel": ["--yes"],
  "pulumi stack rm": ["--yes", "--force"],
};

/** The words with what a reader fills in, for the one stack that there is. */
function filledIn(words: readonly string[]): string[] {
  return words
    .map((word) => word.replaceAll(/<[^>]*>|\$\(.*\)|\$\w+/gs, "staging"))
    .map((word) => (/^(?:dr|production)$/.test(word) ? "staging" : word));
}

/** What is wrong with a change of a key, or undefined. */
function objection(
  key: Key,
  verb: string,
  options: readonly string[],
  value: string | undefined,
): string | undefined {
  if (options.includes("--path") !== key.path.length > 1) return "--path goes with a key below another";
  if (verb === "set" && options.includes("--secret") !== (key.field.secretOf !== undefined))
    return "--secret goes with secrets, and with nothing else";
  const isTheirs = value === undefined || /[$<]|\.\.\./.test(value);
  if (isTheirs || z.safeParse(key.schema, value).success) return undefined;
  return `allowed: ${key.field.allowed}`;
}

/** Whether the words ask for help alone, which the check of options does, too. */
function isHelp(one: Typed): boolean {
  return commandOf(one).words.join() === "--help";
}

function hasOption(help: string, option: string): boolean {
  return new RegExp(`(?<![\\w-])${option}(?![\\w-])`).test(help);
}

/** A file's text, and that of what it imports of `tests/`. */
function withImports(file: string, seen = new Set<string>()): string {
  if (seen.has(file) || !existsSync(file)) return "";
  seen.add(file);
  const text = readFileSync(file, "utf8");
  const imported = [...text.matchAll(/from "(\.[^"]+\.ts)"/g)].map(([, path = ""]) =>
    resolve(dirname(file), path),
  );
  const own = imported.filter((path) => path.startsWith(join(checkout, "tests/")));
  return [text, ...own.map((path) => withImports(path, seen))].join("\n");
}
