/** The cloud file: every resource of the stand-in cloud in one JSON file, written atomically. */

import { readFileSync, statSync } from "node:fs";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { setImmediate } from "node:timers/promises";
import type { Entry, Outputs } from "./rule.ts";

/** The only account there is. */
export const accountId = "123456789012";

const version = 1;

/** A resource with what its computed values are derived from. */
export interface StoredEntry extends Entry {
  /** Hexadecimal; the same through the resource's life. */
  readonly seed: string;
}

interface CloudDocument {
  readonly version: number;
  readonly account: string;
  readonly resources: Readonly<Record<string, StoredEntry>>;
  /** `<type>|<region>|<name>` to the time at which the name becomes free. */
  readonly reservedNames: Readonly<Record<string, string>>;
  /** How often a URN has been created: a resource made again gets other ids. */
  readonly generations: Readonly<Record<string, number>>;
  /** `<kind>|<region>|<name>`: what AWS keeps without a resource of any program. */
  readonly kept: Readonly<Record<string, Outputs>>;
}

interface Held {
  readonly entry: StoredEntry;
  /** The entry as it stands in the file; made once, when it is first written. */
  text?: string;
}

/** The cloud file cannot be read or written. The message says what to do; nothing has been lost. */
export class CloudFileError extends Error {}

/** All resources of a cloud file, for tools and tests that look at it. Throws a CloudFileError; a missing file is empty. */
export function readCloud(file: string): readonly StoredEntry[] {
  return Object.values(load(resolve(file))?.resources ?? {});
}

/** What a cloud file says AWS keeps without a resource of any program, by `<kind>|<region>|<name>`. */
export function readKept(file: string): Readonly<Record<string, Outputs>> {
  return load(resolve(file))?.kept ?? {};
}

/** The cloud in memory, backed by its file. */
export class Store {
  readonly file: string;
  #byType = new Map<string, Map<string, Held>>();
  #reserved = new Map<string, string>();
  #generations = new Map<string, number>();
  #kept = new Map<string, Outputs>();
  #stamp = "";
  #current: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;
  #failure: CloudFileError | undefined;

  /** Throws a CloudFileError when the file is there but cannot be read. */
  constructor(file: string) {
    this.file = resolve(file);
    this.#load();
  }

  get(type: string, id: string, region?: string): StoredEntry | undefined {
    const held = this.#byType.get(type);
    if (region !== undefined) return held?.get(`${region}|${id}`)?.entry;
    return this.list(type).find((entry) => entry.id === id);
  }

  list(type: string, region?: string): readonly StoredEntry[] {
    const entries: StoredEntry[] = [];
    for (const { entry } of this.#byType.get(type)?.values() ?? [])
      if (region === undefined || entry.region === region) entries.push(entry);
    return entries;
  }

  put(entry: StoredEntry): void {
    let held = this.#byType.get(entry.type);
    if (held === undefined) this.#byType.set(entry.type, (held = new Map<string, Held>()));
    held.set(`${entry.region}|${entry.id}`, { entry });
  }

  delete(entry: Entry): void {
    this.#byType.get(entry.type)?.delete(`${entry.region}|${entry.id}`);
  }

  change(entry: Entry, state: Outputs): void {
    const stored = this.get(entry.type, entry.id, entry.region);
    if (stored !== undefined) this.put({ ...stored, state });
  }

  reserve(key: string, until: string): void {
    this.#reserved.set(key, until);
  }

  /** Until when the name is reserved, if it still is. */
  reservedUntil(key: string): string | undefined {
    const until = this.#reserved.get(key);
    return until !== undefined && Date.parse(until) > Date.now() ? until : undefined;
  }

  keep(key: string, state: Outputs): void {
    this.#kept.set(key, state);
  }

  kept(key: string): Outputs | undefined {
    return this.#kept.get(key);
  }

  /** Counts one more creation of this URN, from 1. */
  nextGeneration(urn: string): number {
    const generation = (this.#generations.get(urn) ?? 0) + 1;
    this.#generations.set(urn, generation);
    return generation;
  }

  /** Takes over a file that somebody changed since it was read or written. */
  reload(): void {
    if (this.#next === undefined && stamp(this.file) !== this.#stamp) this.#load();
  }

  /** Throws when an earlier write failed: from then on memory and file differ. */
  assertWritable(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Resolves when everything changed so far is on disk. Changes made while a write is under way share the next one. */
  commit(): Promise<void> {
    if (this.#next !== undefined) return this.#next;
    const next = this.#current.then(async () => {
      await setImmediate();
      this.#next = undefined;
      await this.#write();
    });
    this.#next = next;
    this.#current = next.catch(() => undefined);
    return next;
  }

  /** Resolves when no write is under way any more, whether it went well or not. */
  settled(): Promise<void> {
    return this.#current;
  }

  #load(): void {
    const content = load(this.file);
    this.#stamp = stamp(this.file);
    this.#byType = new Map();
    for (const entry of Object.values(content?.resources ?? {})) this.put(entry);
    this.#reserved = new Map(Object.entries(content?.reservedNames ?? {}));
    this.#generations = new Map(Object.entries(content?.generations ?? {}));
    this.#kept = new Map(Object.entries(content?.kept ?? {}));
  }

  async #write(): Promise<void> {
    this.assertWritable();
    const temporary = `${this.file}.${process.pid}.tmp`;
    try {
      await mkdir(dirname(this.file), { recursive: true });
      const handle = await open(temporary, "w", 0o600);
      try {
        await handle.writeFile(this.#serialize());
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(temporary, this.file);
      this.#stamp = stamp(this.file);
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => undefined);
      this.#failure = new CloudFileError(
        `The cloud file ${this.file} cannot be written: ${describe(error)}. The file is as it was before this operation; mend the cause and run the command again.`,
        { cause: error },
      );
      throw this.#failure;
    }
  }

  #serialize(): string {
    const resources: string[] = [];
    for (const [type, entries] of this.#byType)
      for (const [key, held] of entries) {
        held.text ??= `  ${JSON.stringify(`${type}|${key}`)}: ${JSON.stringify(held.entry, undefined, 1).replaceAll("\n", "\n  ")}`;
        resources.push(held.text);
      }
    return `{
 "version": ${version},
 "account": ${JSON.stringify(accountId)},
 "resources": {
${resources.join(",\n")}
 },
 "reservedNames": ${JSON.stringify(Object.fromEntries(this.#reserved))},
 "generations": ${JSON.stringify(Object.fromEntries(this.#generations))},
 "kept": ${JSON.stringify(Object.fromEntries(this.#kept))}
}
`;
  }
}

function load(file: string): CloudDocument | undefined {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new CloudFileError(`The cloud file ${file} cannot be read: ${describe(error)}.`, { cause: error });
  }
  const broken = (what: string, cause?: unknown) =>
    new CloudFileError(
      `The cloud file ${file} ${what}. It has been left as it is: mend it, or move it away ("mv ${file} ${file}.broken") to start with an empty cloud; stacks that were up then need "refresh".`,
      { cause },
    );
  let document: Partial<CloudDocument> | null;
  try {
    document = JSON.parse(text) as Partial<CloudDocument> | null;
  } catch (error) {
    throw broken(`is not valid JSON (${describe(error)})`, error);
  }
  if (document?.version !== version)
    throw broken(`has version ${String(document?.version)}, but this checkout reads version ${version}`);
  if (!isTable(document.resources) || !Object.values(document.resources).every(isEntry))
    throw broken(`has no proper "resources"`);
  return {
    version,
    account: accountId,
    resources: document.resources,
    reservedNames: document.reservedNames ?? {},
    generations: document.generations ?? {},
    kept: document.kept ?? {},
  };
}

function isEntry(value: unknown): boolean {
  if (!isTable(value)) return false;
  const { type, id, region, urn, inputs, state } = value as Readonly<
    Partial<Record<keyof StoredEntry, unknown>>
  >;
  return (
    [type, id, region, urn].every((text) => typeof text === "string") && isTable(inputs) && isTable(state)
  );
}

function isTable(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Changes whenever the file is replaced or edited. */
function stamp(file: string): string {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat === undefined ? "" : `${stat.ino}:${stat.size}:${stat.mtimeMs}`;
}

function describe(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === "ENOSPC" ? "no space left on the device" : message;
}
