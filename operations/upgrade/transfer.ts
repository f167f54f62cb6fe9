import { mkdtemp, rename, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OperationError } from "../lib/operation-error.ts";
import { dump, runTool } from "../lib/postgres-tools.ts";
import { connect } from "../migrate/database/connect.ts";
import { differences, type Fingerprint, fingerprint, isEmpty } from "./fingerprint.ts";

/** A database to write to: its URL, and the port of this machine that leads to it. */
export interface Target {
  url: string;
  via: number;
}

/** Dumps a frozen database, and takes its fingerprint; nothing of a dump that was interrupted bears its name. */
export async function takeOut(
  url: string,
  file: string,
  signal: AbortSignal,
): Promise<{ print: Fingerprint; bytes: number }> {
  const client = await connect(url, { application: "macro-ai-upgrade" });
  const print = await fingerprint(client).finally(() => client.end());
  await dump(url, `${file}.part`, signal);
  await rename(`${file}.part`, file);
  return { print, bytes: (await stat(file)).size };
}

/**
 * What the new database has by itself, made by its master user: the application's login may not touch it. Each a line of
 * `pg_restore --list`.
 */
const NOT_RESTORED = / (?:EXTENSION - |COMMENT - EXTENSION |SCHEMA - public |COMMENT - SCHEMA public )/;

/**
 * Fills an empty database from a dump, in one transaction. One that is filled already, by an attempt whose end nobody
 * heard of, is left alone.
 *
 * @throws OperationError when something else is in it
 */
export async function fill(
  target: Target,
  file: string,
  wanted: Fingerprint,
  signal: AbortSignal,
): Promise<string> {
  const is = await fingerprintOf(target);
  const tables = Object.keys(wanted.tables).length;
  if (!isEmpty(is)) {
    const different = differences(wanted, is);
    if (different.length === 0) return `${tables} tables are there already`;
    throw new OperationError(
      `The new database is not empty, and is not what was dumped:\n${different.map((one) => `  - ${one}`).join("\n")}\n` +
        "Look at what it is. If it is of no use: DROP OWNED BY app_owner, GRANT USAGE, CREATE ON SCHEMA public TO app_owner as its master user.",
    );
  }
  const folder = await mkdtemp(join(tmpdir(), "macro-ai-restore-"));
  try {
    const list = await runTool("pg_restore", target.url, ["--list", file], { signal, via: target.via });
    const kept = list.split("\n").filter((line) => !NOT_RESTORED.test(line));
    await writeFile(join(folder, "list"), kept.join("\n"));
    await runTool(
      "pg_restore",
      target.url,
      [
        "--single-transaction",
        "--exit-on-error",
        "--no-owner",
        "--no-privileges",
        `--use-list=${join(folder, "list")}`,
        `--dbname=${decodeURIComponent(new URL(target.url).pathname.slice(1))}`,
        file,
      ],
      { signal, via: target.via },
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return `${tables} tables`;
}

/** @throws OperationError with everything that differs */
export async function compareWith(target: Target, wanted: Fingerprint): Promise<string> {
  const different = differences(wanted, await fingerprintOf(target));
  if (different.length > 0)
    throw new OperationError(`The new database differs:\n${different.map((one) => `  - ${one}`).join("\n")}`);
  const rows = Object.values(wanted.tables).reduce((sum, text) => sum + Number(text.split(" ")[0]), 0);
  return `${rows} rows of ${Object.keys(wanted.tables).length} tables, sequences, indexes and constraints are the same`;
}

async function fingerprintOf({ url, via }: Target): Promise<Fingerprint> {
  const client = await connect(url, { via, application: "macro-ai-upgrade" });
  return fingerprint(client).finally(() => client.end());
}
