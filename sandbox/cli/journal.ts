import { rm } from "node:fs/promises";
import { join } from "node:path";
import { readIfThere, replaceFile } from "./files.ts";
import type { Paths } from "./paths.ts";

/**
 * Notes when an operation on a stack began, until it has succeeded. Only what the cloud made since then can be of an
 * operation whose answer was lost, which leaves nothing in Pulumi's state.
 */
export class Journal {
  readonly #paths: Paths;

  constructor(paths: Paths) {
    this.#paths = paths;
  }

  async begin(stack: string): Promise<void> {
    if ((await this.unsettledSince(stack)) === undefined) {
      await replaceFile(this.#file(stack), new Date().toISOString());
    }
  }

  async settle(stack: string): Promise<void> {
    await rm(this.#file(stack), { force: true });
  }

  /** ISO 8601; undefined when the last operation succeeded. */
  unsettledSince(stack: string): Promise<string | undefined> {
    return readIfThere(this.#file(stack));
  }

  #file(stack: string): string {
    return join(this.#paths.directory, "unsettled", stack);
  }
}
