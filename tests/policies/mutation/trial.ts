import { readConfiguration, type Settings } from "../../../policies/core/configuration.ts";
import { Graph, type Node, type StackResource } from "../../../policies/core/graph.ts";
import type { About, Rule, StackRule } from "../../../policies/core/rule.ts";
import { SecretSight } from "../../../policies/core/secrets.ts";
import { finishedResources, type Snapshot } from "../../../policies/core/snapshot.ts";
import { isProven, judgeStack, ResourceJudge, type Verdict } from "../../../policies/core/verdict.ts";
import type { Mutant } from "./mutants.ts";

/**
 * Judges mutants of one recorded stack: the resource by itself first, and the stack only where that finds nothing. What
 * stays unproven counts as refused: production refuses it in the update. What its sources prove does not.
 */
export class Trial {
  readonly #stackRules: StackRule[];
  readonly #judge: ResourceJudge;
  readonly #settingsOf: (rule: About) => Settings;
  readonly #finished: StackResource[];
  readonly #inputs: Map<string, Record<string, unknown>>;
  readonly #before: ReadonlySet<string>;

  constructor(rules: readonly Rule[], snapshot: Snapshot) {
    const { settings } = readConfiguration(snapshot.configuration, rules);
    this.#settingsOf = (rule) => ({ ...rule.settings, ...settings[rule.name] });
    this.#stackRules = rules.filter((rule): rule is StackRule => "judge" in rule);
    this.#judge = new ResourceJudge(rules, this.#settingsOf);
    this.#finished = finishedResources(snapshot);
    this.#inputs = new Map(snapshot.declared.map(({ urn, inputs }) => [urn, inputs]));
    this.#before = new Set(this.#stackVerdicts(this.#finished, this.#inputs).map(identity));
  }

  /** What the rules say of the mutant and did not say of the program. */
  judge(mutant: Mutant): Verdict[] {
    const { resource, inputs, beside } = mutant;
    const { urn } = resource;
    if (inputs) {
      const own = this.#ownVerdicts({ ...mutant, inputs: resource.inputs, secrets: [] }, resource.inputs);
      const before = own.map(identity);
      const fresh = this.#ownVerdicts(mutant, inputs).filter(
        (verdict) => !before.includes(identity(verdict)),
      );
      if (fresh.length > 0) return fresh;
    }
    const [resources, declared] = this.#mutated(urn, inputs, beside);
    return this.#stackVerdicts(resources, declared).filter((verdict) => !this.#before.has(identity(verdict)));
  }

  /** What the rules say of a resource by itself. */
  #ownVerdicts({ resource, secrets = [] }: Mutant, inputs: Record<string, unknown>): Verdict[] {
    const { urn, name, type } = resource;
    const subject = { urn, name, type };
    const finished = this.#finished.find((candidate) => candidate.urn === urn);
    const [node] = finished ? this.#around(this.#withInputs(finished, inputs)) : [];
    const marked = new SecretSight({ declared: [{ urn, secrets }] });
    return [...this.#judge.judge(subject, inputs), ...marked.judge(subject, inputs)].filter(
      (verdict) => !isProven(verdict, node),
    );
  }

  /** A resource and what its values come from. */
  #around(resource: StackResource): Node[] {
    const sources = new Set(
      Object.values(resource.propertyDependencies)
        .flat()
        .map(({ urn }) => urn),
    );
    const others = this.#finished.filter(({ urn }) => sources.has(urn) && urn !== resource.urn);
    return new Graph([resource, ...others]).nodes;
  }

  #mutated(
    urn: string,
    inputs: Record<string, unknown> | undefined,
    beside: Record<string, unknown> | undefined,
  ): [StackResource[], Map<string, Record<string, unknown>>] {
    const declared = new Map(this.#inputs);
    if (!inputs) {
      declared.delete(urn);
      return [this.#finished.filter((resource) => resource.urn !== urn), declared];
    }
    declared.set(urn, inputs);
    const resources = this.#finished.flatMap((resource) => {
      if (resource.urn !== urn) return resource;
      const mutant = this.#withInputs(resource, inputs);
      if (!beside) return mutant;
      declared.set(`${urn}-beside`, beside);
      return [
        mutant,
        { ...this.#withInputs(resource, beside), urn: `${urn}-beside`, name: `${resource.name}-beside` },
      ];
    });
    return [resources, declared];
  }

  /** Inputs that are gone have neither a value nor a source. */
  #withInputs(resource: StackResource, inputs: Record<string, unknown>): StackResource {
    const before = this.#inputs.get(resource.urn) ?? {};
    const gone = Object.keys(before).filter((key) => !(key in inputs));
    const without = <T>(record: Record<string, T>): Record<string, T> =>
      Object.fromEntries(Object.entries(record).filter(([key]) => !gone.includes(key)));
    return {
      ...resource,
      props: { ...without(resource.props as Record<string, unknown>), ...inputs },
      propertyDependencies: without(resource.propertyDependencies),
    };
  }

  #stackVerdicts(resources: StackResource[], inputs: Map<string, Record<string, unknown>>): Verdict[] {
    const graph = new Graph(resources, inputs);
    const [root] = graph.all("pulumi:pulumi:Stack");
    if (!root) return [];
    return [
      ...this.#stackRules.flatMap((rule) => judgeStack(rule, graph, root, this.#settingsOf(rule))),
      ...new SecretSight().judgeStack(graph),
    ].filter((verdict) => !isProven(verdict, graph.find(verdict.resource.urn)));
  }
}

function identity({ rule, resource, finding }: Verdict): string {
  return `${rule.name} ${resource.urn} ${finding.property} ${finding.is}`;
}
