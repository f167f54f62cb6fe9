import { showOpening } from "../../core/openings.ts";
import type { StackRule } from "../../core/rule.ts";
import { GROUP, ingressOf } from "./groups.ts";

/** What holds data, by the property that names its groups. */
const DATA: Readonly<Record<string, string>> = {
  "aws:rds/instance:Instance": "vpcSecurityGroupIds",
  "aws:rds/cluster:Cluster": "vpcSecurityGroupIds",
  "aws:rds/proxy:Proxy": "vpcSecurityGroupIds",
  "aws:elasticache/replicationGroup:ReplicationGroup": "securityGroupIds",
  "aws:elasticache/cluster:Cluster": "securityGroupIds",
  "aws:efs/mountTarget:MountTarget": "securityGroups",
};

export const dataGroupsClosed: StackRule = {
  name: "ec2-data-groups-closed",
  description: "What holds data is reached by named security groups, never by addresses.",
  severity: "critical",
  group: "network",
  references: ["Prowler rds_instance_inside_vpc", "Well-Architected SEC05-BP02"],
  url: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.RDSSecurityGroups.html",
  types: [GROUP],
  judge: (group, graph) => {
    const guarded = Object.entries(DATA).flatMap(([type, property]) =>
      graph.referring(group, property, type),
    );
    const [first] = guarded;
    if (!first) return [];
    return ingressOf(group, graph)
      .filter(({ hasAddresses }) => hasAddresses)
      .map((opening) => ({
        resource: opening.resource,
        property: opening.property || "source",
        is: `${opening.cidrs.join(", ") || "a prefix list"} on ${showOpening(opening)} of ${group.name}, which guards ${first.name}`,
        must: "a security group",
        fix: "Name the security group that may connect (referencedSecurityGroupId) instead of addresses.",
      }));
  },
};
