import { networkOf } from "../../core/network.ts";
import { showPath } from "../../core/reachability.ts";
import type { StackFinding, StackRule } from "../../core/rule.ts";
import { named } from "./paths.ts";

const PROXY = "aws:rds/proxy:Proxy";
/** Where code of this system runs: the service, the bootstrap, the rotation. */
const CODE = ["aws:ecs/service:Service", "aws:lambda/function:Function"];

/** Who may connect, by what holds data. */
const CALLERS: Readonly<Record<string, readonly string[]>> = {
  "aws:rds/instance:Instance": [...CODE, PROXY],
  "aws:rds/cluster:Cluster": [...CODE, PROXY],
  [PROXY]: CODE,
  "aws:elasticache/replicationGroup:ReplicationGroup": CODE,
  "aws:efs/mountTarget:MountTarget": CODE,
};

export const dataReach: StackRule = {
  name: "network-data-reach",
  description: "Nothing but the services' code and their proxy reaches what holds data.",
  severity: "critical",
  group: "network",
  references: ["Well-Architected SEC05-BP02"],
  url: "https://docs.aws.amazon.com/wellarchitected/latest/security-pillar/sec_network_protection_layered.html",
  types: Object.keys(CALLERS),
  judge: (resource, graph): StackFinding[] => {
    const { reach, places, strangers } = networkOf(graph);
    const target = places.get(resource.urn)?.place;
    if (!target) return [];
    const callers = CALLERS[resource.type] ?? [];
    const wrong = reach.into(target).filter(({ source }) => {
      const type = source === undefined ? undefined : places.get(source)?.node.type;
      return type === undefined || !callers.includes(type);
    });
    const known = wrong.map((step) => {
      const before = step.source === undefined ? undefined : reach.pathTo(step.source);
      return finding(showPath(named([...(before ?? []), step], places)));
    });
    const unseen = target.groups
      .flatMap((group) => strangers.get(group) ?? [])
      .map(({ group, rule }) =>
        finding(`${group}, a group of nothing in this stack -> ${resource.name} (rule ${rule.name})`),
      );
    return [...known, ...unseen];
  },
};

function finding(path: string): StackFinding {
  return {
    property: "the way to it",
    is: path,
    must: "from a service, a function or a proxy of this stack only",
    fix: "Remove the security-group rule that is named last, or connect through the service.",
  };
}
