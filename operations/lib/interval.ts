import { Option } from "commander";

/** How often a command looks while it waits. */
export const intervalOption = (): Option =>
  new Option("--interval <seconds>", "how often to look while waiting").default("10");

/** The interval in milliseconds, or what is wrong with it. */
export function readInterval(seconds: string): { intervalMs: number; problems: readonly string[] } {
  const intervalMs = Number(seconds) * 1000;
  const problems =
    intervalMs >= 10 && intervalMs <= 600_000 ? [] : [`--interval is "${seconds}"; give 0.01 to 600 seconds`];
  return { intervalMs, problems };
}
