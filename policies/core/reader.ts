/** Reads data of unknown shape and collects every problem, each with its path. Absent lists and records are empty. */
export class Reader {
  readonly problems: string[] = [];

  tell(path: string, problem: string): void {
    this.problems.push(`${path === "" ? "the file" : path} ${problem}`);
  }

  object(given: unknown, path: string, keys: readonly string[]): Record<string, unknown> {
    if (typeof given !== "object" || given === null || Array.isArray(given)) {
      this.tell(path, `is ${shown(given)}; it must be an object`);
      return {};
    }
    const entries = Object.entries(given);
    for (const [key] of entries.filter(([name]) => !keys.includes(name)))
      this.tell(join(path, key), `is not known; known are ${keys.join(", ") || "none"}`);
    return Object.fromEntries(entries.filter(([key]) => keys.includes(key)));
  }

  list<T>(given: unknown, path: string, read: (entry: unknown, path: string) => T): T[] {
    if (given === undefined) return [];
    if (!Array.isArray(given)) {
      this.tell(path, `is ${shown(given)}; it must be a list`);
      return [];
    }
    return given.map((entry: unknown, index) => read(entry, `${path}[${index}]`));
  }

  record<T>(given: unknown, path: string, read: (entry: unknown, path: string) => T): Record<string, T> {
    if (given === undefined) return {};
    if (typeof given !== "object" || given === null || Array.isArray(given)) {
      this.tell(path, `is ${shown(given)}; it must be an object`);
      return {};
    }
    return Object.fromEntries(
      Object.entries(given).map(([key, value]) => [key, read(value, `${path}["${key}"]`)]),
    );
  }

  text(given: unknown, path: string, meaning: string): string {
    if (typeof given === "string" && given.trim() !== "") return given;
    this.tell(path, `is ${shown(given)}; it must be ${meaning}`);
    return "";
  }

  number(given: unknown, path: string): number {
    if (typeof given === "number" && Number.isFinite(given)) return given;
    this.tell(path, `is ${shown(given)}; it must be a number`);
    return 0;
  }

  oneOf(given: unknown, path: string, allowed: readonly string[]): string {
    if (typeof given === "string" && allowed.includes(given)) return given;
    const known =
      allowed.length > 12 ? "a rule of the pack or a group (policies/README.md)" : allowed.join(", ");
    this.tell(path, `is ${shown(given)}; it must be one of: ${known}`);
    return "";
  }
}

function join(path: string, key: string): string {
  return path === "" ? key : `${path}.${key}`;
}

function shown(given: unknown): string {
  return given === undefined ? "not set" : JSON.stringify(given);
}
