import { holdsInternet, intersect } from "./addresses.ts";
import { push } from "./push.ts";

/** Ports, both included, of one protocol; `-1` is every protocol. */
export interface Traffic {
  protocol: string;
  from: number;
  to: number;
}

/** What one security-group rule lets through. */
export interface Passage extends Traffic {
  group: string;
  direction: "in" | "out";
  /** The other side: members of these groups, or addresses in these blocks. */
  groups: readonly string[];
  cidrs: readonly string[];
  /** What to call the rule in a path. */
  by: string;
}

/** Something with a network interface. */
export interface Place {
  name: string;
  /** Its security groups. */
  groups: readonly string[];
  /** Blocks in which its addresses lie. */
  networks: readonly string[];
  /** The way by which the internet gets to its subnet, if it has a public address: `internet gateway igw`. */
  door: string | undefined;
}

/** One step of a path: from place to place, by traffic that both ends let through. */
export interface Step extends Traffic {
  /** Undefined is the internet. */
  source: string | undefined;
  target: string;
  by: string;
}

/** Who can open a connection to whom, directly. */
export class Reachability {
  readonly #in = new Map<string, Passage[]>();
  readonly #out = new Map<string, Passage[]>();
  readonly #places: readonly Place[];
  readonly #members = new Map<string, Place[]>();
  /** From each place, once somebody asks for a path. */
  #steps: Map<string, Step[]> | undefined;

  constructor(places: readonly Place[], passages: readonly Passage[]) {
    this.#places = places;
    for (const passage of passages)
      push(passage.direction === "in" ? this.#in : this.#out, passage.group, passage);
    for (const place of places) for (const group of place.groups) push(this.#members, group, place);
  }

  /** What the internet reaches without help. */
  fromInternet(): Step[] {
    return this.#places.flatMap((place) => {
      const { door, name } = place;
      if (door === undefined) return [];
      return this.#entrances(place)
        .filter(({ cidrs }) => cidrs.some(holdsInternet))
        .map((passage) => ({
          ...traffic(passage),
          source: undefined,
          target: name,
          by: `${door}, ${passage.by}`,
        }));
    });
  }

  /** What reaches this place from inside. */
  into(target: Place): Step[] {
    return this.#entrances(target).flatMap((passage) => {
      const members = passage.groups.flatMap((group) => this.#members.get(group) ?? []);
      const neighbours = this.#places.filter((place) =>
        place.networks.some((network) => passage.cidrs.some((cidr) => intersect(cidr, network))),
      );
      return [...new Set([...members, ...neighbours])]
        .filter((source) => source !== target)
        .flatMap((source) =>
          this.#exits(source, target)
            .flatMap((exit) => shared(exit, passage) ?? [])
            .map((both) => ({ ...both, source: source.name, target: target.name, by: passage.by })),
        );
    });
  }

  /** The shortest path from the internet to a place, as steps; undefined where there is none. */
  pathTo(target: string): Step[] | undefined {
    const paths = new Map<string, Step[]>();
    for (const step of this.fromInternet()) if (!paths.has(step.target)) paths.set(step.target, [step]);
    const queue = [...paths.keys()];
    const onward = this.#onward();
    for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
      if (name === target) return paths.get(name);
      for (const step of onward.get(name) ?? []) {
        if (paths.has(step.target)) continue;
        paths.set(step.target, [...(paths.get(name) ?? []), step]);
        queue.push(step.target);
      }
    }
    return paths.get(target);
  }

  #onward(): Map<string, Step[]> {
    if (this.#steps) return this.#steps;
    this.#steps = new Map();
    for (const place of this.#places)
      for (const step of this.into(place))
        if (step.source !== undefined) push(this.#steps, step.source, step);
    return this.#steps;
  }

  #entrances(place: Place): Passage[] {
    return place.groups.flatMap((group) => this.#in.get(group) ?? []);
  }

  #exits(source: Place, target: Place): Passage[] {
    return source.groups
      .flatMap((group) => this.#out.get(group) ?? [])
      .filter(
        ({ groups, cidrs }) =>
          groups.some((group) => target.groups.includes(group)) ||
          cidrs.some((cidr) => target.networks.some((network) => intersect(cidr, network))),
      );
  }
}

/** `internet -> balancer (tcp 443, internet gateway, rule x) -> api (tcp 3040, rule y)` */
export function showPath(steps: readonly Step[]): string {
  const [first] = steps;
  const places = steps.map((step) => `${step.target} (${showTraffic(step)}, ${step.by})`);
  return [first?.source ?? "internet", ...places].join(" -> ");
}

function showTraffic({ protocol, from, to }: Traffic): string {
  if (protocol === "-1") return "every protocol and port";
  return `${protocol} ${from === to ? from : `${from}-${to}`}`;
}

/** What passes two rules one after the other. */
function shared(one: Traffic, other: Traffic): Traffic | undefined {
  if (one.protocol !== "-1" && other.protocol !== "-1" && one.protocol !== other.protocol) return undefined;
  const from = Math.max(one.from, other.from);
  const to = Math.min(one.to, other.to);
  return from > to
    ? undefined
    : { protocol: one.protocol === "-1" ? other.protocol : one.protocol, from, to };
}

function traffic({ protocol, from, to }: Traffic): Traffic {
  return { protocol, from, to };
}
