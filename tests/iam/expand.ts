import { defaultRegion } from "../../stacks/config/region.ts";
import { environmentTraits } from "../../stacks/environments.ts";
import type { Account } from "./account.ts";
import { account, poolId } from "./aws-names.ts";
import { type Context, strangersAccount } from "./simulate.ts";

/**
 * The ARNs that a resource of the table stands for (see tests/iam/table.ts): several for `{every ...}`, none where the
 * stack or the other one has nothing of that name.
 */
export function expand(template: string, own: Account, other: Account): string[] {
  const [every, whose = "", kind = ""] = /\{(other )?every ([a-z-]+)\}/.exec(template) ?? [];
  if (every !== undefined) {
    const { arns } = whose === "" ? own : other;
    const names = [...arns.keys()].filter((name) => name.startsWith(`${kind} `));
    return names.flatMap((name) => expand(template.replace(every, `{${whose}${name}}`), own, other));
  }
  const placeholders = [...template.matchAll(/\{(other )?([^{}]+)\}/g)];
  const values = placeholders.map(([, isOther, name = ""]) =>
    valueOf(name, isOther === undefined ? own : other),
  );
  if (values.includes(undefined)) return [];
  return [
    placeholders.reduce(
      (text, [placeholder], index) => text.replace(placeholder, () => values[index] ?? ""),
      template,
    ),
  ];
}

/** The same for the values of condition keys; undefined where one of them stands for nothing. */
export function expandContext(context: Context, own: Account, other: Account): Context | undefined {
  const values = Object.entries(context).map(([key, value]) => [key, expand(value, own, other)[0]] as const);
  return values.every(([, value]) => value !== undefined)
    ? (Object.fromEntries(values) as Record<string, string>)
    : undefined;
}

function valueOf(name: string, stack: Account): string | undefined {
  switch (name) {
    case "account":
      return account;
    case "region":
      return stack.region;
    case "enterprise":
      return stack.scale === "enterprise" ? "" : undefined;
    case "stranger":
      return strangersAccount;
    case "pool":
      return `arn:aws:cognito-idp:${defaultRegion}:${account}:userpool/${poolId(stack.environment)}`;
    case "segment":
      return environmentTraits[stack.environment].secretSegment;
    default:
      return stack.arns.get(name);
  }
}
