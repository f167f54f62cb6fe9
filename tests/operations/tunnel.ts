import { connect, createServer, type Socket } from "node:net";
import { listen } from "../rotation/servers/programs.ts";

/** A port of this machine that leads to another one, as a session of SSM does. */
export async function tunnel(to: number): Promise<{ port: number; stop: () => void }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    const onward = connect(to, "127.0.0.1");
    for (const end of [socket, onward]) {
      sockets.add(end);
      end.on("error", () => undefined);
    }
    socket.pipe(onward).pipe(socket);
  });
  const port = await listen(server);
  return {
    port,
    stop: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
