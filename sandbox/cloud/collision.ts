import type { Context, NameRule, Rule } from "./rule.ts";

/** What AWS says when the name that a resource wants is taken or still reserved. */
export function collision(rule: Rule, context: Context): string | undefined {
  if (rule.name === undefined || rule.name.scope === "none") return undefined;
  const { property, scope } = rule.name;
  const name = context.inputs[property];
  if (typeof name !== "string") return undefined;
  const region = scope === "region" ? context.region : undefined;
  const holder = context.world.find(context.type, property, name, region);
  if (holder !== undefined && holder.id !== context.id) return taken(rule.name, context, name);
  const until = context.world.reservedUntil(context.type, name);
  return context.state === undefined && until !== undefined
    ? `creating ${context.type} (${name}): InvalidRequestException: the name is scheduled for deletion and reserved until ${until}`
    : undefined;
}

function taken(rule: NameRule, context: Context, name: string): string {
  return (
    rule.taken?.(name) ??
    `creating ${context.type} (${name}): AlreadyExists: ${rule.property} "${name}" is taken in the ${rule.scope === "region" ? `region ${context.region}` : "account"}`
  );
}
