import { errorText } from "./user-error.ts";

/** Runs a command of the sandbox: its number is the exit code, and an error is shown as one text. */
export async function main(command: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await command();
  } catch (error) {
    process.stderr.write(`${errorText(error)}\n`);
    process.exitCode = 1;
  }
}
