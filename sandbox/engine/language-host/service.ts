import type {
  sendUnaryData,
  ServerUnaryCall,
  ServerWritableStream,
  UntypedServiceImplementation,
} from "@grpc/grpc-js";
import languagePb from "@pulumi/pulumi/proto/language_pb.js";
import type * as language from "@pulumi/pulumi/proto/language_pb.js";
import pluginPb from "@pulumi/pulumi/proto/plugin_pb.js";
import type { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb.js";
import emptyPb from "google-protobuf/google/protobuf/empty_pb.js";
import type { Empty } from "google-protobuf/google/protobuf/empty_pb.js";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

import { interruptAll } from "./children.ts";
import { runPlugin } from "./plugin.ts";
import { runProgram } from "./program.ts";

/**
 * What a language host answers. Code generation is not served: gRPC answers "unimplemented" for what is missing here.
 *
 * @param engineAddress host and port of the engine's own service.
 */
export function languageRuntime(engineAddress: string): UntypedServiceImplementation {
  let engine = engineAddress;
  return {
    handshake: (
      call: ServerUnaryCall<language.LanguageHandshakeRequest, language.LanguageHandshakeResponse>,
      reply: sendUnaryData<language.LanguageHandshakeResponse>,
    ) => {
      engine = call.request.getEngineAddress();
      reply(null, new languagePb.LanguageHandshakeResponse());
    },
    run: (
      call: ServerUnaryCall<language.RunRequest, language.RunResponse>,
      reply: sendUnaryData<language.RunResponse>,
    ) => {
      void runProgram(call, engine).then((response) => reply(null, response));
    },
    runPlugin,
    cancel: answer<Empty>(() => {
      interruptAll();
      return new emptyPb.Empty();
    }),
    getPluginInfo: answer<PluginInfo>(() => new pluginPb.PluginInfo()),
    // Naming the SDKs' plugins here would only make the engine download them; a provider that is needed is found when used.
    getRequiredPackages: answer<language.GetRequiredPackagesResponse>(
      () => new languagePb.GetRequiredPackagesResponse(),
    ),
    getRequiredPlugins: answer<language.GetRequiredPluginsResponse>(
      () => new languagePb.GetRequiredPluginsResponse(),
    ),
    runtimeOptionsPrompts: answer<language.RuntimeOptionsResponse>(
      () => new languagePb.RuntimeOptionsResponse(),
    ),
    about: answer<language.AboutResponse>(() =>
      new languagePb.AboutResponse().setExecutable(process.execPath).setVersion(process.version),
    ),
    getProgramDependencies,
    installDependencies,
  };
}

/** A method whose answer does not depend on the request. */
function answer<Response>(make: () => Response) {
  return (_call: unknown, reply: sendUnaryData<Response>): void => reply(null, make());
}

function getProgramDependencies(
  call: ServerUnaryCall<language.GetProgramDependenciesRequest, language.GetProgramDependenciesResponse>,
  reply: sendUnaryData<language.GetProgramDependenciesResponse>,
): void {
  const directory = call.request.getInfo()?.getRootDirectory() ?? call.request.getPwd();
  const require = createRequire(join(directory, "package.json"));
  const manifest = JSON.parse(readFileSync(join(directory, "package.json"), "utf8")) as {
    dependencies?: Record<string, string>;
  };
  const dependencies = Object.entries(manifest.dependencies ?? {}).map(([name, wanted]) => {
    const paths = require.resolve.paths(name) ?? [];
    const installed = paths
      .map((path) => versionOf(join(path, name)))
      .find((version) => version !== undefined);
    return new languagePb.DependencyInfo().setName(name).setVersion(installed ?? wanted);
  });
  reply(null, new languagePb.GetProgramDependenciesResponse().setDependenciesList(dependencies));
}

function versionOf(packageDirectory: string): string | undefined {
  try {
    return (JSON.parse(readFileSync(join(packageDirectory, "package.json"), "utf8")) as { version?: string })
      .version;
  } catch {
    return undefined;
  }
}

function installDependencies(
  call: ServerWritableStream<language.InstallDependenciesRequest, language.InstallDependenciesResponse>,
): void {
  const directory = call.request.getInfo()?.getProgramDirectory() ?? call.request.getDirectory();
  const npm = spawn("npm", ["install"], { cwd: directory, stdio: ["ignore", "pipe", "pipe"] });
  npm.stdout.on("data", (data: Buffer) =>
    call.write(new languagePb.InstallDependenciesResponse().setStdout(data)),
  );
  npm.stderr.on("data", (data: Buffer) =>
    call.write(new languagePb.InstallDependenciesResponse().setStderr(data)),
  );
  npm.once("error", (error) => call.destroy(error));
  npm.once("close", (code) => {
    if (code === 0) call.end();
    else call.destroy(new Error(`npm install in ${directory} failed with exit code ${code ?? "none"}`));
  });
  call.on("cancelled", () => npm.kill());
}
