import type { Construction } from "../component.ts";
import { plain } from "../component.ts";
import type { Inputs, Outputs } from "../rule.ts";

/** awsx:ecr:Repository: a repository and, unless skipped, its lifecycle policy. */
export async function constructRepository({ name, inputs, register }: Construction): Promise<Outputs> {
  const { lifecyclePolicy, ...given } = inputs;
  const lowerCase = name.toLowerCase();
  const policy = plain(lifecyclePolicy ?? {}) as {
    readonly skip?: boolean;
    readonly rules?: readonly Inputs[];
  };
  const repository = await register("aws:ecr/repository:Repository", lowerCase, given);
  const outputs = { repository: repository.reference, url: repository.output("repositoryUrl") };
  if (policy.skip === true) return outputs;
  const lifecycle = await register("aws:ecr/lifecyclePolicy:LifecyclePolicy", lowerCase, {
    repository: repository.output("name"),
    policy: JSON.stringify({ rules: lifecycleRules(policy.rules ?? [UNTAGGED]) }),
    ...(inputs["region"] === undefined ? {} : { region: inputs["region"] }),
  });
  return { ...outputs, lifecyclePolicy: lifecycle.reference };
}

const UNTAGGED: Inputs = {
  description: "remove untagged images",
  tagStatus: "untagged",
  maximumNumberOfImages: 1,
};

/** The rules in ECR's own form, a rule for any tag last. Throws on rules that ECR could not take. */
export function lifecycleRules(rules: readonly Inputs[]): readonly Inputs[] {
  const isAny = ({ tagStatus }: Inputs): boolean => tagStatus === "any";
  if (rules.filter(isAny).length >= 2)
    throw new Error('At most one [selection: "any"] rule can be provided.');
  return [...rules.filter((rule) => !isAny(rule)), ...rules.filter(isAny)].map((rule, index) => ({
    rulePriority: index + 1,
    ...(rule["description"] === undefined ? {} : { description: rule["description"] }),
    selection: { ...tagsOf(rule), ...countOf(rule) },
    action: { type: "expire" },
  }));
}

function tagsOf({ tagStatus, tagPrefixList }: Inputs): Inputs {
  if (tagStatus === "any" || tagStatus === "untagged") return { tagStatus };
  if (!Array.isArray(tagPrefixList) || tagPrefixList.length === 0)
    throw new Error("tagPrefixList cannot be empty.");
  return { tagStatus: "tagged", tagPrefixList: tagPrefixList as unknown[] };
}

function countOf({ maximumNumberOfImages, maximumAgeLimit }: Inputs): Inputs {
  if (maximumNumberOfImages !== undefined)
    return { countType: "imageCountMoreThan", countNumber: maximumNumberOfImages };
  if (maximumAgeLimit !== undefined)
    return { countType: "sinceImagePushed", countNumber: maximumAgeLimit, countUnit: "days" };
  throw new Error("Either [maximumNumberOfImages] or [maximumAgeLimit] must be provided with a rule.");
}
