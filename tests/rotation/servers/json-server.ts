import { createServer, type IncomingHttpHeaders } from "node:http";
import { listen } from "./programs.ts";

/** What a request asks. */
export interface Asked {
  method: string;
  url: URL;
  headers: IncomingHttpHeaders;
  body: Record<string, unknown>;
}

/**
 * Serves what `answer` says, as JSON, on a free port.
 *
 * @param isLost asked after each call was executed: whether its answer gets lost on the way
 */
export async function jsonServer(
  answer: (asked: Asked) => { status: number; body: unknown },
  isLost = () => false,
): Promise<{ endpoint: string; stop: () => Promise<void> }> {
  const server = createServer((request, response) => {
    let text = "";
    request.on("data", (chunk: Buffer) => (text += chunk.toString()));
    request.on("end", () => {
      const { status, body } = answer({
        method: request.method ?? "",
        url: new URL(request.url ?? "/", "http://localhost"),
        headers: request.headers,
        body: text === "" ? {} : (JSON.parse(text) as Record<string, unknown>),
      });
      if (isLost()) {
        request.socket.destroy();
        return;
      }
      response.writeHead(status, { "content-type": "application/x-amz-json-1.1" }).end(JSON.stringify(body));
    });
  });
  const port = await listen(server);
  return {
    endpoint: `http://127.0.0.1:${port}`,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
