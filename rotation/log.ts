/** One line of JSON, so that no value can forge a line of its own. Never give it a secret's value. */
export function log(entry: Readonly<Record<string, string | number | undefined>>): void {
  console.log(JSON.stringify(entry));
}
