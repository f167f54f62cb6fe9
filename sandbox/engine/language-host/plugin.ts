import type { ServerWritableStream } from "@grpc/grpc-js";
import languagePb from "@pulumi/pulumi/proto/language_pb.js";
import type { RunPluginRequest, RunPluginResponse } from "@pulumi/pulumi/proto/language_pb.js";
import type { ChildProcess } from "node:child_process";

import { interrupt, locateModule, startNode } from "./children.ts";
import { optionEnvironment, parseOptions } from "./options.ts";

export type PluginCall = ServerWritableStream<RunPluginRequest, RunPluginResponse>;

/** Runs a plugin written for Node: a policy pack ("analyzer"), or a provider that is no executable of its own. */
export function runPlugin(call: PluginCall): void {
  if (call.request.getKind() === "analyzer") {
    void import("./policy-pack.ts")
      .then((module) => module.runPolicyPack(call))
      .catch((error: unknown) => fail(call, error as Error));
    return;
  }
  try {
    const child = startPlugin(call, { runner: "@pulumi/pulumi/cmd/run-plugin", environment: {} });
    child.stdout?.on("data", (data: Buffer) => sendOutput(call, data));
  } catch (error) {
    fail(call, error as Error);
  }
}

export interface PluginStart {
  /** The SDK's module that loads the plugin. */
  runner: string;
  /** Variables beside those the engine asks for. */
  environment: Record<string, string>;
}

/** Starts the plugin's process; its standard error and its exit code go to the engine, its standard output is the caller's. */
export function startPlugin(call: PluginCall, start: PluginStart): ChildProcess {
  const request = call.request;
  const isPack = request.getKind() === "analyzer";
  const directory = request.getInfo()?.getProgramDirectory() ?? request.getProgram();
  const options = parseOptions(request.getInfo()?.getOptions()?.toJavaScript() ?? {});
  // The SDK's runner wants a pack's directory behind the engine's address, and every other plugin's before its arguments.
  const args = isPack ? [...request.getArgsList(), directory] : [directory, ...request.getArgsList()];
  const script = locateModule(start.runner, directory, `npm install in ${directory}`);
  const child = startNode([...options.nodeargs, script, ...args], {
    cwd: isPack ? directory : request.getPwd(),
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...parseEnvironment(request.getEnvList()), ...optionEnvironment(options), ...start.environment },
  });
  child.stderr?.on("data", (data: Buffer) => call.write(new languagePb.RunPluginResponse().setStderr(data)));
  child.once("error", (error) => fail(call, error));
  child.once("close", (code) => finish(call, code ?? 1));
  call.on("cancelled", () => interrupt(child));
  return child;
}

export function sendOutput(call: PluginCall, data: Buffer | string): void {
  call.write(
    new languagePb.RunPluginResponse().setStdout(typeof data === "string" ? Buffer.from(data) : data),
  );
}

function fail(call: PluginCall, error: Error): void {
  call.write(new languagePb.RunPluginResponse().setStderr(Buffer.from(`${error.message}\n`)));
  finish(call, 1);
}

function finish(call: PluginCall, exitCode: number): void {
  if (call.writableEnded) return; // a process that could not start has failed and closes as well
  call.write(new languagePb.RunPluginResponse().setExitcode(exitCode));
  call.end();
}

function parseEnvironment(list: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    list.map((entry) => {
      const at = entry.indexOf("=");
      return [entry.slice(0, at), entry.slice(at + 1)];
    }),
  );
}
