import {
  emptyConfiguration,
  levelOf,
  readConfiguration,
  UNPROVEN,
  type Configuration,
  type Level,
  type Settings,
} from "./configuration.ts";
import { Exemptions, type Exemption } from "./exemptions.ts";
import { Graph, type Node, type StackResource } from "./graph.ts";
import type { About, Rule, StackRule, Subject } from "./rule.ts";
import { Scope } from "./scope.ts";
import type { SecretSight } from "./secrets.ts";
import { plain } from "./unknown.ts";
import { isProven, judgeStack, message, ResourceJudge, type Verdict } from "./verdict.ts";

/** Where and when the pack is asked. */
export interface Occasion {
  /** A preview knows less than the update that follows it. */
  preview: boolean;
  /** The stack's configuration: `macro-ai:scale`. */
  stack: Readonly<Record<string, string>>;
  today: Date;
}

/** One line for the engine. */
export interface Report {
  rule: Pick<About, "name" | "description" | "severity">;
  level: Exclude<Level, "disabled">;
  /** Of a resource of the stack. @default - the resource that was asked about */
  urn?: string;
  message: string;
}

/** A resource before it is made, as the engine asks about it. */
export interface Declared extends Subject {
  properties: object;
  /** Whether a provider makes it. Components are made by nobody. */
  custom: boolean;
}

/** How a verdict stands after levels, evidence and exemptions. */
export interface Judged extends Verdict {
  standing: Exclude<Level, "disabled"> | "exempt" | "proven";
}

/** What the pack itself has to say, beside its rules. */
const own = {
  configuration: {
    name: "gate-configuration",
    description: "The pack's configuration can be read.",
    severity: "critical",
  },
  exemptions: {
    name: "gate-exemptions",
    description: "Exemptions concern something and have not expired.",
    severity: "high",
  },
  exempt: { name: "exempt", description: "Findings that an exemption sets aside.", severity: "low" },
  unproven: {
    name: UNPROVEN,
    description: "What no rule can prove before the update knows it.",
    severity: "medium",
  },
} as const satisfies Record<string, Report["rule"]>;

/**
 * The pack's judgement of one stack, from its first resource to its last: each resource before it is made, then the
 * stack as a whole. It knows nothing of Pulumi's policy SDK.
 */
export class Gate {
  readonly judged: Judged[] = [];
  readonly #rules: readonly Rule[];
  readonly #occasion: Occasion;
  readonly #inputs = new Map<string, object>();
  readonly #scope: Scope;
  readonly #secrets: SecretSight;
  #configuration: Configuration = emptyConfiguration;
  #exemptions: Exemptions;
  #judge: ResourceJudge;
  #open: Verdict[] = [];
  #configured = false;

  constructor(rules: readonly Rule[], occasion: Occasion, secrets: SecretSight) {
    this.#rules = rules;
    this.#occasion = occasion;
    this.#secrets = secrets;
    this.#scope = new Scope(rules);
    this.#exemptions = new Exemptions([], occasion.today);
    this.#judge = new ResourceJudge(rules, this.#settingsOf);
  }

  /** Takes the configuration, once: problems with it are a violation, and then nothing is exempt. */
  configure(given: unknown): Report[] {
    if (this.#configured) return [];
    this.#configured = true;
    try {
      this.#configuration = readConfiguration(given, this.#rules);
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      return [{ rule: own.configuration, level: "mandatory", message: text }];
    }
    this.#exemptions = new Exemptions(this.#configuration.exemptions, this.#occasion.today);
    this.#judge = new ResourceJudge(this.#rules, this.#settingsOf);
    return [];
  }

  /** What stands against a resource before it is made. */
  resource(declared: Declared): Report[] {
    const { urn, name, type, properties, custom } = declared;
    const subject = { urn, name, type };
    this.#inputs.set(urn, plain(properties));
    const verdicts = [
      ...this.#judge.judge(subject, properties),
      ...this.#secrets.judge(subject, properties),
      ...(custom ? this.#scope.judge(subject, this.#configuration.outOfScope) : []),
    ];
    if (verdicts.length === 0) return [];
    // Nothing comes after an update that could prove what it leaves open.
    const isLast = (verdict: Verdict): boolean => verdict.outcome === "fail" || !this.#occasion.preview;
    this.#open.push(...verdicts.filter((verdict) => !isLast(verdict)));
    return verdicts.filter(isLast).flatMap((verdict) => this.#report(verdict));
  }

  /** What stands against the stack as a whole: in a preview before anything is made, in an update after. */
  stack(resources: StackResource[]): Report[] {
    const graph = new Graph(resources, this.#inputs);
    const root = graph.all("pulumi:pulumi:Stack")[0] ?? graph.nodes[0];
    if (!root) return [];
    const verdicts = [
      ...this.#rules
        .filter((rule): rule is StackRule => "judge" in rule)
        .flatMap((rule) => judgeStack(rule, graph, root, this.#settingsOf(rule), this.#occasion.stack)),
      ...this.#secrets.judgeStack(graph),
    ];
    const open = [...this.#open, ...verdicts.filter(({ outcome }) => outcome === "unproven")];
    this.#open = [];
    const reports = verdicts
      .filter(({ outcome }) => outcome === "fail")
      .flatMap((verdict) => this.#report(verdict, verdict.resource.urn));
    reports.push(...this.#reportOpen(open, graph, root));
    reports.push(...this.#reportExemptions(root));
    return reports;
  }

  readonly #settingsOf = ({ name, settings }: About): Settings => ({
    ...settings,
    ...this.#configuration.settings[name],
  });

  #report(verdict: Verdict, urn?: string): Report[] {
    const level = this.#levelOf(verdict);
    if (level === "disabled") return [];
    if (this.#exemptions.cover(verdict)) {
      this.judged.push({ ...verdict, standing: "exempt" });
      return [];
    }
    this.judged.push({ ...verdict, standing: level });
    const { rule } = verdict;
    // The engine may end at this, before the stack is judged and its exemptions with it.
    const lapsed = this.#exemptions.lapsed(verdict).map((one) => `\n${lapseText(one)}`);
    return [
      { rule, level, message: `${message(verdict)}${lapsed.join("")}`, ...(urn !== undefined && { urn }) },
    ];
  }

  #levelOf({ rule, outcome }: Verdict): Level {
    const { stack } = this.#occasion;
    const level = levelOf(rule, this.#configuration, stack);
    if (outcome === "fail" || level !== "mandatory") return level;
    return this.#occasion.preview ? "advisory" : levelOf({ name: UNPROVEN }, this.#configuration, stack);
  }

  /** One report a rule: a first preview knows little, and one line a resource would bury what is broken. */
  #reportOpen(open: Verdict[], graph: Graph, root: Node): Report[] {
    const left: Verdict[] = [];
    for (const verdict of open) {
      const level = this.#levelOf(verdict);
      if (level === "disabled") continue;
      if (isProven(verdict, graph.find(verdict.resource.urn)))
        this.judged.push({ ...verdict, standing: "proven" });
      else if (this.#exemptions.cover(verdict)) this.judged.push({ ...verdict, standing: "exempt" });
      else {
        this.judged.push({ ...verdict, standing: level });
        left.push(verdict);
      }
    }
    return Object.values(Object.groupBy(left, ({ rule }) => rule.name)).flatMap((verdicts = []) => {
      const [first] = verdicts;
      if (!first) return [];
      const places = verdicts.map(({ resource, finding }) => `${resource.name}: ${finding.property}`);
      const text = `${first.rule.name} waits for the update with ${places.length} value(s):\n  ${[...new Set(places)].join("\n  ")}`;
      const isMandatory = verdicts.some((verdict) => this.#levelOf(verdict) === "mandatory");
      return {
        rule: own.unproven,
        level: isMandatory ? "mandatory" : "advisory",
        urn: root.urn,
        message: text,
      };
    });
  }

  #reportExemptions(root: Node): Report[] {
    const problems = this.#exemptions.problems(root.urn).map((one): Report => ({
      rule: own.exemptions,
      level: "mandatory",
      urn: root.urn,
      message: lapseText(one),
    }));
    const used = this.#exemptions.used.map(({ exemption, verdicts }): Report => ({
      rule: own.exempt,
      level: "advisory",
      urn: root.urn,
      message: `${exemption.rule} is set aside for ${new Set(verdicts.map(({ resource }) => resource.urn)).size} resource(s) until ${exemption.expires} by ${exemption.owner}: ${exemption.reason}`,
    }));
    return [...problems, ...used];
  }
}

function lapseText({ exemption, problem }: { exemption: Exemption; problem: string }): string {
  const { rule, resource, owner } = exemption;
  return `The exemption from ${rule} for ${resource} (${owner}) ${problem}. Remove it from the pack's configuration, or renew it with its reason.`;
}
