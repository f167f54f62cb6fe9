/** A text of the program, whose commands are Pulumi's own, with those that reach the sandbox. */
export function forSandbox(text: string): string {
  return text.replaceAll(/^(\s*(?:Fix|Or|Then): +)pulumi /gm, "$1npm run sandbox -- ");
}
