import type { ServerUnaryCall } from "@grpc/grpc-js";
import languagePb from "@pulumi/pulumi/proto/language_pb.js";
import type { RunRequest, RunResponse } from "@pulumi/pulumi/proto/language_pb.js";

import { interrupt, locateModule, startNode } from "./children.ts";
import { optionEnvironment, parseOptions } from "./options.ts";

/** The SDK's exit code for "the user has already been told". */
const ALREADY_REPORTED = 32;

/** Runs a Pulumi program to its end. Never rejects: what went wrong is the answer's `error`, as the engine expects. */
export async function runProgram(
  call: ServerUnaryCall<RunRequest, RunResponse>,
  engineAddress: string,
): Promise<RunResponse> {
  const response = new languagePb.RunResponse();
  try {
    const { code, signal } = await execute(call, engineAddress);
    if (code === ALREADY_REPORTED) response.setBail(true);
    else if (signal) response.setError(`Program was ended by signal ${signal}`);
    else if (code !== 0) response.setError(`Program exited with non-zero exit code: ${code ?? "none"}`);
  } catch (error) {
    response.setError(`Problem executing program: ${(error as Error).message}`);
  }
  return response;
}

interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

function execute(call: ServerUnaryCall<RunRequest, RunResponse>, engineAddress: string): Promise<Exit> {
  const request = call.request;
  const info = request.getInfo();
  const directory = info?.getProgramDirectory() ?? request.getPwd();
  const options = parseOptions(info?.getOptions()?.toJavaScript() ?? {});
  const runner = locateModule("@pulumi/pulumi/cmd/run", directory, "npm install");
  const flags = {
    monitor: request.getMonitorAddress(),
    engine: engineAddress,
    organization: request.getOrganization(),
    project: request.getProject(),
    "root-directory": info?.getRootDirectory() ?? "",
    stack: request.getStack(),
    pwd: directory,
    parallel: String(request.getParallel()),
  };
  const args = [
    ...options.nodeargs,
    ...(request.getAttachDebugger() ? ["--inspect-brk"] : []),
    runner,
    ...Object.entries(flags)
      .filter(([, value]) => value !== "")
      .map(([name, value]) => `--${name}=${value}`),
    ...(request.getDryrun() ? ["--dry-run"] : []),
    info?.getEntryPoint() ?? ".",
    ...request.getArgsList(),
  ];
  const child = startNode(args, {
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      ...optionEnvironment(options),
      PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().toObject())),
      PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
    },
  });
  child.stdout?.pipe(process.stdout, { end: false });
  child.stderr?.pipe(process.stderr, { end: false });
  call.on("cancelled", () => interrupt(child));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve({ code, signal }));
  });
}
