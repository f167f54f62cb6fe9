import grpc from "@grpc/grpc-js";
import assert from "node:assert/strict";
import { connect } from "node:net";
import { setTimeout } from "node:timers/promises";

import { openRelay, type Relay } from "../../../sandbox/engine/language-host/relay.ts";

type Answer = (request: Buffer) => Promise<Buffer>;

const UNLIMITED = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };
const bytes = (buffer: Buffer): Buffer => buffer;
const PATH = "/test.Test/Call";

function serverOf(answer: Answer): grpc.Server {
  const server = new grpc.Server(UNLIMITED);
  const method = {
    path: PATH,
    requestStream: false,
    responseStream: false,
    requestSerialize: bytes,
    requestDeserialize: bytes,
    responseSerialize: bytes,
    responseDeserialize: bytes,
  };
  server.addService(
    { call: method },
    {
      call: (rpc: grpc.ServerUnaryCall<Buffer, Buffer>, reply: grpc.sendUnaryData<Buffer>) => {
        answer(rpc.request).then(
          (response) => reply(null, response),
          (error: unknown) => reply(error as grpc.ServiceError),
        );
      },
    },
  );
  return server;
}

describe("sandbox/engine/language-host/relay", () => {
  let relay: Relay;
  let other: grpc.Server;
  let otherPort: number;
  let client: grpc.Client;
  /** What the relay's own server does before it answers. */
  let beforeAnswer: (text: string) => Promise<void> | void;

  beforeEach(async () => {
    beforeAnswer = () => undefined;
    relay = await openRelay(
      serverOf(async (request) => {
        await beforeAnswer(request.toString());
        return Buffer.from(`own ${request.toString()}`);
      }),
    );
    other = serverOf((request) => Promise.resolve(Buffer.concat([Buffer.from("other "), request])));
    otherPort = await new Promise((resolve, reject) => {
      other.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) =>
        error === null ? resolve(port) : reject(error),
      );
    });
    client = new grpc.Client(`127.0.0.1:${relay.port}`, grpc.credentials.createInsecure(), UNLIMITED);
  });
  afterEach(() => {
    client.close();
    relay.close();
    other.forceShutdown();
  });

  const call = (text: string): Promise<string> =>
    new Promise((resolve, reject) => {
      client.makeUnaryRequest(PATH, bytes, bytes, Buffer.from(text), (error, response) =>
        error === null ? resolve(String(response)) : reject(error),
      );
    });

  it("lets its own server answer until it leads elsewhere", async () => {
    assert.deepEqual(await Promise.all([call("a"), call("b")]), ["own a", "own b"]);
    beforeAnswer = () => relay.leadTo(otherPort);
    assert.equal(await call("c"), "own c");
    const texts = Array.from({ length: 200 }, (_, index) => String(index));
    assert.deepEqual(
      await Promise.all(texts.map(call)),
      texts.map((text) => `other ${text}`),
    );
  });

  it("passes on what is large, both ways", async () => {
    beforeAnswer = () => relay.leadTo(otherPort);
    await call("first");
    const text = "0123456789".repeat(1_000_000);
    assert.equal(await call(text), `other ${text}`);
  });

  it("lets the calls that its server holds end there, while later ones go elsewhere", async () => {
    const { promise: released, resolve: release } = Promise.withResolvers<undefined>();
    const arrived = new Promise<void>((resolve) => {
      beforeAnswer = (text) => {
        if (text === "slow") {
          resolve();
          return released;
        }
        relay.leadTo(otherPort);
        return undefined;
      };
    });
    const slow = call("slow");
    await arrived;
    assert.equal(await call("switch"), "own switch");
    assert.equal(await call("later"), "other later");
    release(undefined);
    assert.equal(await slow, "own slow");
  });

  it("fails a call whose target is gone, and nothing else", async () => {
    beforeAnswer = () => relay.leadTo(otherPort);
    await call("first");
    other.forceShutdown();
    await assert.rejects(call("x"), { code: grpc.status.UNAVAILABLE });
    await assert.rejects(call("y"), { code: grpc.status.UNAVAILABLE });
  });

  it("ends what it leads on when it is closed, and listens no more", async () => {
    beforeAnswer = () => relay.leadTo(otherPort);
    await call("first");
    const socket = connect({ port: relay.port, host: "127.0.0.1" }).resume();
    const closed = new Promise((resolve) => socket.once("close", () => resolve("closed")));
    await new Promise((resolve) => socket.once("connect", resolve));
    await call("by then the socket is accepted");
    relay.close();
    assert.equal(await Promise.race([closed, setTimeout(5_000, "still open")]), "closed");
    await assert.rejects(
      new Promise((resolve, reject) => {
        connect({ port: relay.port, host: "127.0.0.1" }).once("connect", resolve).once("error", reject);
      }),
      { code: "ECONNREFUSED" },
    );
  });
});
