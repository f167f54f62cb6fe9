import { readFile } from "node:fs/promises";
import { Graph } from "../../policies/core/graph.ts";
import { readConfiguration, type Settings } from "../../policies/core/configuration.ts";
import { finishedResources, type Snapshot } from "../../policies/core/snapshot.ts";
import { see } from "../../policies/core/unknown.ts";
import { budgetOf, rateOf, type Budget, type Rate } from "../../policies/cost/budget.ts";
import { estimate, type Estimate } from "../../policies/cost/estimate.ts";
import { ENVIRONMENTS, SCALES, subjectOf, type Subject } from "../../policies/cost/subject.ts";
import { checkUsage, type Unread, usageOf } from "../../policies/cost/usage.ts";
import { costWithinBudget } from "../../policies/rules/cost/within-budget.ts";
import { rules } from "../../policies/rules.ts";
import { UserError } from "../../sandbox/cli/user-error.ts";
import { parseYaml } from "../../sandbox/cli/yaml-file.ts";

/** A stack with its price. */
export interface Priced {
  subject: Subject;
  estimate: Estimate;
  budget: Budget;
  rate: Rate;
  /** What the usage file says that nothing of the stack has read. */
  unread: readonly Unread[];
}

/** A usage file's name and content. */
export interface UsageFile {
  file: string;
  content: unknown;
}

/** @throws UserError where there is no such file, or it is not YAML; UsageError with everything else that is wrong with it */
export async function readUsage(file: string): Promise<UsageFile> {
  const text = await readFile(file, "utf8").catch(() => {
    throw new UserError(
      `There is no usage file ${file}. Copy what you want to change from policies/cost/usage.json, for example ` +
        '{ "production": { "nat.processedGb": 50 } }, and name the copy by --usage.',
    );
  });
  const usage = { file, content: parseYaml(text, file) };
  checkUsage(usage);
  return usage;
}

/** @throws UserError where the file is missing or holds something else, such as the JSON of another tool */
export async function readSnapshot(file: string): Promise<Snapshot> {
  const record = `Record a preview: MACRO_AI_POLICY_SNAPSHOT=${file} npm run sandbox -- preview --stack <stack>.`;
  const text = await readFile(file, "utf8").catch(() => {
    throw new UserError(`There is no recorded preview ${file}. ${record}`);
  });
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw new UserError(`${file} is not JSON, and so no recorded preview. ${record}`);
  }
  if (!isSnapshot(content))
    throw new UserError(
      `${file} is JSON, but not what the policy pack records of a preview: the output of "pulumi preview --json" and of other tools cannot be priced. ${record}`,
    );
  return content;
}

function isSnapshot(content: unknown): content is Snapshot {
  if (typeof content !== "object" || content === null) return false;
  const { occasion, declared, finished } = content as Partial<Record<keyof Snapshot, unknown>>;
  return (
    typeof occasion === "object" &&
    occasion !== null &&
    "stack" in occasion &&
    Array.isArray(declared) &&
    Array.isArray(finished)
  );
}

/** @throws UserError for a stack that is none of this program's */
export function price(snapshot: Snapshot, file?: UsageFile): Priced {
  const { stack } = snapshot.occasion;
  const subject = subjectOf(stack);
  if (!subject)
    throw new UserError(
      `The stack's configuration does not say what it is: macro-ai:environment must be one of ${ENVIRONMENTS.join(", ")}, macro-ai:scale ` +
        `one of ${SCALES.join(", ")}, and aws:region set.`,
    );
  const declared = new Map(snapshot.declared.map(({ urn, inputs }) => [urn, see(inputs)]));
  const graph = new Graph(finishedResources(snapshot), declared);
  const settings = settingsOf(snapshot);
  const usage = usageOf(subject, file);
  const estimated = estimate(graph, subject, usage);
  return {
    subject,
    estimate: estimated,
    budget: budgetOf(stack, subject, settings),
    rate: rateOf(settings),
    unread: usage.unread(new Set(estimated.unpriced.map(({ resource }) => resource.name))),
  };
}

function settingsOf({ configuration }: Snapshot): Settings {
  const { settings } = readConfiguration(configuration, rules);
  return { ...costWithinBudget.settings, ...settings[costWithinBudget.name] };
}
