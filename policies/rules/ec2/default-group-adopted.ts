import type { StackRule } from "../../core/rule.ts";

const DEFAULT_GROUP = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup";

export const defaultGroupAdopted: StackRule = {
  name: "ec2-default-security-group-adopted",
  description: "Each VPC's default security group is taken over, so that it can be emptied.",
  severity: "high",
  group: "network",
  references: ["CKV2_AWS_12", "FSBP EC2.2", "CIS AWS 5.5"],
  url: "https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html",
  types: ["aws:ec2/vpc:Vpc"],
  judge: (vpc, graph) =>
    graph.referring(vpc, "vpcId", DEFAULT_GROUP).length > 0
      ? []
      : [
          {
            property: "default security group",
            is: "left as AWS made it, open among its members",
            must: "adopted and empty",
            fix: `Add an ${DEFAULT_GROUP} with this vpcId and no rules.`,
          },
        ],
};
