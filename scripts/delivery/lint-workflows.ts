/** `npm run lint:workflows`: what actionlint and zizmor say of .github/. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { Command } from "commander";
import { main } from "../../sandbox/cli/main.ts";
import { UserError } from "../../sandbox/cli/user-error.ts";
import { isExecutable } from "../../sandbox/engine/on-path.ts";
import { fetchedOnce } from "../../sandbox/engine/fetched.ts";
import { checkout } from "./lib/cli.ts";
import { parseArguments } from "../../sandbox/cli/parse-arguments.ts";

/** A linter, and how it is had in the pinned version: not by whoever's happens to be on PATH. */
interface Linter {
  readonly name: string;
  readonly version: string;
  /** Below its folder. */
  readonly program: string;
  readonly args: (root: string) => readonly string[];
  readonly fetch: (folder: string) => Promise<void>;
  readonly needs: string;
}

const linters: readonly Linter[] = [
  {
    name: "actionlint",
    version: "1.7.12",
    program: "actionlint",
    // shellcheck and pyflakes would be taken from PATH where they happen to be.
    args: () => ["-no-color", "-shellcheck=", "-pyflakes="],
    fetch: function (folder) {
      return run("go", ["install", `github.com/rhysd/actionlint/cmd/actionlint@v${this.version}`], {
        GOBIN: folder,
      });
    },
    needs: "Go, which checks the module against its public checksum",
  },
  {
    name: "zizmor",
    version: "1.32.0",
    program: "bin/zizmor",
    args: (root) => [
      "--no-progress",
      "--offline",
      "--persona=pedantic",
      "--color=never",
      join(root, ".github"),
    ],
    fetch: async function (folder) {
      await run("python3", ["-m", "venv", folder]);
      const pip = ["install", "--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary=:all:"];
      await run(join(folder, "bin/pip"), [...pip, `zizmor==${this.version}`]);
    },
    needs: "Python 3 with venv",
  },
];

await main(async () => {
  const given = parseArguments(
    new Command("npm run lint:workflows --")
      .description(
        "Checks GitHub's workflows with actionlint (are they right?) and zizmor (are they safe?). Both are fetched once, in pinned " +
          "versions, into the cache outside the checkout.",
      )
      .option("--root <folder>", "the repository whose .github/ is checked", checkout),
    process.argv.slice(2),
  ) as { root: string } | undefined;
  if (given === undefined) return 0;
  let failed = 0;
  for (const linter of linters) {
    const program = await obtained(linter);
    const code = await exitCode(program, linter.args(given.root), given.root);
    process.stderr.write(
      `${linter.name} ${linter.version}: ${code === 0 ? "no findings" : `exit code ${code}`}\n`,
    );
    if (code !== 0) failed += 1;
  }
  return failed === 0 ? 0 : 1;
});

async function obtained(linter: Linter): Promise<string> {
  const { name, version, program, needs } = linter;
  const find = (folder: string) =>
    Promise.resolve(isExecutable(join(folder, program)) ? join(folder, program) : undefined);
  try {
    return await fetchedOnce("linters", `${name}-${version}`, find, (folder) => linter.fetch(folder));
  } catch (error) {
    throw new UserError(
      `${name} ${version} cannot be had: ${(error as Error).message.trim()}. It needs ${needs}.`,
      {
        cause: error,
      },
    );
  }
}

async function run(
  program: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<void> {
  const code = await exitCode(program, args, checkout, env);
  if (code !== 0) throw new Error(`${program} ended with ${code}`);
}

async function exitCode(
  program: string,
  args: readonly string[],
  cwd: string,
  env: Record<string, string> = {},
): Promise<number> {
  const child = spawn(program, args, {
    cwd,
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, ...env },
  });
  const [code] = (await once(child, "close")) as [number | null];
  return code ?? 1;
}
