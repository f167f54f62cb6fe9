import { isWorld } from "./addresses.ts";
import { elements, isKnown, known, type Seen } from "./unknown.ts";

/** What one security-group rule opens, as far as it is known. */
export interface Opening {
  /** Where the rule stands: `ingress[0]`, or nothing where it is a resource of its own. */
  property: string;
  protocol: Seen<string | number | undefined>;
  fromPort: Seen<number | undefined>;
  toPort: Seen<number | undefined>;
  cidrs: string[];
  /** Whether it lets addresses in, known or not, and not just members of a group. */
  hasAddresses: boolean;
}

/** The shape that inline rules and `aws:ec2/securityGroupRule` share. */
interface OldRule {
  protocol?: Seen<string | undefined>;
  fromPort?: Seen<number | undefined>;
  toPort?: Seen<number | undefined>;
  cidrBlocks?: Seen<string[] | undefined>;
  ipv6CidrBlocks?: Seen<string[] | undefined>;
  prefixListIds?: Seen<string[] | undefined>;
}

/** The shape of `aws:vpc/securityGroupIngressRule` and its egress twin. */
interface NewRule {
  ipProtocol?: Seen<string | undefined>;
  fromPort?: Seen<number | undefined>;
  toPort?: Seen<number | undefined>;
  cidrIpv4?: Seen<string | undefined>;
  cidrIpv6?: Seen<string | undefined>;
  prefixListId?: Seen<string | undefined>;
}

export function openingOfOld(rule: OldRule, property: string): Opening {
  const { protocol, fromPort, toPort } = rule;
  return {
    property,
    protocol,
    fromPort,
    toPort,
    cidrs: [...known<Seen<string>>(rule.cidrBlocks), ...known<Seen<string>>(rule.ipv6CidrBlocks)],
    get hasAddresses() {
      return [rule.cidrBlocks, rule.ipv6CidrBlocks, rule.prefixListIds].some(
        (list) => !isKnown<unknown>(list) || elements<unknown>(list as unknown[] | undefined).length > 0,
      );
    },
  };
}

export function openingOfNew(rule: NewRule): Opening {
  return {
    property: "",
    protocol: rule.ipProtocol,
    fromPort: rule.fromPort,
    toPort: rule.toPort,
    cidrs: known<Seen<string | undefined>>([rule.cidrIpv4, rule.cidrIpv6]).filter(
      (cidr) => cidr !== undefined,
    ),
    get hasAddresses() {
      return [rule.cidrIpv4, rule.cidrIpv6, rule.prefixListId].some((source) => source !== undefined);
    },
  };
}

/** True for -1 and "all"; unknown protocols are not judged. */
export function isEveryProtocol({ protocol }: Opening): boolean {
  return ["-1", -1, "all"].includes(isKnown(protocol) ? (protocol ?? "") : "");
}

/** The ports that an opening lets through, or undefined where they are unknown. */
export function portsOf(opening: Opening): [from: number, to: number] | undefined {
  if (isEveryProtocol(opening)) return [0, 65535];
  const { fromPort, toPort } = opening;
  if (!isKnown(fromPort) || !isKnown(toPort) || !isKnown(opening.protocol)) return undefined;
  const from = fromPort ?? toPort ?? 0;
  return from === -1 ? [0, 65535] : [from, toPort ?? from];
}

/** For messages: `tcp 22`, `tcp 1024-2048`, `icmp type 8`, `every protocol and port`. */
export function showOpening(opening: Opening): string {
  const ports = portsOf(opening);
  if (ports === undefined || isEveryProtocol(opening)) return "every protocol and port";
  const protocol = isKnown(opening.protocol) ? (opening.protocol ?? "tcp") : "unknown";
  // What stands in the place of a port are its type and code; -1 is each.
  if (ICMP.includes(String(protocol).toLowerCase())) {
    const type = opening.fromPort;
    return `${protocol} ${typeof type === "number" && type >= 0 ? `type ${type}` : "of every type"}`;
  }
  return `${protocol} ${ports[0] === ports[1] ? ports[0] : ports.join("-")}`;
}

const ICMP = ["icmp", "icmpv6", "1", "58"];

function overlap(one: Opening, other: Opening): boolean {
  const [a, b] = [portsOf(one), portsOf(other)];
  return a !== undefined && b !== undefined && a[0] <= b[1] && b[0] <= a[1];
}

/**
 * The openings that let the world in or out: by themselves, or joined with others of the same group on the same ports.
 * Openings whose ports are unknown are left to the update.
 */
export function worldOpenings<T extends Opening>(openings: T[]): T[] {
  return openings.filter(
    (opening) =>
      opening.cidrs.length > 0 &&
      isWorld(openings.filter((other) => overlap(opening, other)).flatMap(({ cidrs }) => cidrs)),
  );
}

/** Ports on which a load balancer may face the world. */
export const PUBLIC_PORTS = [80, 443];

/** True for one port of a web server over TCP. */
export function isWeb(opening: Opening): boolean {
  const ports = portsOf(opening);
  return (
    ports !== undefined &&
    ["tcp", "6", 6].includes(isKnown(opening.protocol) ? (opening.protocol ?? "") : "") &&
    ports[0] === ports[1] &&
    PUBLIC_PORTS.includes(ports[0])
  );
}
