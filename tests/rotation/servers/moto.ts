import type { ChildProcess } from "node:child_process";
import { startServer } from "./programs.ts";
import { pythonProgram } from "./python.ts";

/** Starts moto, the stand-in of AWS's own interfaces, on a free port. */
export async function moto(): Promise<{ child: ChildProcess; port: number }> {
  const { child, line } = await startServer(
    await pythonProgram("moto_server"),
    ["-H", "127.0.0.1", "-p", "0"],
    {
      ready: /Running on http:\/\/127\.0\.0\.1:(\d+)/,
    },
  );
  return { child, port: Number(/\d+$/.exec(line)?.[0]) };
}
