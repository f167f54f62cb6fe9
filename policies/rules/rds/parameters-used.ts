import { show } from "../../core/expectations.ts";
import type { StackRule } from "../../core/rule.ts";
import { isKnown } from "../../core/unknown.ts";

const GROUP = "aws:rds/parameterGroup:ParameterGroup";

export const parametersUsed: StackRule = {
  name: "rds-parameters-used",
  description: "Database servers run with a parameter group of the stack, where rds-force-tls judges it.",
  severity: "high",
  group: "encryption",
  references: ["CKV2_AWS_69"],
  url: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/PostgreSQL.Concepts.General.SSL.html",
  types: ["aws:rds/instance:Instance"],
  judge: (database, graph) => {
    const { parameterGroupName, replicateSourceDb } = database.inputs;
    if (replicateSourceDb !== undefined || graph.targets(database, "parameterGroupName", GROUP).length > 0)
      return [];
    const finding = {
      property: "parameterGroupName",
      is: show(parameterGroupName),
      must: "a parameter group of this stack that demands TLS",
      fix: `Set parameterGroupName to the name of an ${GROUP} with rds.force_ssl 1.`,
    };
    return [isKnown(parameterGroupName) ? finding : { ...finding, unproven: {} }];
  },
};
