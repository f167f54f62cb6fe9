import { errorText, Interrupted } from "./operation-error.ts";

/** One press of Ctrl-C can arrive twice: from the terminal, and from npm, which passes on what it gets. */
const ONE_PRESS_MS = 700;

/**
 * Runs a command to its exit code. The first Ctrl-C lets it stop at the next safe place; the second ends it at once, which is
 * safe as well, since every step may be repeated.
 */
export async function runCommand(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const controller = new AbortController();
  let pressed: number | undefined;
  const onSignal = (): void => {
    const now = performance.now();
    if (pressed !== undefined && now - pressed > ONE_PRESS_MS) process.exit(130);
    pressed ??= now;
    controller.abort(new Interrupted("Interrupted."));
  };
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, onSignal);
  // The reader of the output, e.g. `head`, may go before its end.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
  try {
    await work(controller.signal);
  } catch (error) {
    process.stderr.write(`${errorText(error)}\n`);
    process.exitCode = error instanceof Interrupted ? 130 : 1;
  } finally {
    for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.off(name, onSignal);
  }
}
