import { isAbout, isUnconditional, policyOf, type Statement } from "./documents.ts";
import type { Node } from "./graph.ts";
import { isKnown } from "./unknown.ts";
import { covers as coversText, isFree } from "./wildcards.ts";

/** Somebody who asks to use a key. */
export interface Use {
  /**
   * A service by itself, or one on behalf of a caller of the account, whose own policies decide then (KMS Developer
   * Guide, "Permissions for AWS services in key policies").
   */
  by: "service" | "caller";
  /** `logs`, `cloudtrail`, `delivery.logs`; of a caller the service that is called. */
  service: string;
  region: string | undefined;
  actions: readonly string[];
}

type Answer = "yes" | "no" | "unknown";

/** Whether a key's policy lets somebody use it. Without a policy the account's callers may, and nobody else. */
export function permits(key: Node, use: Use): Answer {
  if (!("policy" in key.inputs)) return use.by === "caller" ? "yes" : "no";
  const statements = policyOf(key);
  if (statements === undefined) return "unknown";
  const answers = use.actions.map((action) => answer(statements, action, use));
  return (["no", "unknown"] as const).find((worst) => answers.includes(worst)) ?? "yes";
}

function answer(statements: readonly Statement[], action: string, use: Use): Answer {
  const speaking = (effect: string): Answer[] =>
    statements
      .filter((statement) => statement.effect === effect)
      .map((statement) => speaksOf(statement, action, use));
  // What may be denied is not permitted; a denial with conditions is for other uses than these.
  if (speaking("Deny").includes("yes")) return "no";
  const allowed = speaking("Allow");
  return (["yes", "unknown"] as const).find((best) => allowed.includes(best)) ?? "no";
}

function speaksOf(statement: Statement, action: string, use: Use): Answer {
  const holds = statement.effect === "Deny" ? isUnconditional(statement) : canHold(statement, use);
  const answers = [
    names(statement, use),
    covers(statement, action),
    isOfKey(statement),
    holds ? "yes" : "no",
  ];
  return (["no", "unknown"] as const).find((worst) => answers.includes(worst)) ?? "yes";
}

function names({ principals, allButPrincipals }: Statement, use: Use): Answer {
  if (!isKnown(principals)) return "unknown";
  if (principals === undefined || allButPrincipals) return "no";
  const accounts = principals["AWS"] ?? [];
  if (accounts.includes("*")) return "yes";
  const asked = use.by === "caller" ? accounts : (principals["Service"] ?? []);
  const isNamed = asked.some(
    (name) => isKnown(name) && (use.by === "caller" ? isAccount(name) : isService(name, use)),
  );
  if (isNamed) return "yes";
  return asked.every(isKnown) ? "no" : "unknown";
}

/** The account as a whole, which leaves it to the callers' own policies. */
function isAccount(name: string): boolean {
  return /^(\d{12}|arn:[^:]*:iam::[^:]*:root)$/.test(name);
}

/** CloudWatch Logs is a principal of its region; where the region is not told, any will do. */
function isService(name: string, { service, region }: Use): boolean {
  const escaped = service.replaceAll(".", "\\.");
  const place = region ?? "[a-z0-9-]+";
  return new RegExp(`^${escaped}(\\.${place})?\\.amazonaws\\.com$`).test(name);
}

function covers({ actions, allButActions }: Statement, action: string): Answer {
  const isNamed = isAbout(actions, action);
  if (isNamed) return allButActions ? "no" : "yes";
  if (!actions.every(isKnown)) return "unknown";
  return allButActions ? "yes" : "no";
}

/** In a key's policy `*` is the key; an ARN may be its own. */
function isOfKey({ resources, allButResources }: Statement): Answer {
  if (allButResources) return "no";
  if (
    resources.length === 0 ||
    resources.some((resource) => isKnown(resource) && /^(\*$|arn:[^:]*:kms:)/.test(resource))
  )
    return "yes";
  return resources.every(isKnown) ? "no" : "unknown";
}

/** Whether the conditions can be met: each must be able to match what the use says of itself. */
function canHold({ conditions }: Statement, use: Use): boolean {
  if (!isKnown(conditions)) return true;
  const asked = Object.entries(conditions)
    .filter(([operator]) => /^(Arn|String)(Like|Equals)(IfExists)?$/.test(operator))
    .flatMap(([, keys]) => Object.entries(keys));
  return asked.every(([key, patterns]) => {
    const matches = CONDITIONS[key.toLowerCase()] ?? contextOf(key, use);
    return matches === undefined || patterns.some((pattern) => !isKnown(pattern) || matches(pattern, use));
  });
}

/** What a use says of itself, by condition key: whether a pattern can match it. */
const CONDITIONS: Readonly<Record<string, ((pattern: string, use: Use) => boolean) | undefined>> = {
  // KMS says it of services that act for a caller, and of no other.
  "kms:viaservice": (pattern, { by, service, region }) =>
    by === "caller" &&
    (region === undefined
      ? coversText(pattern.split(".")[0] ?? "", service)
      : coversText(pattern, `${service}.${region}.amazonaws.com`)),
  // A caller is no resource.
  "aws:sourcearn": (pattern, { by, service, region }) =>
    by === "service" && isArnOf(pattern, service.split(".").at(-1) ?? service, region),
};

/** The encryption context of CloudWatch Logs says of which log group the data is. */
function contextOf(key: string, { service, region }: Use): ((pattern: string) => boolean) | undefined {
  return key.toLowerCase() === `kms:encryptioncontext:aws:${service}:arn`
    ? (pattern) => isArnOf(pattern, service, region)
    : undefined;
}

/** Whether a pattern can be an ARN of the service in its region; some have none. */
function isArnOf(pattern: string, service: string, region: string | undefined): boolean {
  if (isFree(pattern)) return true;
  const [, , named = "", place = ""] = pattern.split(":");
  return coversText(named, service) && (region === undefined || place === "" || coversText(place, region));
}
