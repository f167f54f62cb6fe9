import { expect, missing } from "../../core/expectations.ts";
import type { StackRule } from "../../core/rule.ts";

const FLOW_LOG = "aws:ec2/flowLog:FlowLog";

export const flowLogs: StackRule = {
  name: "ec2-flow-logs",
  description: "Each VPC logs who talked to whom.",
  severity: "medium",
  group: "resilience",
  references: ["CKV2_AWS_11", "FSBP EC2.6", "CIS AWS 3.7", "AwsSolutions-VPC7", "AWS-0178"],
  url: "https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs.html",
  types: ["aws:ec2/vpc:Vpc", FLOW_LOG],
  judge: (resource, graph) => {
    if (resource.type === FLOW_LOG) {
      const { trafficType } = resource.inputs;
      return !("vpcId" in resource.inputs)
        ? []
        : expect(trafficType, "trafficType", {
            must: "ALL, or REJECT at least",
            fix: "to ALL",
            holds: (value) => value === "ALL" || value === "REJECT",
          });
    }
    return graph.referring(resource, "vpcId", FLOW_LOG).length > 0
      ? []
      : [missing("flow log", `Add an ${FLOW_LOG} with this vpcId and trafficType ALL.`)];
  },
};
