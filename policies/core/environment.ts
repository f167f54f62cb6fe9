import type { Finding } from "./rule.ts";
import { isKnown } from "./unknown.ts";

/** Names that promise a secret: DB_PASSWORD, API_KEY, COOKIE_ENCRYPTION_KEY, AUTH_TOKEN. */
const SECRET_NAME =
  /(^|_)(PASSWORD|PASSWD|PWD|SECRET|TOKEN|CREDENTIALS?|(API|PRIVATE|SECRET|ACCESS|ENCRYPTION|SIGNING)_?KEY)(_|$)/i;

/** Values that are secrets whatever their name: AWS keys, OpenAI and other `sk-` keys, private keys, URLs with a password. */
const SECRET_VALUE =
  /\b(AKIA|ASIA)[A-Z0-9]{16}\b|^sk-[\w-]{16,}|-----BEGIN [A-Z ]*PRIVATE KEY-----|^\w+:\/\/[^/\s:@]*:[^/\s@]+@/;

/** What may stand under such a name: where the secret is (an ARN or a path), or how it behaves. */
const REFERENCE = /^(arn:|\/[\w/.@=+-]*$|\d{1,6}$|true$|false$|$)/;

/** Plain environment variables that hold a secret, by their name or by their value, which no message repeats. */
export function secretsInEnvironment(
  variables: [name: string, value: unknown][],
  property: string,
): Finding[] {
  return variables.flatMap(([name, value]) => {
    if (!isKnown(value) || typeof value !== "string") return [];
    const looks = SECRET_VALUE.test(value) || (SECRET_NAME.test(name) && !REFERENCE.test(value));
    return looks
      ? {
          property: `${property}.${name}`,
          is: "a plain value that looks like a secret",
          must: "in Secrets Manager",
          fix: "Put the value in a secret, pass its ARN, and read it at run time.",
        }
      : [];
  });
}
