// The Node language host for a Pulumi CLI that was built from its modules: the stock CLI ships a host, the modules do not.
// The engine starts it with its own address as the last argument and reads the port from the first line it prints.
import grpc from "@grpc/grpc-js";
import languageRpc from "@pulumi/pulumi/proto/language_grpc_pb.js";

import { interruptAll, killAll } from "./children.ts";
import { languageRuntime } from "./service.ts";

const PARENT_CHECK_MS = 1_000;

const server = new grpc.Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
server.addService(languageRpc.LanguageRuntimeService, languageRuntime(process.argv.at(-1) ?? ""));
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  process.stdout.write(`${port}\n`);
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    interruptAll();
    server.tryShutdown(() => process.exit(0));
  });
}

// An engine that is killed cannot end its host.
const parent = process.ppid;
setInterval(() => {
  if (process.ppid === parent) return;
  killAll();
  process.exit(1);
}, PARENT_CHECK_MS).unref();
