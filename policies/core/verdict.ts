import type { Evidence } from "./evidence.ts";
import type { Graph, Node } from "./graph.ts";
import { push } from "./push.ts";
import type { Settings } from "./configuration.ts";
import type { About, Check, Finding, Rule, StackFinding, StackRule, Subject } from "./rule.ts";
import { see } from "./unknown.ts";

/** What a rule says of a resource. Silence is a pass. */
export interface Verdict {
  rule: About;
  resource: Subject;
  finding: Finding;
  outcome: "fail" | "unproven";
}

/** The checks of all rules, by the type of resource that they judge. */
export class ResourceJudge {
  readonly #byType = new Map<string, { rule: About; check: Check; settings: Settings }[]>();

  constructor(rules: readonly Rule[], settingsOf: (rule: About) => Settings) {
    for (const rule of rules) {
      if (!("checks" in rule)) continue;
      const settings = settingsOf(rule);
      for (const check of rule.checks) {
        for (const type of check.types) push(this.#byType, type, { rule, check, settings });
      }
    }
  }

  /**
   * What the rules say of a resource, from its inputs alone. A rule that fails itself has failed on this resource, and
   * one that has read an unknown value has not proven anything by its silence.
   */
  judge(resource: Subject, properties: object): Verdict[] {
    const checks = this.#byType.get(resource.type);
    if (!checks) return [];
    const read = new Set<string>();
    const inputs = see(properties, (path) => read.add(path));
    return checks.flatMap(({ rule, check, settings }) => {
      read.clear();
      const findings = attempt(rule, () => check.run(inputs, resource, settings));
      return [...findings, ...unreadable(findings, read, check.evidence)].map((finding) =>
        verdict(rule, resource, finding),
      );
    });
  }
}

/** What a stack rule says of the stack: as of a resource, silence about what is unknown proves nothing. */
export function judgeStack(
  rule: StackRule,
  graph: Graph,
  stack: Node,
  settings: Settings,
  configuration: Readonly<Record<string, string>> = {},
): Verdict[] {
  const resources = rule.types.length === 0 ? [stack] : graph.all(...rule.types);
  return resources.flatMap((resource) => {
    const read = new Map<Node, Set<string>>();
    const findings: StackFinding[] = graph.watch(
      () => attempt(rule, () => rule.judge(resource, graph, settings, configuration)),
      (node, path) => read.set(node, (read.get(node) ?? new Set()).add(path)),
    );
    const open = [...read].flatMap(([node, paths]) => {
      const own = findings.filter((finding) => (finding.resource ?? resource) === node);
      return unreadable(own, paths, rule.evidence).map((finding) => ({ ...finding, resource: node }));
    });
    return [...findings, ...open].map((finding) => verdict(rule, finding.resource ?? resource, finding));
  });
}

/** A finding as the verdict of a rule. */
export function verdict(rule: About, { urn, name, type }: Subject, finding: Finding): Verdict {
  return {
    rule,
    resource: { urn, name, type },
    finding,
    outcome: finding.unproven === undefined ? "fail" : "unproven",
  };
}

/** An error would end the checks of all other rules: the engine takes it as the pack's own. */
function attempt(rule: About, findings: () => Finding[]): Finding[] {
  try {
    return findings();
  } catch (error) {
    return [
      {
        property: `rule ${rule.name}`,
        is: `broken (${error instanceof Error ? error.message : String(error)})`,
        must: "able to judge this resource",
        fix: "Mend the rule, or report it with the resource's inputs.",
      },
    ];
  }
}

/** For the unknown values that a check has read and said nothing about. */
function unreadable(
  findings: Finding[],
  read: ReadonlySet<string>,
  provenBy: Evidence | undefined,
): Finding[] {
  if (read.size === 0) return [];
  const told = findings.flatMap(({ property, unproven }) => (unproven ? property : []));
  return [...read]
    .filter((path) => !told.some((property) => property === path || property.startsWith(path)))
    .map((property) => ({
      property,
      is: "not known yet",
      must: "known, so that the rule can judge it",
      fix: `Set ${property} to a value that a preview knows, or let the update judge it.`,
      unproven: provenBy === undefined ? {} : { provenBy },
    }));
}

/** True where the resources that an unknown value comes from prove what the value itself will show. */
export function isProven({ finding }: Verdict, node: Node | undefined): boolean {
  const evidence = finding.unproven?.provenBy;
  if (evidence === undefined || node === undefined) return false;
  const [property = ""] = finding.property.split(/[.[]/);
  return evidence.accepts(node.sources(property).map(({ type }) => type));
}

/** For example `database (aws:rds/instance:Instance): storageEncrypted is not set; it must be true. Set ...` */
export function message({ resource, finding }: Pick<Verdict, "resource" | "finding">): string {
  const { property, is, must, fix } = finding;
  return `${resource.name} (${resource.type}): ${property} is ${is}; it must be ${must}. ${fix}`;
}
