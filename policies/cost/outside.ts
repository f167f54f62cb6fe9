import { used, type Item } from "./resource.ts";
import type { Subject } from "./subject.ts";
import type { Usage } from "./usage.ts";

/** What a stack uses and does not make: no resource stands for it, so that its usage alone says what it costs. */
export function outside(usage: Usage, scale: Subject["scale"]): { name: string; items: Item[] }[] {
  const of =
    (name: string): ((key: Parameters<Usage["of"]>[1]) => number) =>
    (key) =>
      usage.of(name, key);
  const zone = of("DNS zone");
  const services = [
    {
      name: "DNS zone",
      items: [
        used("dns-zone", "the domain's zone", zone("route53.zones")),
        used("dns-queries", "queries", (zone("route53.zones") * zone("route53.queries")) / 1e6),
      ],
    },
  ];
  if (scale === "enterprise") return services;
  const neon = of("Neon");
  const upstash = of("Upstash");
  return [
    ...services,
    {
      name: "Neon",
      items: [
        used("neon-compute", "compute", neon("neon.computeHours")),
        used("neon-storage", "storage", neon("neon.storageGb")),
        used("neon-history", "history", neon("neon.historyGb")),
      ],
    },
    {
      name: "Upstash",
      items: [
        used("upstash-commands", "commands", upstash("upstash.commands") / 1e5),
        used("upstash-storage", "storage", upstash("upstash.storageGb")),
      ],
    },
  ];
}
