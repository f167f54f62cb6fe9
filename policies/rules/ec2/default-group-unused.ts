import { defaultGroupOwner, STANDALONE_RULES } from "../../core/passages.ts";
import type { StackRule } from "../../core/rule.ts";

export const defaultGroupUnused: StackRule = {
  name: "ec2-default-security-group-unused",
  description: "No rule stands beside a VPC's default security group, which is to have none.",
  severity: "high",
  group: "network",
  references: ["CKV2_AWS_12", "FSBP EC2.2", "AWS-0173"],
  url: "https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html",
  types: [...STANDALONE_RULES],
  judge: (rule, graph) => {
    const owner = defaultGroupOwner(rule, graph);
    return owner === undefined
      ? []
      : [
          {
            property: "securityGroupId",
            is: `the default security group of ${owner.name}`,
            must: "a group of its own",
            fix: "Make an aws.ec2.SecurityGroup for what is to be reached, and put the rule beside it.",
          },
        ];
  },
};
