import { ElastiCacheClient } from "@aws-sdk/client-elasticache";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer as createHttpServer } from "node:http";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { createServer as createTlsServer } from "node:tls";
import { clientOf } from "./aws-client.ts";
import { createCertificates } from "./certificates.ts";
import { freePort, listen, startServer, stopServer } from "./programs.ts";
import { pythonProgram } from "./python.ts";

/**
 * A replication group: a real Valkey behind TLS, and the two calls of ElastiCache's interface that a rotation makes, which change
 * its passwords as ElastiCache does: some looks later, the new one beside the last one.
 */
export interface ElastiCache {
  client: ElastiCacheClient;
  endpoint: string;
  groupId: string;
  host: "localhost";
  port: number;
  ca: string;
  caFile: string;
  /** Changes that ElastiCache was asked for. */
  changes: number;
  /** The tokens that it took, before each change and after: the older first. */
  taken: string[][];
  /** Whether it refuses a token that it takes already, of which its user guide says nothing. */
  refusesKnown: boolean;
  /** Looks at the group during which a change goes on. */
  changeLooks: number;
  status: string;
  /** From now on it takes this token and no other, as after a change with the strategy SET. */
  takeOnly: (token: string) => Promise<void>;
  stop: () => Promise<void>;
}

/** @param token what the cache takes at first */
export async function startElastiCache(token: string): Promise<ElastiCache> {
  const folder = await mkdtemp(join(tmpdir(), "macro-ai-valkey-"));
  const plainPort = await freePort();
  const { child } = await startServer(
    await pythonProgram("valkey-server"),
    [
      "--port",
      String(plainPort),
      "--bind",
      "127.0.0.1",
      "--save",
      "",
      "--dir",
      folder,
      "--requirepass",
      token,
    ],
    { ready: /Ready to accept connections/ },
  );
  const { caFile, certificateFile, keyFile } = await createCertificates(folder, "localhost");
  const [key, cert, ca] = await Promise.all(
    [keyFile, certificateFile, caFile].map((file) => readFile(file, "utf8")),
  );
  const tls = createTlsServer({ key, cert }, (socket) => {
    const onward = connect(plainPort, "127.0.0.1");
    for (const end of [socket, onward]) end.on("error", () => undefined);
    socket.pipe(onward).pipe(socket);
  });
  const admin = connect(plainPort, "127.0.0.1");
  const ask = asker(admin);
  await ask(`AUTH ${token}`);

  let wanted: string | undefined;
  let looksLeft = 0;
  const take = async (tokens: string[]): Promise<void> => {
    self.taken.push(tokens);
    await ask(`ACL SETUSER default resetpass ${tokens.map((text) => `>${text}`).join(" ")}`);
  };
  const look = async (): Promise<void> => {
    if (self.status !== "modifying" || (looksLeft -= 1) > 0 || wanted === undefined) return;
    const added = wanted;
    // Taken once: somebody else may look while this one waits for Valkey.
    wanted = undefined;
    await take([...(self.taken.at(-1) ?? []), added].slice(-2));
    self.status = "available";
  };
  const api = createHttpServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      void (async () => {
        const sent = new URLSearchParams(body);
        const action = sent.get("Action") ?? "";
        if (action === "ModifyReplicationGroup") {
          if (self.status !== "available") {
            response.writeHead(400).end(fault("InvalidReplicationGroupState"));
            return;
          }
          const asked = sent.get("AuthToken") ?? "";
          if (self.refusesKnown && self.taken.at(-1)?.includes(asked) === true) {
            response.writeHead(400).end(fault("InvalidParameterValue"));
            return;
          }
          wanted = asked;
          looksLeft = self.changeLooks;
          self.changes += 1;
          self.status = "modifying";
        } else await look();
        response.writeHead(200, { "content-type": "text/xml" }).end(answer(action, self.status));
      })();
    });
  });
  const [port, apiPort] = await Promise.all([tls, api].map(listen));
  const endpoint = `http://127.0.0.1:${apiPort ?? 0}`;
  const self: ElastiCache = {
    client: new ElastiCacheClient(clientOf(endpoint)),
    endpoint,
    groupId: "macro-ai",
    host: "localhost",
    port: port ?? 0,
    ca: ca ?? "",
    caFile,
    changes: 0,
    taken: [[token]],
    refusesKnown: false,
    changeLooks: 2,
    status: "available",
    takeOnly: (token) => take([token]),
    stop: async () => {
      self.client.destroy();
      admin.destroy();
      api.closeAllConnections();
      for (const server of [tls, api]) server.close();
      await stopServer(child);
      await rm(folder, { recursive: true, force: true });
    },
  };
  return self;
}

/** One command in Redis's inline form; its answer's first line. */
function asker(socket: Socket): (command: string) => Promise<string> {
  const lines = createInterface({ input: socket })[Symbol.asyncIterator]();
  return async (command) => {
    socket.write(`${command}\r\n`);
    const { value } = (await lines.next()) as { value: string };
    if (!value.startsWith("+OK"))
      throw new Error(`Valkey answered ${value} to ${command.split(" ")[0] ?? ""}.`);
    return value;
  };
}

function answer(action: string, status: string): string {
  const group = `<Status>${status}</Status><ReplicationGroupId>macro-ai</ReplicationGroupId>`;
  const result =
    action === "ModifyReplicationGroup"
      ? `<ReplicationGroup>${group}</ReplicationGroup>`
      : `<ReplicationGroups><ReplicationGroup>${group}</ReplicationGroup></ReplicationGroups>`;
  return `<${action}Response xmlns="http://elasticache.amazonaws.com/doc/2015-02-02/"><${action}Result>${result}</${action}Result><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></${action}Response>`;
}

const fault = (code: string): string =>
  `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>no</Message></Error><RequestId>1</RequestId></ErrorResponse>`;
