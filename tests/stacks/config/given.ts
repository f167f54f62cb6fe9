import { keyText } from "../../../stacks/config/commands.ts";
import { standIns } from "../../../stacks/config/keys.ts";
import { parseConfig } from "../../../stacks/config/parse.ts";
import { describeProblems } from "../../../stacks/config/problems.ts";

/** A configuration as `parseConfig` takes it. */
export interface Given {
  readonly raw: Readonly<Record<string, string>>;
  readonly secretKeys: readonly string[];
}

const secrets = standIns().filter(({ secret }) => secret);

/** A valid staging stack at hobby scale. */
export const hobby = given({ environment: "staging" });

/** A valid production stack at enterprise scale. */
export const enterprise = given({
  environment: "production",
  scale: "enterprise",
  domain: "macro-ai.com",
  hostedZoneId: "Z0123456789EXAMPLE",
  alertEmail: "alerts@macro-ai.com",
});

/** The base with keys changed, written without this project's namespace; undefined takes one away, an object is a group. */
export function changed(base: Given, changes: Readonly<Record<string, unknown>>): Given {
  const raw = Object.entries({ ...base.raw, ...named(changes) }).filter(([, value]) => value !== "");
  return { ...base, raw: Object.fromEntries(raw) };
}

/** What a user is told about the configuration of stack "s"; empty when it is right. */
export function told({ raw, secretKeys }: Given): string {
  const outcome = parseConfig(raw, secretKeys, "s");
  return outcome.ok ? "" : describeProblems(outcome.problems, "s");
}

function given(plain: Readonly<Record<string, string>>): Given {
  const raw = { ...named(plain), ...Object.fromEntries(secrets.map(({ key, value }) => [key, value])) };
  return { raw, secretKeys: secrets.map(({ key }) => key) };
}

function named(changes: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(changes).map(([key, value]) => [
      keyText([key]),
      value === undefined ? "" : typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}
