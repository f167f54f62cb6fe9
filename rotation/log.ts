/**
 * One line of JSON, so that no value can forge a line of its own. Never give it a secret's value. Not by `console.log`: Lambda puts
 * words of its own before that, and nothing could read the line as JSON.
 */
export function log(entry: Readonly<Record<string, string | number | undefined>>): void {
  print(JSON.stringify(entry));
}

/** The line as it is. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
