import { isOfCloud } from "./components.ts";
import { urnName } from "./events.ts";
import type { State } from "./state.ts";

/** How to lift a stack's protection, when there is any; undefined when it can be destroyed. */
export function protectionText(
  stack: string,
  project: string,
  state: State,
  config: Readonly<Record<string, unknown>>,
): string | undefined {
  const held = state.resources.filter((resource) => resource.protect === true && isOfCloud(resource));
  if (held.length === 0) return undefined;
  const key = `${project}:deletionProtection`;
  const isLifted = String(config[key]) === "false";
  const names = held.slice(0, 4).map(({ type, urn }) => `${type.split(":").at(-1) ?? type} ${urnName(urn)}`);
  const more = held.length > names.length ? ` and ${held.length - names.length} more` : "";
  return [
    `Stack ${stack} is protected: ${names.join(", ")}${more} hold what cannot be made again. Nothing was destroyed.`,
    "Three steps lift it, each on purpose:",
    `  1. npm run sandbox -- config set ${key} false --stack ${stack}${isLifted ? "   (done)" : ""}`,
    `  2. npm start -- --stack ${stack}                      (the update takes the protection off)`,
    `  3. npm start -- --stack ${stack} --destroy`,
  ].join("\n");
}
