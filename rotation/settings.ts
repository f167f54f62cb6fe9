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
    return one(name, this.optional(name) ?? choices[0], choices);
  }

  /**
   * Several, with commas between; each counts once.
   *
   * @throws Error when one is something else; the first is the default
   */
  choices<const Choice extends string>(name: string, choices: readonly [Choice, ...Choice[]]): Choice[] {
    const values = (this.optional(name) ?? choices[0]).split(",").map((value) => value.trim());
    return [...new Set(values.map((value) => one(name, value, choices)))];
  }
}

function one<const Choice extends string>(name: string, value: string, choices: readonly Choice[]): Choice {
  const found = choices.find((choice) => choice === value);
  if (found === undefined) {
    throw new Error(`The function's variable ${name} is "${value}"; allowed are ${choices.join(", ")}.`);
  }
  return found;
}
