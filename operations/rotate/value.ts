import { createInterface } from "node:readline/promises";
import { text } from "node:stream/consumers";
import { Writable } from "node:stream";

/** A value that nobody may see: typed at a terminal it is not echoed; else it is all of the input but its last line's end. */
export async function valueFrom(
  input: NodeJS.ReadStream,
  prompts: NodeJS.WritableStream,
  prompt: string,
): Promise<string> {
  if (!input.isTTY) return (await text(input)).replace(/\r?\n$/, "");
  prompts.write(prompt);
  const mute = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input, output: mute, terminal: true });
  try {
    return await lines.question("");
  } finally {
    lines.close();
    prompts.write("\n");
  }
}
