import type { Deadline } from "../deadline.ts";
import { RotationError } from "../errors.ts";
import { jsonObject, wrongShape } from "../json.ts";
import { secretStore } from "../store.ts";

/**
 * The current text of a secret beside the rotated one.
 *
 * @param what names it in errors: "master user's secret"
 * @throws RotationError "no-current-value"
 */
export async function currentText(secretId: string, what: string, deadline: Deadline): Promise<string> {
  const version = await secretStore(secretId, deadline).labelled("AWSCURRENT");
  if (!version) throw new RotationError("no-current-value", `The ${what} is empty.`);
  return version.text;
}

/**
 * Fields of its current value.
 *
 * @throws RotationError "no-current-value" or "wrong-shape"
 */
export async function currentFields<Name extends string>(
  secretId: string,
  what: string,
  deadline: Deadline,
  ...names: readonly Name[]
): Promise<Record<Name, string>> {
  const fields = jsonObject(await currentText(secretId, what, deadline));
  if (!names.every((name) => typeof fields[name] === "string")) {
    throw wrongShape(`the ${what} lacks ${names.join(" or ")}`);
  }
  return fields as Record<Name, string>;
}
