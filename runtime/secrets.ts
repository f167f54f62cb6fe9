import type { FetchSecret, SecretValue } from "./secret-fetching.ts";
import type { SecretKind } from "./secret-kinds.ts";
import { readFailure } from "./secret-failures.ts";

/** How long things may take and last, in milliseconds unless named otherwise. */
export interface SecretOptions {
  /** Seconds for which a value is used before it is read again, 60 to 300. @default - 120 */
  cacheSeconds?: number;
  /** What a first reading may take, its retries included. @default - 8000: Lambda gives a start ten seconds */
  firstReadMs?: number;
  /** What a later reading may take; requests wait for it. @default - 3000 */
  rereadMs?: number;
  /** Told what could not be read again, while the last value goes on serving. @default - console.warn */
  onWarning?: (message: string) => void;
  /** Milliseconds, from anywhere. @default - the process's own clock */
  now?: () => number;
}

/** For how long a secret is left alone after it could not be read again, or was read again for nothing. */
const PAUSE_MS = { failed: 30_000, fruitless: 1_000 };

interface Entry {
  readonly id: string;
  value?: SecretValue;
  readAt: number;
  /** Until when it is left alone. */
  quietUntil: number;
  reading?: Promise<SecretValue>;
}

/**
 * An environment's secrets, read by ARN or path and cached. A value is read again after a while, and at once when somebody
 * tells that it was refused: a rotation needs no restart. While Secrets Manager is away, the last value goes on serving.
 */
export class Secrets {
  readonly #entries: ReadonlyMap<SecretKind, Entry>;
  readonly #fetch: FetchSecret;
  readonly #options: Required<SecretOptions>;

  /**
   * @param ids ARN or path of each secret
   * @throws RangeError when cacheSeconds is not 60 to 300
   */
  constructor(ids: Readonly<Record<SecretKind, string>>, fetch: FetchSecret, options: SecretOptions = {}) {
    this.#entries = new Map(
      Object.entries(ids).map(([kind, id]) => [
        kind as SecretKind,
        { id, readAt: -Infinity, quietUntil: -Infinity },
      ]),
    );
    this.#fetch = fetch;
    this.#options = {
      cacheSeconds: options.cacheSeconds ?? 120,
      firstReadMs: options.firstReadMs ?? 8_000,
      rereadMs: options.rereadMs ?? 3_000,
      onWarning: options.onWarning ?? ((message) => console.warn(message)),
      now: options.now ?? (() => performance.now()),
    };
    const { cacheSeconds } = this.#options;
    if (!(cacheSeconds >= 60 && cacheSeconds <= 300)) {
      throw new RangeError(`cacheSeconds is ${cacheSeconds}; allowed are 60 to 300`);
    }
    Object.freeze(this);
  }

  /** Secrets that never change, of a machine without AWS. */
  static fixed(fields: Readonly<Record<SecretKind, SecretValue["fields"]>>): Secrets {
    const kinds = Object.keys(fields) as SecretKind[];
    const ids = Object.fromEntries(kinds.map((kind) => [kind, kind])) as Record<SecretKind, string>;
    return new Secrets(ids, (id) => Promise.resolve({ version: "fixed", fields: fields[id as SecretKind] }));
  }

  /**
   * The secret, as it was read at most `cacheSeconds` ago.
   *
   * @throws SecretError when it cannot be read and never was
   */
  async read(kind: SecretKind): Promise<SecretValue> {
    const entry = this.#entry(kind);
    const { cacheSeconds, now } = this.#options;
    const isFresh = now() < Math.max(entry.readAt + cacheSeconds * 1000, entry.quietUntil);
    if (entry.value && isFresh) return entry.value;
    return this.#reread(entry);
  }

  /**
   * The secret after somebody refused `rejected`: read again, once for all who ask at the same time. The same value comes
   * back where it is still the current one; then the refusal has another reason.
   */
  async renew(kind: SecretKind, rejected: SecretValue): Promise<SecretValue> {
    const entry = this.#entry(kind);
    // Somebody else has read it again meanwhile.
    if (entry.value && entry.value !== rejected) return entry.value;
    const { now } = this.#options;
    if (entry.value && now() < entry.quietUntil) return entry.value;
    const value = await this.#reread(entry);
    if (value === rejected) entry.quietUntil = Math.max(entry.quietUntil, now() + PAUSE_MS.fruitless);
    return value;
  }

  /**
   * Works with a secret, and once more with a newer one where the first was refused.
   *
   * @param isRefusal whether an error says that the secret was refused
   */
  async use<T>(
    kind: SecretKind,
    isRefusal: (error: unknown) => boolean,
    work: (value: SecretValue) => Promise<T>,
  ): Promise<T> {
    const value = await this.read(kind);
    try {
      return await work(value);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      const renewed = await this.renew(kind, value);
      if (renewed === value) throw error;
      return work(renewed);
    }
  }

  #entry(kind: SecretKind): Entry {
    const entry = this.#entries.get(kind);
    if (!entry) throw new TypeError(`There is no secret ${kind}.`);
    return entry;
  }

  #reread(entry: Entry): Promise<SecretValue> {
    entry.reading ??= this.#fetchInto(entry).finally(() => delete entry.reading);
    return entry.reading;
  }

  async #fetchInto(entry: Entry): Promise<SecretValue> {
    const { firstReadMs, rereadMs, now, onWarning } = this.#options;
    const before = entry.value;
    try {
      const signal = AbortSignal.timeout(before ? rereadMs : firstReadMs);
      const read = await inTime(this.#fetch(entry.id, signal), signal);
      // The same version stays the same object: whoever was refused with it sees that nothing is new.
      entry.value = before?.version === read.version ? before : read;
      entry.readAt = now();
      return entry.value;
    } catch (error) {
      const failure = readFailure(entry.id, error);
      if (!before) throw failure;
      entry.quietUntil = now() + PAUSE_MS.failed;
      onWarning(`${failure.message} (${failure.code}); its last value goes on serving`);
      return before;
    }
  }
}

/** A client that does not heed its signal must not hold anybody up. */
function inTime<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
    work.then(resolve, reject);
  });
}
