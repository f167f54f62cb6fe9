import { execFile, spawn } from "node:child_process";
import { mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getCACertificates } from "node:tls";
import { promisify } from "node:util";
import { rdsAuthorities } from "../../rotation/rds-authorities.ts";
import { OperationError } from "./operation-error.ts";
import { stopIfInterrupted } from "./wait.ts";

/** PostgreSQL's own programs, as they come with a server or a client package. */
export type Tool = "pg_dump" | "pg_restore";

/** The major versions of the servers that are dumped and filled. */
export interface ServerVersions {
  from: number;
  to: number;
}

/** From this version on pg_restore sets transaction_timeout, which older servers refuse (release notes of PostgreSQL 17). */
const SETS_TRANSACTION_TIMEOUT = 17;

/** What of the tools on PATH is missing, or does not go with the servers. */
export async function toolProblems(tools: readonly Tool[], servers?: ServerVersions): Promise<string[]> {
  const versions = await Promise.all(tools.map((tool) => majorOf(tool)));
  return tools.flatMap((tool, index) => {
    const version = versions[index];
    if (version === undefined) return [missing(tool, servers?.from)];
    const problem = servers && misfit(tool, version, servers);
    return problem === undefined ? [] : [problem];
  });
}

function misfit(tool: Tool, version: number, { from, to }: ServerVersions): string | undefined {
  const is = `the ${tool} on PATH is of PostgreSQL ${version}`;
  if (version < from) return `${is}, and Neon's server of ${from}: ${install(from)}`;
  if (tool === "pg_restore" && version >= SETS_TRANSACTION_TIMEOUT && to < SETS_TRANSACTION_TIMEOUT)
    return `${is}, and sets what a server of ${to} does not know, transaction_timeout: ${install(to)} and put them first on PATH`;
  return undefined;
}

const install = (version?: number): string =>
  version === undefined
    ? "install PostgreSQL's client programs of the server's version (Debian: postgresql-client)"
    : `install the client programs of PostgreSQL ${version} (Debian: postgresql-client-${version})`;

const missing = (tool: Tool, version?: number): string => `there is no ${tool} on PATH: ${install(version)}`;

/** Undefined: there is none that works. */
async function majorOf(tool: Tool): Promise<number | undefined> {
  const said = await promisify(execFile)(tool, ["--version"]).catch(() => undefined);
  const major = /\d+/.exec(said?.stdout ?? "")?.[0];
  return major === undefined ? undefined : Number(major);
}

/** How a program is run. */
export interface ToolOptions {
  signal: AbortSignal;
  /** A port of this machine that leads there; the certificate is still that of the URL's host. @default - none */
  via?: number | undefined;
}

/**
 * Runs one of PostgreSQL's programs against the database of a URL. Where and who stands in its environment, not among its
 * arguments, which every user of the machine can read; the certificate is verified.
 *
 * @throws OperationError with what the program said
 */
export async function runTool(
  tool: Tool,
  text: string,
  args: readonly string[],
  { signal, via }: ToolOptions,
): Promise<string> {
  stopIfInterrupted(signal);
  const url = new URL(text);
  const folder = await mkdtemp(join(tmpdir(), "macro-ai-ca-"));
  try {
    const authorities = join(folder, "ca.pem");
    await writeFile(authorities, [...getCACertificates("default"), rdsAuthorities()].join("\n"));
    return await run(tool, args, signal, {
      PATH: process.env["PATH"],
      PGHOST: url.hostname.replace(/-pooler(?=\.)/, ""),
      ...(via !== undefined && { PGHOSTADDR: "127.0.0.1" }),
      PGPORT: String(via ?? (url.port || "5432")),
      PGUSER: decodeURIComponent(url.username),
      PGPASSWORD: decodeURIComponent(url.password),
      PGDATABASE: decodeURIComponent(url.pathname.slice(1)),
      PGSSLMODE: "verify-full",
      PGSSLROOTCERT: authorities,
      PGCONNECT_TIMEOUT: "15",
      PGAPPNAME: "macro-ai-operations",
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Writes a database into a file of pg_dump's own format, readable by nobody else. */
export async function dump(url: string, file: string, signal: AbortSignal): Promise<void> {
  await (await open(file, "w", 0o600)).close();
  await runTool("pg_dump", url, ["--format=custom", "--no-owner", "--no-privileges", `--file=${file}`], {
    signal,
  });
}

async function run(
  tool: Tool,
  args: readonly string[],
  signal: AbortSignal,
  env: NodeJS.ProcessEnv,
): Promise<string> {
  const child = spawn(tool, args, { env, stdio: ["ignore", "pipe", "pipe"], signal, killSignal: "SIGTERM" });
  let out = "";
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("close", resolve);
    child.once("error", (error: NodeJS.ErrnoException) => {
      if (error.name === "AbortError") return;
      reject(error.code === "ENOENT" ? new OperationError(missing(tool)) : error);
    });
  });
  stopIfInterrupted(signal);
  if (code === 0) return out;
  throw new OperationError(`${tool} ended with ${String(code)}: ${said.trim()}`);
}
