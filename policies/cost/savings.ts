import { push } from "../core/push.ts";
import type { Line } from "./estimate.ts";
import { pricedBelow, prices } from "./prices.ts";

/** One change that makes a stack cheaper. */
interface Saving {
  /** Changes of the same subject exclude each other. */
  subject: string;
  change: string;
  usd: number;
}

/** What, done together, saves enough. */
export interface Way {
  changes: readonly string[];
  usd: number;
}

/** Parts that a stack can do without, by the price that tells of them. */
const REMOVABLE: Readonly<Record<string, string>> = {
  "nat-gateway": "no NAT gateway",
  "interface-endpoint": "no interface endpoint",
  "rds-proxy": "no RDS Proxy",
  "firewall-acl": "no web ACL",
  dashboard: "no dashboard",
  "custom-metric": "no Container Insights",
  "neon-compute": "Neon's Free plan",
  "upstash-commands": "Upstash's Free plan",
};

const SHOWN_WAYS = 3;

/** The cheapest changes that suffice by themselves, at most one a subject; else the fewest that do together. */
export function waysUnder(lines: readonly Line[], over: number): Way[] {
  const subjects = new Map<string, Saving[]>();
  for (const saving of [...smaller(lines), ...notScaled(lines), ...removed(lines)])
    push(subjects, saving.subject, saving);
  const enough = [...subjects.values()]
    .flatMap((savings) => least(savings.filter(({ usd }) => usd >= over)))
    .toSorted((a, b) => a.usd - b.usd)
    .slice(0, SHOWN_WAYS)
    .map(({ change, usd }) => ({ changes: [change], usd }));
  if (enough.length > 0) return enough;
  const together: Saving[] = [];
  const largest = [...subjects.values()].flatMap(
    (savings) => savings.toSorted((a, b) => b.usd - a.usd)[0] ?? [],
  );
  for (const saving of largest.toSorted((a, b) => b.usd - a.usd)) {
    together.push(saving);
    const usd = together.reduce((sum, one) => sum + one.usd, 0);
    if (usd >= over) return [{ changes: together.map(({ change }) => change), usd }];
  }
  return [];
}

function least(savings: Saving[]): Saving[] {
  return savings.toSorted((a, b) => a.usd - b.usd).slice(0, 1);
}

/** Cheaper classes, engines and processors. */
function smaller(lines: readonly Line[]): Saving[] {
  return lines.flatMap((line) => {
    const [family = "", size] = line.price.split(":");
    if (size === undefined) return [];
    const families = [family, family.replace("-redis", "-valkey")];
    return [...new Set(families)].flatMap((other) =>
      pricedBelow(`${other}:`).flatMap((candidate) => {
        const price = prices[`${other}:${candidate}`]?.usd ?? Infinity;
        const usd = line.usd.max - line.quantity.max * price;
        const to = other === family ? candidate : `${candidate} with Valkey`;
        return usd > 0
          ? { subject: line.urn, change: `${line.resource}: ${to} in place of ${size}`, usd }
          : [];
      }),
    );
  });
}

/** Everything that scales, kept at its least. */
function notScaled(lines: readonly Line[]): Saving[] {
  const scaled = new Map<string, Line[]>();
  for (const line of lines.filter(({ usd }) => usd.max > usd.min)) push(scaled, line.urn, line);
  return [...scaled].flatMap(([urn, own]) => {
    const usd = own.reduce((sum, line) => sum + line.usd.max - line.usd.min, 0);
    const [first] = own;
    return first
      ? { subject: `${urn} scaled`, change: `${first.resource}: never more than its least`, usd }
      : [];
  });
}

function removed(lines: readonly Line[]): Saving[] {
  return lines.flatMap((line) => {
    const change = REMOVABLE[line.price];
    if (change === undefined) return [];
    const usd = lines.filter(({ urn }) => urn === line.urn).reduce((sum, own) => sum + own.usd.max, 0);
    return usd > 0 ? { subject: line.urn, change: `${change} (${line.resource})`, usd } : [];
  });
}
