import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { OperationError } from "../../lib/operation-error.ts";

/** A migration as it lies in the application's folder. */
export interface MigrationFile {
  /** Without `.sql`: what the history has. */
  name: string;
  sha256: string;
  sql: string;
  /** Whether it says how it is taken back. */
  hasDown: boolean;
}

/** `0001_users.sql`, `20261123120000_users.sql`. */
const FORM = /^\d{4,17}_[A-Za-z0-9_-]+\.sql$/;

/** The part below which a file says how it is taken back, as node-pg-migrate reads it. */
const DOWN = /^\s*--[\s-]*down\s+migration/im;
const UP = /^\s*--[\s-]*up\s+migration/im;

/**
 * Reads a folder of migrations in their order.
 *
 * @throws OperationError with every file that cannot be one
 */
export async function readMigrations(folder: string): Promise<MigrationFile[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => {
    throw new OperationError(`There is no folder of migrations at ${folder}.`);
  });
  const names = entries
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
    .sort();
  const files = await Promise.all(
    names
      .filter((name) => FORM.test(name))
      .map(async (name): Promise<MigrationFile> => {
        const sql = await readFile(join(folder, name), "utf8");
        const sha256 = createHash("sha256").update(sql).digest("hex");
        return { name: name.slice(0, -4), sha256, sql, hasDown: DOWN.test(sql) };
      }),
  );
  const problems = [
    ...names
      .filter((name) => !FORM.test(name))
      .map((name) => `${name}: a migration is called <number>_<words>.sql, for example 0007_add_users.sql`),
    ...numberProblems(files),
    ...files
      .filter(({ sql, hasDown }) => hasDown && !(sql.search(UP) >= 0 && sql.search(UP) < sql.search(DOWN)))
      .map(
        ({ name }) =>
          `${name}: has "-- Down Migration" without "-- Up Migration" above: all of it would be applied, the way back as well`,
      ),
    ...files
      .filter(({ sql }) => controlsTransactions(sql))
      .map(
        ({ name }) =>
          `${name}: has a BEGIN, COMMIT or ROLLBACK of its own; all pending migrations are one transaction, which it would end`,
      ),
  ];
  if (problems.length > 0)
    throw new OperationError(`Migrations in ${folder}:\n${problems.map((one) => `  - ${one}`).join("\n")}`);
  return files;
}

function numberProblems(files: readonly MigrationFile[]): string[] {
  const numbers = files.map(({ name }) => name.replace(/_.*/, ""));
  const length = numbers[0]?.length;
  return files.flatMap(({ name }, index) => {
    const number = numbers[index] ?? "";
    if (number.length !== length)
      return [
        `${name}: its number has ${number.length} digits, the first one's ${length ?? 0}; they sort as text`,
      ];
    return numbers.indexOf(number) === index ? [] : [`${name}: another one has the number ${number}, too`];
  });
}

/** Outside of quoted bodies and comments, where PL/pgSQL has a BEGIN of its own. */
function controlsTransactions(sql: string): boolean {
  const code = sql
    .replace(/--.*$/gm, "")
    .replace(/\/\*[^]*?\*\//g, "")
    .replace(/(\$\w*\$)[^]*?\1/g, "''")
    .replace(/'(?:[^']|'')*'/g, "''");
  return code
    .split(";")
    .some((statement) =>
      /^\s*(?:BEGIN(?!\s+ATOMIC)|COMMIT|ROLLBACK(?!\s+TO)|END|START\s+TRANSACTION|ABORT)\b/i.test(statement),
    );
}
