import type { PolicyPackArgs, ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { Gate, type Occasion, type Report } from "./gate.ts";
import { isCustom } from "./graph.ts";
import type { Rule } from "./rule.ts";
import { SecretSight } from "./secrets.ts";
import { Recorder } from "./snapshot.ts";
import { plain } from "./unknown.ts";

type PulumiPolicy = ResourceValidationPolicy | StackValidationPolicy;

/** The policy under which the engine runs all rules, and whose configuration is the pack's. */
export const GATE = "gate";

/** What the SDK's reporting function takes in place of a text; its declaration leaves it out. */
interface Violation {
  name: string;
  description: string;
  message: string;
  enforcementLevel: Report["level"];
  severity: Report["rule"]["severity"];
  urn?: string;
}

/**
 * The pack as the engine runs it: one policy that judges with all rules, because the SDK decodes a resource anew for each
 * policy that looks at it, and the whole stack for each that looks at the stack. Each rule stands beside it without
 * a check, so that the engine knows its description and counts it. Its level "remediate" is what lets it see
 * which values are secrets; it changes nothing.
 *
 * @param snapshot The file that takes what the engine showed, once the stack is complete. @default - none
 */
export function toPolicies(
  rules: readonly Rule[],
  occasion: Occasion,
  snapshot?: string,
): PolicyPackArgs["policies"] {
  const secrets = new SecretSight();
  const recorder = snapshot === undefined ? undefined : new Recorder(snapshot);
  const gate = new Gate(rules, occasion, secrets);
  const judging: ResourceValidationPolicy & StackValidationPolicy = {
    name: GATE,
    description: "Judges each resource and the stack with every rule of the pack.",
    enforcementLevel: "remediate",
    remediateResource: ({ urn, props }) => {
      secrets.notice(urn, plain(props));
    },
    validateResource: (args, report) => {
      const { urn, name, type, props } = args;
      const declared = { urn, name, type, custom: isCustom(args), properties: props };
      recorder?.take(declared, secrets.markedIn(urn));
      const reports = [...gate.configure(args.getConfig()), ...gate.resource(declared)];
      for (const entry of reports) report(violation(entry) as never);
    },
    validateStack: (args, report) => {
      const { resources } = args;
      recorder?.write(occasion, args.getConfig(), resources);
      for (const entry of [...gate.configure(args.getConfig()), ...gate.stack(resources)])
        report(violation(entry) as never);
    },
  };
  return [judging, ...rules.map(listed)];
}

/** A rule as the engine lists it. */
function listed({ name, description, severity, url, references }: Rule): PulumiPolicy {
  return {
    name,
    description,
    severity,
    url,
    tags: references,
    enforcementLevel: "mandatory",
    validateResource: [],
  };
}

function violation({ rule, level, urn, message }: Report): Violation {
  return {
    name: rule.name,
    description: rule.description,
    message: `${rule.description}\n${message}`,
    enforcementLevel: level,
    severity: rule.severity,
    ...(urn !== undefined && { urn }),
  };
}
