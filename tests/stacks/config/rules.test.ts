import assert from "node:assert/strict";
import { parseConfig } from "../../../stacks/config/parse.ts";
import type { ScaleSizes } from "../../../stacks/config/rules.ts";
import { changed, enterprise, type Given, hobby } from "./given.ts";

interface Case {
  readonly name: string;
  readonly given: Given;
  readonly stackName?: string;
  readonly sizes?: ScaleSizes;
  /** Nothing when the combination is right. */
  readonly message?: string;
  readonly fixes?: readonly string[];
}

/** OpenAI's admin key, stored as a secret. */
function withAdminKey(given: Given): Given {
  const key = "macro-ai:openaiAdminKey";
  const raw = { ...given.raw, [key]: "sk-admin-example-not-a-real-key-0000" };
  return { raw, secretKeys: [...given.secretKeys, key] };
}

const onHobby = (group: string): readonly string[] => [
  `rm macro-ai:${group}`,
  "set macro-ai:scale enterprise",
  "set macro-ai:retainEnterpriseData true",
];

const cases: readonly Case[] = [
  { name: "a plain hobby stack", given: hobby },
  { name: "a plain enterprise stack", given: enterprise },
  { name: "a stack called after its environment", given: hobby, stackName: "staging" },
  {
    name: "a stack called after another environment",
    given: hobby,
    stackName: "production",
    message:
      'macro-ai:environment is "staging", but the stack is called "production" and would use the other\'s secrets.',
    fixes: ["set macro-ai:environment production"],
  },
  {
    name: "enterprise without a domain",
    given: changed(enterprise, { domain: undefined }),
    message: "macro-ai:domain is missing: an enterprise stack serves HTTPS under its own name.",
    fixes: ["set macro-ai:domain macro-ai.com"],
  },
  {
    name: "a domain without its zone",
    given: changed(hobby, { domain: "staging.macro-ai.com" }),
    message:
      "macro-ai:hostedZoneId is missing: the domain's records and its certificate's proof go into that zone. Its id is in Route 53's list of zones.",
    fixes: ["set macro-ai:hostedZoneId"],
  },
  {
    name: "a zone set ahead of its domain",
    given: changed(hobby, { hostedZoneId: "Z0123456789EXAMPLE" }),
  },
  {
    name: "production that tells nobody",
    given: changed(enterprise, { alertEmail: undefined }),
    message: "macro-ai:alertEmail is missing: production must tell somebody when an alarm fires.",
    fixes: ["set macro-ai:alertEmail alerts@macro-ai.com"],
  },
  {
    name: "a database's size on hobby",
    given: changed(hobby, { database: { instanceClass: "db.r6g.large" } }),
    message: "macro-ai:database has no effect: a hobby stack has no RDS database of its own.",
    fixes: onHobby("database"),
  },
  {
    name: "a cache's size on hobby",
    given: changed(hobby, { cache: { nodes: 3 } }),
    message: "macro-ai:cache has no effect: a hobby stack has no ElastiCache of its own.",
    fixes: onHobby("cache"),
  },
  {
    name: "a network on hobby",
    given: changed(hobby, { network: { zones: 2 } }),
    message: "macro-ai:network has no effect: a hobby stack has no network of its own.",
    fixes: onHobby("network"),
  },
  {
    name: "a service's size on hobby",
    given: changed(hobby, { service: { minTasks: 3 } }),
    message: "macro-ai:service has no effect: a hobby stack has no ECS service of its own.",
    fixes: onHobby("service"),
  },
  {
    name: "sizes on a hobby stack that keeps its enterprise data",
    given: changed(hobby, { retainEnterpriseData: "true", database: { instanceClass: "db.r6g.large" } }),
  },
  {
    name: "a function's size on enterprise",
    given: changed(enterprise, { function: { memoryMiB: 1024 } }),
    message:
      "macro-ai:function has no effect: an enterprise stack runs the API on ECS; its sizes are in service.",
    fixes: ["rm macro-ai:function"],
  },
  {
    name: "a network with no way to AWS",
    given: changed(enterprise, { network: { natGateways: "none" } }),
    message:
      'macro-ai:network.natGateways is "none", so tasks reach ECR, logs and secrets only through the interface endpoints.',
    fixes: [
      "set --path macro-ai:network.interfaceEndpoints true",
      "set --path macro-ai:network.natGateways single",
    ],
  },
  {
    name: "a network with endpoints alone",
    given: changed(enterprise, {
      network: { natGateways: "none", interfaceEndpoints: true },
      apiImage: "1.0.0",
      features: { tracing: false },
    }),
  },
  {
    name: "a network with endpoints alone for a placeholder that lies outside them",
    given: changed(enterprise, { network: { natGateways: "none", interfaceEndpoints: true } }),
    message:
      'macro-ai:network.natGateways is "none", so no task reaches the public registry that the placeholder and the tracing collector come from.',
    fixes: ["set --path macro-ai:network.natGateways single", "set --path macro-ai:features.tracing false"],
  },
  {
    name: "a project of OpenAI without an admin key",
    given: changed(hobby, { openaiProjectId: "proj_example0000" }),
    message: "macro-ai:openaiAdminKey is missing: without it nothing can rotate the key of openaiProjectId.",
    fixes: ["set --secret macro-ai:openaiAdminKey", "rm macro-ai:openaiProjectId"],
  },
  {
    name: "an admin key of OpenAI without a project",
    given: withAdminKey(hobby),
    message: "macro-ai:openaiProjectId is missing: the admin key rotates the API key of one project.",
    fixes: ["set macro-ai:openaiProjectId"],
  },
  {
    name: "OpenAI's project and its admin key",
    given: withAdminKey(changed(hobby, { openaiProjectId: "proj_example0000" })),
  },
  {
    name: "OpenAI's keys rotated by a function that may run twice at once",
    given: withAdminKey(
      changed(hobby, { openaiProjectId: "proj_example0000", rotation: { reserveConcurrency: false } }),
    ),
    message:
      "macro-ai:rotation.reserveConcurrency is false, but OpenAI shows a new key once: two rotations at once would delete each other's.",
    fixes: ["rm --path macro-ai:rotation.reserveConcurrency", "rm macro-ai:openaiProjectId"],
  },
  {
    name: "storage that begins above its maximum",
    given: changed(enterprise, { database: { allocatedStorageGiB: 300 } }),
    sizes: { database: { maxAllocatedStorageGiB: 200 } },
    message: "macro-ai:database.maxAllocatedStorageGiB is 200, less than the 300 GiB to begin with.",
    fixes: ["set --path macro-ai:database.maxAllocatedStorageGiB 300"],
  },
  {
    name: "fewer tasks at most than at least",
    given: changed(enterprise, { service: { minTasks: 6 } }),
    sizes: { service: { maxTasks: 4 } },
    message: "macro-ai:service.maxTasks is 4, less than the 6 of service.minTasks.",
    fixes: ["set --path macro-ai:service.maxTasks 6"],
  },
  {
    name: "one task in production",
    given: changed(enterprise, { service: { minTasks: 1 } }),
    message:
      "macro-ai:service.minTasks is 1: production must outlive the loss of a task, so it needs at least 2.",
    fixes: ["set --path macro-ai:service.minTasks 2"],
  },
  {
    name: "memory that the smallest cpu is not offered with",
    given: changed(enterprise, { service: { cpu: 256, memoryMiB: 4096 } }),
    message:
      "macro-ai:service.memoryMiB is 4096, which Fargate does not offer with 256 CPU units: it has 512, 1024, 2048.",
    fixes: ["set --path macro-ai:service.memoryMiB 2048"],
  },
  {
    name: "a cpu that the scale's memory is too small for",
    given: changed(enterprise, { service: { cpu: 4096 } }),
    sizes: { service: { memoryMiB: 1024 } },
    message:
      "macro-ai:service.memoryMiB is 1024, which Fargate does not offer with 4096 CPU units: it has 8192 to 30720 in steps of 1024.",
    fixes: ["set --path macro-ai:service.memoryMiB 8192"],
  },
];

describe("combinations of configuration keys", () => {
  for (const { name, given, stackName = "s", sizes = {}, message, fixes = [] } of cases) {
    it(`${message === undefined ? "accepts" : "refuses"} ${name}`, () => {
      const outcome = parseConfig(given.raw, given.secretKeys, stackName, { enterprise: sizes });
      const problems = outcome.ok ? [] : outcome.problems;
      assert.deepEqual(
        problems.map((problem) => problem.message),
        message === undefined ? [] : [message],
      );
      assert.deepEqual(
        problems.flatMap((problem) => problem.fixes),
        fixes.map((fix) => `pulumi config ${fix} --stack ${stackName}`),
      );
    });
  }
});
