import type { Statement } from "../../components/policy-document.ts";
import { endName, resourceName } from "../network/matrix.ts";
import type { Registered } from "../program.ts";
import { isOrigin, partOf, rotation, type Surroundings } from "./parts.ts";
import type { Part, Way } from "./picture.ts";
import { list, text } from "./read.ts";

/** What lies outside of AWS: those who call, and those who are called. */
interface Outside {
  parts: Part[];
  ways: Way[];
}

const users: Part = {
  id: "users",
  title: "Users",
  lines: ["browsers"],
  kind: "outside",
  place: "callers",
};

/** Services of others by the end of their host names. */
const hosts: Readonly<Record<string, string>> = {
  "neon.tech": "Neon PostgreSQL",
  "upstash.io": "Upstash Redis",
};

/** Services of others by the key of a secret that they gave out. */
const keyOwners: Readonly<Record<string, string>> = { OPENAI_API_KEY: "OpenAI" };

/** What runs with a role of its own. */
const callers = ["aws:ecs/service:Service", "aws:lambda/function:Function", "aws:rds/proxy:Proxy"];

const cognito: Part = {
  id: "cognito",
  title: "Cognito",
  lines: ["user pool"],
  kind: "security",
  place: "region",
};

/** Whom a role's bearer calls, by the beginning of an action that it is permitted. */
const permitted: readonly {
  action: string;
  to: string;
  label: string;
  part?: Part;
  /** What all that runs does: drawn beside a VPC, and without one, where all stand in one row, for what serves requests. */
  isCommon?: true;
}[] = [
  { action: "secretsmanager:GetSecretValue", to: "secrets", label: "reads" },
  { action: "secretsmanager:PutSecretValue", to: "secrets", label: "rotates" },
  { action: "cognito-idp:Admin", to: cognito.id, label: "signs in", part: cognito },
  { action: "cognito-idp:AddUserPoolClientSecret", to: cognito.id, label: "new secrets", part: cognito },
  {
    action: "xray:Put",
    to: "xray",
    label: "traces",
    isCommon: true,
    part: { id: "xray", title: "X-Ray", lines: [], kind: "management", place: "region" },
  },
];

/** The ways between the parts, and the parts outside of the program to which they lead. */
export function readWays(parts: readonly Part[], around: Surroundings): Outside {
  const found = [
    groupWays(parts, around),
    contentWays(around),
    apiWays(around),
    permissionWays(around),
    imageWays(around),
    alertWays(around),
    othersWays(parts, around),
  ];
  const outside = new Map(found.flatMap((one) => one.parts).map((part) => [part.id, part]));
  const known = new Set([...parts.map(({ id }) => id), ...outside.keys()]);
  const ways = found.flatMap((one) => one.ways).filter(({ from, to }) => known.has(from) && known.has(to));
  return { parts: [...outside.values()], ways: distinct(ways) };
}

/** Security groups: who reaches whom on which port. */
function groupWays(parts: readonly Part[], { graph, matrix }: Surroundings): Outside {
  const standsFor = new Map(graph.resources.map((resource) => [resourceName(resource), partOf(resource)]));
  const wearers = new Map(
    matrix.groups.map(({ name, worn }) => [name, worn.map((id) => standsFor.get(id) ?? id)]),
  );
  const partsAt = (end: string, otherwise: string): string[] =>
    wearers.get(end)?.filter((id) => parts.some((part) => part.id === id)) ?? [otherwise];
  const ways = matrix.ways.flatMap(({ from, to, port }) =>
    partsAt(endName(from), users.id).flatMap((start) =>
      partsAt(endName(to), "nat").map((end) => ({ from: start, to: end, port: port.replace("tcp ", "") })),
    ),
  );
  const joined = new Map<string, Way>();
  for (const { from, to, port } of ways) {
    const ports = new Set([...(joined.get(`${from} ${to}`)?.label.split(", ") ?? []), port]);
    const label = [...ports].join(", ");
    joined.set(`${from} ${to}`, { from, to, label, kind: "request" });
  }
  return { parts: [users], ways: [...joined.values()] };
}

/** A distribution and what it serves. */
function contentWays(around: Surroundings): Outside {
  const { graph } = around;
  const served = graph.all("aws:s3/bucket:Bucket").filter((bucket) => isOrigin(bucket, around));
  return {
    parts: [users],
    ways: graph.all("aws:cloudfront/distribution:Distribution").flatMap((distribution) => [
      { from: users.id, to: resourceName(distribution), label: "443", kind: "request" as const },
      ...served.map(({ name }) => ({
        from: resourceName(distribution),
        to: `bucket ${name}`,
        label: "fetches",
        kind: "request" as const,
      })),
    ]),
  };
}

/** An HTTP API, the function that it may invoke, and where that function's dead letters go. */
function apiWays({ graph }: Surroundings): Outside {
  const apis = graph.all("aws:apigatewayv2/api:Api");
  const invoked = graph.all("aws:lambda/permission:Permission").flatMap((permission) =>
    graph
      .sources(permission, "sourceArn")
      .filter((source) => apis.includes(source))
      .flatMap((api) =>
        graph
          .sources(permission, "function")
          .map((lambda) => [resourceName(api), resourceName(lambda)] as const),
      ),
  );
  const letters = graph
    .all("aws:lambda/function:Function")
    .flatMap((lambda) =>
      graph
        .sources(lambda, "deadLetterConfig")
        .map((queue) => [partOf(lambda), resourceName(queue)] as const),
    )
    // Where two parts share a queue, a request's own way is the one to see.
    .filter(([from], _, all) => !all.some(([other]) => other !== from) || from !== rotation);
  return {
    parts: [users],
    ways: [
      ...apis.map((api): Way => ({ from: users.id, to: resourceName(api), label: "443", kind: "request" })),
      ...invoked.map(([from, to]): Way => ({ from, to, label: "invokes", kind: "request" })),
      ...letters.map(([from, to]): Way => ({ from, to, label: "failed calls", kind: "support" })),
    ],
  };
}

/** What the roles of a component permit its server to call. */
function permissionWays({ graph }: Surroundings): Outside {
  const hasVpc = graph.all("awsx:ec2:Vpc").length > 0;
  const found = graph.all("macro-ai:components:PolicyDocument").flatMap((document) => {
    const actions = permittedActions(document);
    const bearers = callers
      .flatMap((type) => graph.all(type))
      .filter((one) => graph.top(one) === graph.top(document));
    return permitted
      .filter(({ action }) => actions.some((one) => one.startsWith(action)))
      .flatMap((permission) => bearers.map((bearer) => ({ ...permission, from: partOf(bearer) })))
      .filter(({ from, isCommon }) => hasVpc || from !== rotation || isCommon === undefined);
  });
  return {
    parts: found.flatMap(({ part }) => part ?? []),
    ways: found.map(({ from, to, label }) => ({ from, to, label, kind: "support" })),
  };
}

/** What an identity policy allows; a policy that names principals is a resource's own. */
function permittedActions({ inputs }: Registered): string[] {
  const statements = list(inputs, "statements") as Statement[];
  return statements
    .filter(({ effect, principals }) => effect !== "Deny" && principals === undefined)
    .flatMap(({ actions }) => actions);
}

/** Where the servers' images come from. */
function imageWays({ graph }: Surroundings): Outside {
  const lambdas = graph
    .all("aws:lambda/function:Function")
    .filter((lambda) => graph.sources(lambda, "imageUri").length > 0);
  const services = graph
    .all("aws:ecs/service:Service")
    .filter((service) =>
      graph.resources.some(
        ({ type, inputs, parent }) =>
          type === "aws:iam/rolePolicy:RolePolicy" &&
          text(inputs, "policy").includes("ecr:BatchGetImage") &&
          parent.includes(`:${graph.top(service).name}-execution`),
      ),
    );
  const ways = [...lambdas, ...services].map((server): Way => ({
    from: "images",
    to: resourceName(server),
    label: "image",
    kind: "support",
  }));
  return { parts: [], ways };
}

/** How somebody hears of it. */
function alertWays({ graph }: Surroundings): Outside {
  const support = (from: string, to: string, label: string): Way => ({ from, to, label, kind: "support" });
  const ways = graph
    .all("aws:sns/topic:Topic")
    .flatMap((topic) => [
      support("cloudwatch", resourceName(topic), "alarms"),
      support("events", resourceName(topic), "events"),
      ...graph
        .all("aws:budgets/budget:Budget")
        .map((budget) => support(resourceName(budget), resourceName(topic), "warns")),
      ...graph
        .all("aws:sns/topicSubscription:TopicSubscription")
        .map((subscription) => support(resourceName(topic), resourceName(subscription), "e-mail")),
    ]);
  const trails = graph
    .all("aws:cloudtrail/trail:Trail")
    .map((trail) => support(resourceName(trail), "logs", "files"));
  return { parts: [], ways: [...ways, ...trails] };
}

/** Other companies' services: who gave out the keys and addresses among the secrets. */
function othersWays(parts: readonly Part[], { graph }: Surroundings): Outside {
  const values = graph
    .all("aws:secretsmanager/secretVersion:SecretVersion")
    // A preview hides what is secret.
    .filter(({ inputs }) => text(inputs, "secretString").startsWith("{"))
    .flatMap(({ inputs }) =>
      Object.entries(JSON.parse(text(inputs, "secretString")) as Record<string, string>),
    );
  const others = new Map(values.flatMap(([key, value]) => otherService(key, value)));
  const servers = parts.filter(({ id }) => /^(ecs Service|lambda Function)/.test(id));
  const exits = parts.some(({ id }) => id === "nat") ? ["nat"] : servers.map(({ id }) => id);
  return {
    parts: [...others.keys()].map((id) => ({ id, title: id, lines: [], kind: "outside", place: "beyond" })),
    ways: [...others].flatMap(([to, label]) =>
      exits.map((from): Way => ({ from, to, label, kind: "request" })),
    ),
  };
}

/** The service that a secret belongs to, if it is another company's, and the port on which it listens. */
function otherService(key: string, value: string): [string, string][] {
  const owner = keyOwners[key];
  if (owner !== undefined) return [[owner, "443"]];
  if (!URL.canParse(value)) return [];
  const { hostname, port, protocol } = new URL(value);
  const [, service] = Object.entries(hosts).find(([end]) => hostname.endsWith(`.${end}`)) ?? [];
  return service === undefined ? [] : [[service, port || (defaultPorts[protocol] ?? "443")]];
}

const defaultPorts: Readonly<Record<string, string>> = { "postgresql:": "5432", "rediss:": "6379" };

function distinct(ways: readonly Way[]): Way[] {
  return [...new Map(ways.map((way) => [`${way.from} ${way.to}`, way])).values()];
}
