import grpc from "@grpc/grpc-js";
import { once } from "node:events";
import type { AddressInfo, Socket } from "node:net";
import { connect, createServer } from "node:net";
import { pipeline } from "node:stream";

/** The longest time that a timer can wait: 25 days. */
const UNLIMITED_MS = 2 ** 31 - 1;

/** A port behind which a server of this process answers, until another process takes over. */
export interface Relay {
  readonly port: number;
  /**
   * Leads to another port from now on: new connections byte by byte; those that are open are told to go (HTTP/2's
   * GOAWAY), whereupon gRPC's clients connect anew, and end with the calls they hold.
   *
   * To be called while a call is under way that the client waits for: it hears of this before the answer. What it sends
   * at the very moment it would repeat by itself, but only up to 256 KiB; a larger call would fail.
   */
  readonly leadTo: (port: number) => void;
  /** Ends everything, calls under way included. */
  readonly close: () => void;
}

/** Opens a free port of the loopback interface in front of the server, which must be bound to none itself. */
export async function openRelay(server: grpc.Server): Promise<Relay> {
  const injector = server.createConnectionInjector(grpc.ServerCredentials.createInsecure());
  const piped = new Set<Socket>();
  let target: number | undefined;
  const listener = createServer({ noDelay: true }, (socket) => {
    if (target === undefined) {
      injector.injectConnection(socket);
      return;
    }
    piped.add(socket);
    // Whichever side ends or fails takes the other one with it; what that means is the client's to tell.
    pipeline(socket, connect({ port: target, host: "127.0.0.1", noDelay: true }), socket, () =>
      piped.delete(socket),
    );
  });
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  return {
    port: (listener.address() as AddressInfo).port,
    leadTo: (port) => {
      target = port;
      injector.drain(UNLIMITED_MS);
    },
    close: () => {
      listener.close();
      server.forceShutdown();
      for (const socket of piped) socket.destroy();
    },
  };
}
