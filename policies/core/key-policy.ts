import { isUnconditional, policyOf, type Statement } from "./documents.ts";
import { globPattern } from "./glob.ts";
import type { Node } from "./graph.ts";
import { isKnown } from "./unknown.ts";

/** A service that asks to use a key. */
export interface Use {
  /** `logs`, `cloudtrail`. */
  service: string;
  region: string | undefined;
  actions: string[];
}

/** Whether a key's policy lets a service use it by itself. Without a policy only the account may. */
export function permits(key: Node, use: Use): "yes" | "no" | "unknown" {
  const statements = policyOf(key);
  if (statements === undefined) return "unknown";
  const isGranted = (action: string): boolean =>
    statements.some((statement) => statement.effect === "Allow" && speaksOf(statement, action, use)) &&
    !statements.some((statement) => statement.effect === "Deny" && speaksOf(statement, action, use));
  return use.actions.every(isGranted) ? "yes" : "no";
}

function speaksOf(statement: Statement, action: string, use: Use): boolean {
  return (
    names(statement, use) &&
    covers(statement, action) &&
    (statement.effect === "Deny" ? isUnconditional(statement) : canHold(statement, use))
  );
}

function names({ principals, allButPrincipals }: Statement, { service, region }: Use): boolean {
  if (principals === undefined || !isKnown(principals) || allButPrincipals) return false;
  const asked = [
    `${service}.amazonaws.com`,
    ...(region === undefined ? [] : [`${service}.${region}.amazonaws.com`]),
  ];
  const services = principals["Service"] ?? [];
  // CloudWatch Logs is a principal of its region; where the region is not told, any will do.
  const regional = new RegExp(`^${service}\\.[a-z0-9-]+\\.amazonaws\\.com$`);
  return (
    (principals["AWS"] ?? []).includes("*") ||
    services.some(
      (name) => isKnown(name) && (asked.includes(name) || (region === undefined && regional.test(name))),
    )
  );
}

function covers({ actions, allButActions }: Statement, action: string): boolean {
  const isNamed = actions.some((pattern) => isKnown(pattern) && globPattern(pattern, "i").test(action));
  return isNamed !== allButActions;
}

/** A condition on the encryption context's ARN must be able to match an ARN of the service in its region. */
function canHold({ conditions }: Statement, { service, region }: Use): boolean {
  if (!isKnown(conditions)) return true;
  const contexts = Object.entries(conditions)
    .filter(([operator]) => /^(Arn|String)(Like|Equals)$/.test(operator))
    .flatMap(([, keys]) => Object.entries(keys))
    .filter(([key]) => key.toLowerCase() === `kms:encryptioncontext:aws:${service}:arn`);
  return contexts.every(([, patterns]) =>
    patterns.some((pattern) => {
      if (!isKnown(pattern)) return true;
      const [, , named = "", place = ""] = pattern.split(":");
      return (
        globPattern(named, "i").test(service) &&
        (region === undefined || globPattern(place, "i").test(region))
      );
    }),
  );
}
