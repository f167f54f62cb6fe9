import type { Inputs, Problem, Rule, Rules } from "../rule.ts";
import { check, count, lengthOf, matches, must, oneOf, parsed, select } from "./constraints.ts";
import { policyDocument } from "./policies.ts";
import { kmsKey, refersTo } from "./references.ts";
import type { Reference } from "./references.ts";
import { arn, byInput, list, nested, text } from "./shapes.ts";

const REPOSITORY = "aws:ecr/repository:Repository";

const repository: Reference = {
  types: [REPOSITORY],
  missing: (name) =>
    `RepositoryNotFoundException: The repository with name '${name}' does not exist in the registry with id '123456789012'`,
};

/** A document that hangs on a repository: its id is the repository's name. */
function ofRepository(rule: Partial<Rule>): Rule {
  return {
    id: byInput("repository"),
    computed: ({ accountId }) => ({ registryId: accountId }),
    replaceOn: ["repository"],
    admit: refersTo({ repository }),
    ...rule,
  };
}

export const ecr: Rules = {
  [REPOSITORY]: {
    name: {
      property: "name",
      pattern: /^(?:[a-z0-9]+(?:[._-][a-z0-9]+)*\/)*[a-z0-9]+(?:[._-][a-z0-9]+)*$/,
      allowed: "lower-case letters, digits and single ._-/ between them",
      minLength: 2,
      maxLength: 256,
      scope: "region",
      autoname: "hex",
      taken: (name) =>
        `RepositoryAlreadyExistsException: The repository with name '${name}' already exists in the registry with id '123456789012'`,
    },
    id: byInput("name"),
    defaults: { forceDelete: false, imageTagMutability: "MUTABLE" },
    computed: (ctx) => ({
      arn: arn(ctx, "ecr", `repository/${ctx.id}`),
      registryId: ctx.accountId,
      repositoryUrl: `${ctx.accountId}.dkr.ecr.${ctx.region}.amazonaws.com/${ctx.id}`,
    }),
    replaceOn: ["name", "encryptionConfigurations"],
    writeOnly: ["forceDelete"],
    check: check(
      oneOf(
        "imageTagMutability",
        "MUTABLE",
        "IMMUTABLE",
        "IMMUTABLE_WITH_EXCLUSION",
        "MUTABLE_WITH_EXCLUSION",
      ),
      count("encryptionConfigurations", 0, 1),
      oneOf("encryptionConfigurations[].encryptionType", "AES256", "KMS", "KMS_DSSE"),
    ),
    admit: refersTo({ "encryptionConfigurations[].kmsKey": kmsKey }),
  },
  "aws:ecr/lifecyclePolicy:LifecyclePolicy": ofRepository({
    check: check(
      must(
        "policy",
        (value) => Array.isArray(nested(parsed(value))["rules"]),
        "a lifecycle policy in JSON with rules",
      ),
      lifecycleRules,
    ),
  }),
  "aws:ecr/repositoryPolicy:RepositoryPolicy": ofRepository({
    check: check(policyDocument("policy", "resource", 10240)),
  }),
  "aws:ecr/replicationConfiguration:ReplicationConfiguration": {
    id: ({ accountId }) => accountId,
    computed: ({ accountId }) => ({ registryId: accountId }),
    check: check(
      count("replicationConfiguration.rules", 0, 10),
      matches(
        "replicationConfiguration.rules[].destinations[].region",
        /^[a-z]{2}(-[a-z]+)+-\d$/,
        "a region such as eu-west-1",
      ),
      matches(
        "replicationConfiguration.rules[].destinations[].registryId",
        /^\d{12}$/,
        "an account of 12 digits",
      ),
      oneOf("replicationConfiguration.rules[].repositoryFilters[].filterType", "PREFIX_MATCH"),
    ),
    admit: ({ inputs, region, accountId }) =>
      select(inputs, "replicationConfiguration.rules[].destinations[]").some(
        ({ value }) => nested(value)["region"] === region && nested(value)["registryId"] === accountId,
      )
        ? "InvalidParameterException: Invalid parameter at 'destinations' failed to satisfy constraint: 'Replication destination cannot be the same as the source registry'"
        : undefined,
  },
  "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration": {
    id: ({ accountId }) => accountId,
    computed: ({ accountId }) => ({ registryId: accountId }),
    check: check(
      oneOf("scanType", "BASIC", "ENHANCED"),
      oneOf("rules[].scanFrequency", "SCAN_ON_PUSH", "CONTINUOUS_SCAN", "MANUAL"),
      lengthOf("rules[].repositoryFilters[].filter", 1, 256),
    ),
  },
};

function lifecycleRules(inputs: Inputs): Problem[] {
  const rules = list(nested(parsed(inputs["policy"])), "rules").map(nested);
  const priorities = rules.map(({ rulePriority }) => rulePriority);
  return rules.flatMap((rule, index) => {
    const selection = nested(rule["selection"]);
    const at = `policy.rules[${index}]`;
    const problems: Problem[] = [];
    if (priorities.indexOf(rule["rulePriority"]) !== index)
      problems.push({
        property: `${at}.rulePriority`,
        reason: `${String(rule["rulePriority"])} is used by two rules`,
      });
    if (!["tagged", "untagged", "any"].includes(text(selection, "tagStatus")))
      problems.push({ property: `${at}.selection.tagStatus`, reason: "expected tagged, untagged or any" });
    if (
      selection["tagStatus"] === "tagged" &&
      list(selection, "tagPrefixList").length + list(selection, "tagPatternList").length === 0
    )
      problems.push({
        property: `${at}.selection`,
        reason: "give tagPrefixList or tagPatternList for tagStatus tagged",
      });
    if (selection["tagStatus"] === "any" && Math.max(...priorities.map(Number)) !== rule["rulePriority"])
      problems.push({
        property: `${at}.rulePriority`,
        reason: "a rule for any tag must have the highest priority number",
      });
    if (
      !["imageCountMoreThan", "sinceImagePushed", "sinceImagePulled"].includes(text(selection, "countType"))
    )
      problems.push({
        property: `${at}.selection.countType`,
        reason: "expected imageCountMoreThan, sinceImagePushed or sinceImagePulled",
      });
    return problems;
  });
}
