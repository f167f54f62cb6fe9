import { unknownValue } from "@pulumi/pulumi/runtime/rpc.js";
import { Graph, type StackResource } from "../../../policies/core/graph.ts";
import { unknown as recordedUnknown, type Recording, type Registered } from "../../components/mocks.ts";

const VPC = "awsx:ec2:Vpc";
const SUBNET = "aws:ec2/subnet:Subnet";

/**
 * The program's resources as the engine would show them in a preview, from its evaluation under mocks: with what awsx's
 * components make on the engine that costs something, or that says how much something costs.
 */
export function graphOf(recording: Recording): Graph {
  return new Graph(recording.resources.flatMap((resource) => [asShown(resource), ...madeByAwsx(resource)]));
}

function asShown({ urn, type, name, custom, inputs, parent, options }: Registered): StackResource {
  return {
    urn,
    type,
    name,
    props: sent(inputs) as Record<string, unknown>,
    ...(custom && { provider: {} }),
    ...(parent !== "" && { parent: { urn: parent } }),
    propertyDependencies: Object.fromEntries(
      Object.entries(options.propertyDependencies).map(([property, urns]) => [
        property,
        urns.flatMap((source) =>
          source.includes(`${VPC}::`) ? subnetsOf(source, property) : [{ urn: source }],
        ),
      ]),
    ),
  };
}

/** Unknown values as the engine sends them. */
function sent(value: unknown): unknown {
  if (value === recordedUnknown) return unknownValue;
  if (Array.isArray(value)) return value.map(sent);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, sent(part)]));
}

/** Lists of subnets come from the subnets themselves: here, one in each of three zones. */
function subnetsOf(vpc: string, property: string): { urn: string }[] {
  return /subnet/i.test(property)
    ? [1, 2, 3].map((zone) => ({ urn: `${vpc}-subnet-${zone}$${SUBNET}` }))
    : [{ urn: vpc }];
}

function madeByAwsx({ urn, type, name }: Registered): StackResource[] {
  const child = (ofType: string, suffix: string): StackResource => ({
    urn: `${urn}${suffix}$${ofType}`,
    type: ofType,
    name: `${name}${suffix}`,
    props: {},
    provider: {},
    parent: { urn },
    propertyDependencies: {},
  });
  if (type === "awsx:ecr:Repository") return [child("aws:ecr/repository:Repository", "")].map(elsewhere);
  if (type !== VPC) return [];
  return [
    // awsx numbers them by zone; there is one gateway unless a stack asks for more.
    child("aws:ec2/natGateway:NatGateway", "-1"),
    child("aws:ec2/eip:Eip", "-1"),
    ...[1, 2, 3].map((zone) => child(SUBNET, `-subnet-${zone}`)),
  ];
}

function elsewhere(resource: StackResource): StackResource {
  return { ...resource, urn: `${resource.urn}-made` };
}
