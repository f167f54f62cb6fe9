/** Reads the function's environment, which the program sets. */
export class Settings {
  readonly #environment: Readonly<Record<string, string | undefined>>;

  constructor(environment: Readonly<Record<string, string | undefined>> = process.env) {
    this.#environment = environment;
  }

  /** @throws Error when it is not set */
  text(name: string): string {
    const value = this.optional(name);
    if (value === undefined) throw new Error(`The function's variable ${name} is not set.`);
    return value;
  }

  optional(name: string): string | undefined {
    const value = this.#environment[name];
    return value === "" ? undefined : value;
  }

  /** @throws Error when it is set to something else; the first is the default */
  choice<const Choice extends string>(name: string, choices: readonly [Choice, ...Choice[]]): Choice {
    const value = this.optional(name) ?? choices[0];
    const found = choices.find((choice) => choice === value);
    if (found === undefined) {
      throw new Error(`The function's variable ${name} is "${value}"; allowed are ${choices.join(", ")}.`);
    }
    return found;
  }
}
