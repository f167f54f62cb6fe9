import { type Matrix, resourceName } from "../network/matrix.ts";
import type { Registered } from "../program.ts";
import type { Part } from "./picture.ts";
import { count, type Graph, list, text } from "./read.ts";

/** What a reader of one resource may look at besides. */
export interface Surroundings {
  graph: Graph;
  /** Where the stack lies. */
  region: string;
  matrix: Matrix;
}

type Reader = (resource: Registered, around: Surroundings) => Omit<Part, "id"> | undefined;

/** The part for all functions that look after the secrets. */
export const rotation = "rotation";

function looksAfterSecrets({ name, type }: Registered): boolean {
  return type === "aws:lambda/function:Function" && /^(rotation-|bootstrap$)/.test(name);
}

/** The part that stands for a resource. */
export function partOf(resource: Registered): string {
  return looksAfterSecrets(resource) ? rotation : resourceName(resource);
}

/** A part for each resource of a type. */
const single: Readonly<Record<string, Reader>> = {
  "aws:cloudfront/distribution:Distribution": (resource, around) => ({
    title: "CloudFront",
    lines: [...names(resource, around), ...(resource.inputs["webAclId"] ? ["behind AWS WAF"] : [])],
    kind: "network",
    place: "client",
  }),
  "aws:lb/loadBalancer:LoadBalancer": (resource, around) => ({
    title: "Load balancer",
    lines: [...names(resource, around), ...(isGuarded(resource, around) ? ["behind AWS WAF"] : [])],
    kind: "network",
    place: "public",
  }),
  "aws:apigatewayv2/api:Api": (resource, around) => ({
    title: "HTTP API",
    lines: [...names(resource, around), ...throttle(around)],
    kind: "network",
    place: "region",
  }),
  "aws:lambda/function:Function": (resource) =>
    looksAfterSecrets(resource)
      ? undefined
      : {
          title: "Lambda",
          lines: [
            text(resource.inputs, "description").replace(/, .*/, ""),
            `${text(resource.inputs, "architectures", 0)}, ${text(resource.inputs, "memorySize")} MiB, ${text(resource.inputs, "timeout")} s`,
          ],
          kind: "compute",
          place: "region",
        },
  "aws:ecs/service:Service": (resource, around) => ({
    title: "ECS Fargate",
    lines: [resource.name, ...taskLines(resource, around)],
    kind: "compute",
    place: "private",
  }),
  "aws:rds/proxy:Proxy": () => ({
    title: "RDS Proxy",
    lines: ["pooled connections, TLS only"],
    kind: "database",
    place: "private",
  }),
  "aws:rds/instance:Instance": ({ inputs }, { graph }) => ({
    title: `RDS PostgreSQL ${text(inputs, "engineVersion")}`,
    lines: [
      `${text(inputs, "instanceClass")}${inputs["multiAz"] === true ? ", Multi-AZ" : ""}`,
      `${text(inputs, "allocatedStorage")} to ${text(inputs, "maxAllocatedStorage")} GiB`,
      ...copies(
        "backups copied",
        graph
          .all("aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication")
          .map((replica) => text(replica.inputs, "region")),
      ),
    ],
    kind: "database",
    place: "isolated",
  }),
  "aws:elasticache/replicationGroup:ReplicationGroup": ({ inputs }) => ({
    title: `ElastiCache ${title(text(inputs, "engine"))}`,
    lines: [
      `${text(inputs, "numCacheClusters")} x ${text(inputs, "nodeType")}${inputs["multiAzEnabled"] === true ? ", Multi-AZ" : ""}`,
    ],
    kind: "database",
    place: "isolated",
  }),
  "aws:sqs/queue:Queue": ({ name }) => ({
    title: "SQS",
    lines: [name.replace(/^[^-]+-/, "").replaceAll("-", " ")],
    kind: "management",
    place: "region",
  }),
  "aws:cloudtrail/trail:Trail": () => ({
    title: "CloudTrail",
    lines: ["who did what, all regions"],
    kind: "management",
    place: "operations",
  }),
  "aws:sns/topic:Topic": (_, { graph }) => ({
    title: "SNS",
    lines: graph
      .all("aws:sns/topicSubscription:TopicSubscription")
      .map(({ inputs }) => `to ${text(inputs, "endpoint")}`),
    kind: "management",
    place: "operations",
  }),
  "aws:budgets/budget:Budget": ({ inputs }) => ({
    title: "Budget",
    lines: [`USD ${Number(text(inputs, "limitAmount")).toFixed(0)} a month`],
    kind: "management",
    place: "operations",
  }),
};

/** One part for all resources of a type in a place. */
const together: Readonly<Record<string, (all: readonly Registered[], around: Surroundings) => Part[]>> = {
  "awsx:ec2:Vpc": (all, { graph }) =>
    all.flatMap(({ inputs }) => {
      const lines = { Single: "one for all zones", OnePerAz: "one in each zone" }[
        text(inputs, "natGateways", "strategy")
      ];
      if (lines === undefined) return [];
      const of = urnsOf("aws:ec2/natGateway:NatGateway", graph);
      return [{ id: "nat", title: "NAT gateway", lines: [lines], kind: "network", place: "public", of }];
    }),
  "aws:lambda/function:Function": (all) => {
    const names = all.filter(looksAfterSecrets).map(({ name }) => name.replace(/^rotation-/, ""));
    if (names.length === 0) return [];
    const perLine = Math.ceil(names.length / 4);
    const lines = names
      .sort()
      .flatMap((_, index) => (index % perLine === 0 ? [names.slice(index, index + perLine).join(", ")] : []));
    const place = all.some(({ inputs }) => inputs["vpcConfig"] !== undefined) ? "private" : "region";
    return [{ id: rotation, title: "Rotation", lines: ["Lambda", ...lines], kind: "compute", place }];
  },
  "aws:s3/bucket:Bucket": (all, around) => {
    const served = all.filter((bucket) => isOrigin(bucket, around));
    const others = all.filter((bucket) => !served.includes(bucket));
    const kept = others.map(({ name }) => name.replaceAll("-", " "));
    const of = others.map(({ urn }) => urn);
    return [
      ...served.map(({ name, urn }): Part => {
        const lines = ["the client's files, private"];
        return { id: `bucket ${name}`, title: "S3", lines, kind: "storage", place: "client", of: [urn] };
      }),
      ...(kept.length > 0
        ? [{ id: "logs", title: "S3", lines: kept, kind: "storage", place: "operations", of } as const]
        : []),
    ];
  },
  "aws:secretsmanager/secret:Secret": (all) => {
    const [first] = all;
    const path = text(first?.inputs, "name").replace(/\/[^/]+$/, "");
    const replicas = list(first?.inputs ?? {}, "replicas").map((replica) => text(replica, "region"));
    return [
      {
        id: "secrets",
        title: "Secrets Manager",
        lines: [`${count(all.length, "secret")} below ${path}`, ...copies("copied", replicas)],
        kind: "security",
        place: "region",
      },
    ];
  },
  "aws:kms/key:Key": (all, { region }) => {
    const own = all.filter(({ inputs }) => text(inputs, "region") === region);
    const elsewhere = all.filter((key) => !own.includes(key)).map(({ inputs }) => text(inputs, "region"));
    const names = own.map(({ name }) => name.replace(/-key$/, "")).sort();
    const lines = [`${count(own.length, "key")}: ${names.join(", ")}`];
    if (elsewhere.length > 0)
      lines.push(`${count(elsewhere.length, "key")} in ${elsewhere.sort().join(", ")}`);
    return [{ id: "keys", title: "KMS", lines, kind: "security", place: "region" }];
  },
  "awsx:ecr:Repository": (all, { graph }) => {
    const names = [...new Set(all.map(({ inputs }) => text(inputs, "name")))].sort();
    const replicas = graph
      .all("aws:ecr/replicationConfiguration:ReplicationConfiguration")
      .map(({ inputs }) => text(inputs, "replicationConfiguration", "rules", 0, "destinations", 0, "region"));
    const lines = [...names, ...copies("copied", replicas)];
    return [{ id: "images", title: "ECR", lines, kind: "compute", place: "region" }];
  },
  "aws:cloudwatch/metricAlarm:MetricAlarm": (all, { graph }) => [
    {
      id: "cloudwatch",
      title: "CloudWatch",
      lines: [
        `${count(all.length, "alarm")}, ${count(graph.all("aws:cloudwatch/dashboard:Dashboard").length, "dashboard")}`,
        count(graph.all("aws:cloudwatch/logGroup:LogGroup").length, "log group"),
      ],
      kind: "management",
      place: "operations",
      of: [
        "cloudwatch/metricAlarm:MetricAlarm",
        "cloudwatch/dashboard:Dashboard",
        "cloudwatch/logGroup:LogGroup",
      ].flatMap((type) => urnsOf(`aws:${type}`, graph)),
    },
  ],
  "aws:cloudwatch/eventRule:EventRule": (all) => [
    {
      id: "events",
      title: "EventBridge",
      lines: [count(all.length, "rule")],
      kind: "management",
      place: "operations",
    },
  ],
};

/**
 * Services whose resources are no parts of their own: they describe, connect or guard others, whose lines or ways show
 * it. A service that is neither here nor drawn is an error: somebody has to say how it is shown.
 */
const shownByOthers = ["acm", "appautoscaling", "ec2", "iam", "route53", "vpc", "wafv2"];

/** The parts that the program itself makes. @throws Error for a service that nobody has said how to draw */
export function readParts(around: Surroundings): Part[] {
  const unknown = undrawnTypes(around.graph.resources);
  if (unknown.length > 0) {
    throw new Error(
      `The architecture pictures do not know ${unknown.join(", ")}: say in scripts/architecture/parts.ts how to draw them.`,
    );
  }
  return knownParts(around);
}

/** As {@link readParts}, without what nobody has said how to draw. */
export function knownParts(around: Surroundings): Part[] {
  const { resources } = around.graph;
  const one = resources.flatMap((resource) => {
    const part = single[resource.type]?.(resource, around);
    return part ? [{ id: resourceName(resource), of: [resource.urn], ...part }] : [];
  });
  const many = Object.entries(together).flatMap(([type, read]) => {
    const all = around.graph.all(type);
    if (all.length === 0) return [];
    return read(all, around).map((part) => ({ of: all.map(({ urn }) => urn), ...part }));
  });
  return [...one, ...many];
}

/** Whether a bucket is what a distribution serves. */
export function isOrigin(bucket: Registered, { graph }: Surroundings): boolean {
  return graph
    .all("aws:cloudfront/distribution:Distribution")
    .some((distribution) => graph.sources(distribution, "origins").includes(bucket));
}

/** Types of services that nobody has said how to draw. */
export function undrawnTypes(resources: readonly Registered[]): string[] {
  const serviceOf = (type: string) => type.split(/[:/]/)[1] ?? "";
  const drawn = [...Object.keys(single), ...Object.keys(together)].map(serviceOf);
  const known = new Set([...drawn, ...shownByOthers]);
  const unknown = resources.filter(({ type }) => type.startsWith("aws:") && !known.has(serviceOf(type)));
  return [...new Set(unknown.map(({ type }) => type))];
}

/** The names of the stack's domain that lead to a resource, or to the domain name that its API has. */
function names(resource: Registered, { graph }: Surroundings): string[] {
  const found = graph.all("aws:route53/record:Record").filter((record) =>
    graph.sources(record, "aliases").some((source) => {
      const isItsDomain = source.type.endsWith(":DomainName") && resource.type.endsWith(":Api");
      return source === resource || isItsDomain;
    }),
  );
  return [...new Set(found.map(({ inputs }) => text(inputs, "name")))];
}

function isGuarded(resource: Registered, { graph }: Surroundings): boolean {
  return graph
    .all("aws:wafv2/webAclAssociation:WebAclAssociation")
    .some((association) => graph.sources(association, "resourceArn").includes(resource));
}

function throttle({ graph }: Surroundings): string[] {
  return graph
    .all("aws:apigatewayv2/stage:Stage")
    .map(({ inputs }) => `at most ${text(inputs, "defaultRouteSettings", "throttlingRateLimit")} requests/s`);
}

function taskLines(service: Registered, { graph }: Surroundings): string[] {
  const [definition] = graph.sources(service, "taskDefinition").filter(({ custom }) => custom);
  const [target] = graph.all("aws:appautoscaling/target:Target");
  const { inputs } = definition ?? { inputs: {} };
  const size = `${Number(text(inputs, "cpu")) / 1024} vCPU, ${Number(text(inputs, "memory")) / 1024} GiB`;
  const tasks = `${text(target?.inputs, "minCapacity")} to ${text(target?.inputs, "maxCapacity")} tasks`;
  return [`${text(inputs, "runtimePlatform", "cpuArchitecture")}, ${size}`, tasks];
}

function urnsOf(type: string, graph: Graph): string[] {
  return graph.all(type).map(({ urn }) => urn);
}

function title(word: string): string {
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
}

/** What is copied into other regions. */
function copies(what: string, regions: readonly string[]): string[] {
  return regions.length === 0 ? [] : [`${what} to ${[...new Set(regions)].join(", ")}`];
}
