import { missing } from "../../core/expectations.ts";
import type { StackRule } from "../../core/rule.ts";

const LIFECYCLE = "aws:ecr/lifecyclePolicy:LifecyclePolicy";

export const imagesForgotten: StackRule = {
  name: "ecr-lifecycle",
  description: "Repositories forget old images.",
  severity: "low",
  group: "resilience",
  references: ["FSBP ECR.3"],
  url: "https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html",
  types: ["aws:ecr/repository:Repository"],
  covers: [LIFECYCLE],
  judge: (repository, graph) =>
    graph.referring(repository, "repository", LIFECYCLE).length > 0
      ? []
      : [missing("lifecycle policy", `Add an ${LIFECYCLE}.`)],
};
