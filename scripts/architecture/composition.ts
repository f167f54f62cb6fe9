import type { Surroundings } from "./parts.ts";
import { type Part, type Picture, type Place, places } from "./picture.ts";
import { text } from "./read.ts";
import { readWays } from "./ways.ts";

/** A picture of the program's own parts, of what lies outside of it, and of the ways between them. */
export function pictureFrom(parts: readonly Part[], around: Surroundings, title: string): Picture {
  const { parts: outside, ways } = readWays(parts, around);
  return {
    title,
    // In an order of their own, so that no picture depends on the order of registration.
    parts: [...outside, ...parts].sort((a, b) => rank(a.place) - rank(b.place) || (a.id < b.id ? -1 : 1)),
    ways: [...ways].sort((a, b) => (`${a.from} ${a.to}` < `${b.from} ${b.to}` ? -1 : 1)),
    details: details(around),
  };
}

const rank = (place: Place): number => Object.keys(places).indexOf(place);

function details({ graph, region }: Surroundings): Picture["details"] {
  const [vpc] = graph.all("awsx:ec2:Vpc");
  const zones = text(vpc?.inputs, "numberOfAvailabilityZones");
  const subnet = (mask: string) => `one /${mask} in each of ${zones} zones`;
  const masks = ((vpc?.inputs["subnetSpecs"] ?? []) as { type: string; cidrMask: number }[]).map(
    ({ type, cidrMask }) => [type.toLowerCase(), subnet(String(cidrMask))] as const,
  );
  return {
    aws: region,
    vpc: text(vpc?.inputs, "cidrBlock"),
    ...Object.fromEntries(masks),
  };
}
