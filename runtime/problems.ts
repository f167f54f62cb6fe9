/** What is wrong with one variable. The message never holds its value. */
export interface Problem {
  /** Its name: `API_KEY`; several where one cause reaches them all. */
  readonly variable: string;
  readonly message: string;
}

/** Everything that is wrong with the environment at once. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly problems: readonly Problem[];

  constructor(where: string, problems: readonly Problem[]) {
    const lines = problems.map(({ variable, message }) => `\n  ${variable}: ${message}`);
    super(
      `The configuration of ${where} has ${problems.length === 1 ? "a problem" : `${problems.length} problems`}:${lines.join("")}`,
    );
    this.problems = problems;
  }
}
