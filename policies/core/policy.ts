import {
  validateResourceOfType,
  type ReportViolation,
  type ResourceValidationPolicy,
  type StackValidationPolicy,
} from "@pulumi/policy";
import { Graph } from "./graph.ts";
import {
  resourceClass,
  type Check,
  type Finding,
  type ResourceRule,
  type Rule,
  type StackRule,
} from "./rule.ts";
import { see } from "./unknown.ts";

type PulumiPolicy = ResourceValidationPolicy | StackValidationPolicy;

/**
 * The policies by which the engine runs a rule: one for each resource type, because only a check of a single type is
 * passed over without reading the resource's properties. The first bears the rule's name, others the type besides.
 */
export function toPolicies(rule: Rule): PulumiPolicy[] {
  return "checkStack" in rule ? [stackPolicy(rule)] : resourcePolicies(rule);
}

function resourcePolicies(rule: ResourceRule): PulumiPolicy[] {
  return rule.checks
    .flatMap((check) => check.types.map((type) => ({ check, type })))
    .map(({ check, type }, index) => ({
      ...about(rule, index === 0 ? rule.name : `${rule.name}-${slug(type)}`),
      validateResource: validateResourceOfType(resourceClass(type), (props, args, report) => {
        const { name } = args;
        for (const finding of findings(rule, check, props, args.urn)) report(message(name, type, finding));
      }),
    }));
}

/** A rule that fails is a violation itself: an error would end the checks of all others. */
function findings(rule: ResourceRule, check: Check, props: object, urn: string): Finding[] {
  try {
    return check.run(see(props), { urn });
  } catch (error) {
    return [brokenRule(rule, error)];
  }
}

function stackPolicy(rule: StackRule): PulumiPolicy {
  return {
    ...about(rule, rule.name),
    validateStack: (args, report: ReportViolation) => {
      try {
        for (const finding of rule.checkStack(new Graph(args.resources))) {
          const { resource } = finding;
          report(message(resource.name, resource.type, finding), resource.urn);
        }
      } catch (error) {
        report(message("stack", "pulumi:pulumi:Stack", brokenRule(rule, error)));
      }
    },
  };
}

function brokenRule(rule: Rule, error: unknown): Finding {
  return {
    property: `rule ${rule.name}`,
    is: `broken (${error instanceof Error ? error.message : String(error)})`,
    must: "able to judge this resource",
    fix: "Mend the rule, or report it with the resource's inputs.",
  };
}

function about(
  rule: Rule,
  name: string,
): Pick<PulumiPolicy, "name" | "description" | "severity" | "url" | "tags"> & {
  enforcementLevel: "mandatory";
} {
  return {
    name,
    description: rule.description,
    severity: rule.severity,
    url: rule.url,
    tags: rule.references,
    enforcementLevel: "mandatory",
  };
}

/** For example `database (aws:rds/instance:Instance): storageEncrypted is not set; it must be true. Set ...` */
export function message(name: string, type: string, finding: Finding): string {
  return `${name} (${type}): ${finding.property} is ${finding.is}; it must be ${finding.must}. ${finding.fix}`;
}

/** `aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule` becomes `vpc-securityGroupIngressRule`. */
function slug(type: string): string {
  return type.split(":").slice(1, -1).join("-").replace("/", "-") || type.replaceAll(":", "-");
}
