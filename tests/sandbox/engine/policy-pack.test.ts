import grpc from "@grpc/grpc-js";
import analyzerRpc from "@pulumi/pulumi/proto/analyzer_grpc_pb.js";
import analyzerPb from "@pulumi/pulumi/proto/analyzer_pb.js";
import languagePb from "@pulumi/pulumi/proto/language_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { PassThrough } from "node:stream";

import type { PluginCall } from "../../../sandbox/engine/language-host/plugin.ts";
import { runPolicyPack } from "../../../sandbox/engine/language-host/policy-pack.ts";

const FILES = {
  "package.json": `{ "name": "stackless", "version": "1.2.3", "main": "main.js" }`,
  "main.js": `
    const { PolicyPack } = require("@pulumi/policy");
    new PolicyPack("of-" + (process.env["PULUMI_NODEJS_STACK"] ?? "no-stack"), {
      policies: [{ name: "nothing", description: "x", enforcementLevel: "advisory", validateResource: () => undefined }],
    });`,
};

/** The engine's call that starts a pack: what it writes are responses, what it emits are the engine's signals. */
function engineCall(directory: string): { call: PluginCall; port: Promise<string>; ended: Promise<number> } {
  const request = new languagePb.RunPluginRequest()
    .setKind("analyzer")
    .setProgram(directory)
    .setArgsList(["127.0.0.1:1"])
    .setEnvList(Object.entries(process.env).map(([name, value]) => `${name}=${value ?? ""}`));
  const stream = new PassThrough({ objectMode: true });
  const call = Object.assign(stream, { request }) as unknown as PluginCall;
  const port = Promise.withResolvers<string>();
  const ended = Promise.withResolvers<number>();
  stream.on("data", (response: InstanceType<typeof languagePb.RunPluginResponse>) => {
    const line = Buffer.from(response.getStdout_asU8()).toString();
    if (/^\d+\n$/.test(line)) port.resolve(line.trim());
    if (response.hasExitcode()) ended.resolve(response.getExitcode());
  });
  return { call, port: port.promise, ended: ended.promise };
}

describe("sandbox/engine/language-host/policy-pack", function () {
  this.timeout(60_000);
  let root: string;
  before(async () => {
    root = await mkdtemp(join(tmpdir(), "policy-pack-"));
    for (const [name, text] of Object.entries(FILES)) await writeFile(join(root, name), text);
    await symlink(resolve(import.meta.dirname, "../../../node_modules"), join(root, "node_modules"));
  });
  after(() => rm(root, { recursive: true, force: true }));

  async function withPack<T>(
    use: (client: InstanceType<typeof analyzerRpc.AnalyzerClient>) => Promise<T>,
  ): Promise<T> {
    const { call, port, ended } = engineCall(root);
    await runPolicyPack(call);
    const address = `127.0.0.1:${await port}`;
    const client = new analyzerRpc.AnalyzerClient(address, grpc.credentials.createInsecure());
    try {
      return await use(client);
    } finally {
      client.close();
      const finished = once(call, "finish");
      call.emit("cancelled", "cancelled");
      // The pack's process ends by the signal that the cancellation sends it.
      await Promise.all([ended, finished]);
    }
  }

  const nameOf = (client: InstanceType<typeof analyzerRpc.AnalyzerClient>): Promise<string> =>
    new Promise((resolve, reject) => {
      client.getAnalyzerInfo(new empty.Empty(), (error, info) =>
        error === null ? resolve(info.getName()) : reject(error),
      );
    });

  it("starts a pack that is asked for no stack, by the first question about the pack itself", async () => {
    const names = await withPack(async (client) => [await nameOf(client), await nameOf(client)]);
    assert.deepEqual(names, ["of-no-stack", "of-no-stack"]);
  });

  it("starts a pack for the stack that it is told, once, however many ask before it is there", async () => {
    const names = await withPack(async (client) => {
      const configured = new Promise<void>((resolve, reject) => {
        const request = new analyzerPb.AnalyzerStackConfigureRequest().setStack("some");
        client.configureStack(request, (error) => (error === null ? resolve() : reject(error)));
      });
      const asked = await Promise.all([configured, nameOf(client), nameOf(client)]);
      return [...asked, ...(await Promise.all(Array.from({ length: 50 }, () => nameOf(client))))];
    });
    assert.deepEqual(new Set(names), new Set([undefined, "of-some"]));
  });
});
