import { endName, readMatrix, type Way } from "../network/matrix.ts";
import type { Program } from "../program.ts";

/** A way between two groups or addresses that a change opens or closes. */
export interface WayChange {
  readonly kind: "opened" | "closed";
  readonly from: string;
  readonly to: string;
  readonly port: string;
  readonly reason: string;
  /** Whether the whole internet stands at its beginning. */
  readonly fromInternet: boolean;
}

/** What a change does to who reaches whom. */
export interface NetworkChange {
  readonly ways: number;
  /** The opened ones first. */
  readonly changes: readonly WayChange[];
  /** Rules of the new network that the matrix cannot take in. */
  readonly problems: readonly string[];
}

/** Compares two networks way by way. A way whose reason alone changes is neither opened nor closed. */
export function networkChange(before: Program, after: Program): NetworkChange {
  const was = readMatrix(before);
  const is = readMatrix(after);
  const key = ({ from, to, port }: Way): string => JSON.stringify([endName(from), endName(to), port]);
  const missing = (ways: readonly Way[], others: readonly Way[]): readonly Way[] => {
    const known = new Set(others.map(key));
    return ways.filter((way) => !known.has(key(way)));
  };
  const shown = (kind: WayChange["kind"], way: Way): WayChange => ({
    kind,
    from: endName(way.from),
    to: endName(way.to),
    port: way.port,
    reason: way.reason,
    fromInternet: "addresses" in way.from && endName(way.from) !== way.from.addresses,
  });
  return {
    ways: is.ways.length,
    changes: [
      ...missing(is.ways, was.ways).map((way) => shown("opened", way)),
      ...missing(was.ways, is.ways).map((way) => shown("closed", way)),
    ],
    problems: is.problems,
  };
}
