import type { Finding } from "./rule.ts";
import { hasSecretForm, isNamedSecret } from "./secret-text.ts";
import { isKnown } from "./unknown.ts";

/** Plain environment variables that hold a secret, by their name or by their value, which no message repeats. */
export function secretsInEnvironment(
  variables: [name: string, value: unknown][],
  property: string,
): Finding[] {
  return variables.flatMap(([name, value]) => {
    if (!isKnown(value) || typeof value !== "string") return [];
    if (hasSecretForm(value)) return finding(`${property}.${name}`, "");
    return isNamedSecret(name, value)
      ? finding(
          `${property}.${name}`,
          " If it is none, let the name say so: end it in what it is (_NAME, _ID, _URL, _HEADER, _POLICY).",
        )
      : [];
  });
}

function finding(property: string, otherwise: string): Finding[] {
  return [
    {
      property,
      is: "a plain value that looks like a secret",
      must: "in Secrets Manager",
      fix: `Put the value in a secret, pass its ARN, and read it at run time.${otherwise}`,
    },
  ];
}
