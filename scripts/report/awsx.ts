import type { State } from "./preview.ts";
import { urnName } from "./urn.ts";

/**
 * The engine keeps no inputs of components that a provider makes, so those of awsx are read off what they consist of.
 */
export function withAwsxInputs(states: readonly State[]): readonly State[] {
  return states.map((state) => {
    const read = readers[state.type];
    return read && state.inputs === undefined ? { ...state, inputs: read(state, states) } : state;
  });
}

type Reader = (component: State, states: readonly State[]) => Record<string, unknown>;

const readers: Readonly<Record<string, Reader>> = {
  "awsx:ec2:Vpc": (component, states) => {
    const own = (type: string): State[] => within(component, states).filter((state) => state.type === type);
    const subnets = own("aws:ec2/subnet:Subnet");
    const tiers = ["Public", "Private", "Isolated"].flatMap((type) => {
      const tier = subnets.filter(({ urn }) => urnName(urn).includes(`-${type.toLowerCase()}-`));
      const mask = /\/(\d+)$/.exec(textAt(tier[0], "cidrBlock"))?.[1];
      return mask === undefined ? [] : { type, cidrMask: Number(mask), count: tier.length };
    });
    const zones = Math.max(0, ...tiers.map(({ count }) => count));
    const gateways = own("aws:ec2/natGateway:NatGateway").length;
    return {
      cidrBlock: textAt(own("aws:ec2/vpc:Vpc")[0], "cidrBlock"),
      numberOfAvailabilityZones: zones,
      subnetSpecs: tiers.map(({ type, cidrMask }) => ({ type, cidrMask })),
      natGateways: { strategy: gateways === 0 ? "None" : gateways === 1 ? "Single" : "OnePerAz" },
    };
  },
  "awsx:ecr:Repository": (component, states) => {
    const repository = within(component, states).find(({ type }) => type === "aws:ecr/repository:Repository");
    return { name: textAt(repository, "name") };
  },
};

function within(component: State, states: readonly State[]): State[] {
  const children = states.filter(({ parent }) => parent === component.urn);
  return children.flatMap((child) => [child, ...within(child, states)]);
}

function textAt(state: State | undefined, input: string): string {
  const value = state?.inputs?.[input];
  return typeof value === "string" ? value : "";
}
