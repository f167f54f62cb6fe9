import { chown, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { connect, createServer, type Server } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { TLSSocket } from "node:tls";
import { createCertificates } from "./certificates.ts";
import { plainBinaries } from "./postgres-binaries.ts";
import { freePort, listen, run, startServer, stopServer } from "./programs.ts";

/** A PostgreSQL server of the tests' own that speaks TLS only. */
export interface PostgresServer {
  /** The name in its certificate. */
  host: "localhost";
  port: number;
  /** The authority of its certificate, in PEM. */
  ca: string;
  caFile: string;
  /** May do everything. */
  superuser: { username: string; password: string };
  /** The folder of its programs. */
  programs: string;
  /** All that the server has logged, with every statement. */
  log(): Promise<string>;
  stop(): Promise<void>;
}

const superuser = { username: "postgres", password: "superuser password" };

/** Starts PostgreSQL in a folder of its own, on a free port. */
export async function startPostgres(binaries = plainBinaries): Promise<PostgresServer> {
  const folder = await mkdtemp(join(tmpdir(), "macro-ai-postgres-"));
  const account = await serverAccount(folder);
  const { folder: programs, speakTls } = await binaries(folder);
  const data = join(folder, "data");
  const passwordFile = join(folder, "password");
  await writeFile(passwordFile, superuser.password);
  const { caFile, certificateFile, keyFile } = await createCertificates(folder, "localhost");
  for (const file of [passwordFile, certificateFile, keyFile]) await account.own(file);
  const initdb = [
    "-D",
    data,
    "-U",
    superuser.username,
    `--pwfile=${passwordFile}`,
    "-A",
    "scram-sha-256",
    "-E",
    "UTF8",
  ];
  await run(join(programs, "initdb"), [...initdb, "--no-sync"], account.options);
  const access = join(folder, "pg_hba.conf");
  await writeFile(access, `${speakTls ? "hostssl" : "host"} all all 127.0.0.1/32 scram-sha-256\n`);
  await account.own(access);
  const port = await freePort();
  const settings = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    port,
    hba_file: access,
    ...(speakTls && { ssl: "on", ssl_cert_file: certificateFile, ssl_key_file: keyFile }),
    log_statement: "all",
    fsync: "off",
  };
  const args = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const { child } = await startServer(join(programs, "postgres"), ["-D", data, ...args], {
    ready: /ready to accept connections/,
    ...account.options,
  });
  let said = "";
  child.stderr?.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const front = speakTls ? undefined : await tlsFront(port, keyFile, certificateFile);
  return {
    host: "localhost",
    port: front?.port ?? port,
    ca: await readFile(caFile, "utf8"),
    caFile,
    superuser,
    programs,
    log: () => Promise.resolve(said),
    stop: async () => {
      front?.server.close();
      await stopServer(child, "SIGINT");
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Speaks TLS for a server that was built without: answers the request for it, and passes on what comes over it. */
async function tlsFront(
  port: number,
  keyFile: string,
  certificateFile: string,
): Promise<{ server: Server; port: number }> {
  const [key, cert] = await Promise.all([keyFile, certificateFile].map((file) => readFile(file, "utf8")));
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", () => {
      socket.write("S");
      const secure = new TLSSocket(socket, { isServer: true, key, cert });
      const onward = connect(port, "127.0.0.1");
      for (const end of [secure, onward]) end.on("error", () => undefined);
      secure.pipe(onward).pipe(secure);
    });
  });
  return { server, port: await listen(server) };
}

/** PostgreSQL refuses to run as root: then it runs as the user that its package makes, or as nobody. */
async function serverAccount(folder: string): Promise<{
  options: { uid?: number; gid?: number; env: NodeJS.ProcessEnv };
  own(file: string): Promise<void>;
}> {
  const env = { ...process.env, LC_ALL: "C" };
  if (userInfo().uid !== 0) return { options: { env }, own: () => Promise.resolve() };
  const id = async (flag: string): Promise<number> => {
    const found = await run("id", [flag, "postgres"]).catch(() => ({ stdout: "65534" }));
    return Number(found.stdout);
  };
  const [uid, gid] = [await id("-u"), await id("-g")];
  const own = (file: string): Promise<void> => chown(file, uid, gid);
  await own(folder);
  return { options: { uid, gid, env }, own };
}

/** How a database is made soonest where nothing is synced: by copying files, not through the log (PostgreSQL 15 and newer). */
export const COPIED = "STRATEGY file_copy";
