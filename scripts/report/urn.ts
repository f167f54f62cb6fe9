import { urnName } from "../../sandbox/cli/events.ts";

export { urnName };

/** A resource as people know it: `rds Instance "database"`. */
export function subject({ urn, type }: { urn: string; type: string }): string {
  return `${shortType(type)} "${urnName(urn)}"`;
}

/** `rds Instance` of `aws:rds/instance:Instance`, `Vpc` of `macro-ai:components:Vpc`. */
export function shortType(type: string): string {
  const parts = type.split(":");
  const [owner = "", module = ""] = parts;
  const name = parts.at(-1) ?? type;
  if (owner === "macro-ai" || parts.length < 3) return name;
  const service = module.split("/")[0] ?? "";
  return `${service === "index" ? owner : service} ${name}`;
}
