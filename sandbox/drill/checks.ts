import type { StoredEntry } from "../cloud/store.ts";

export const SECRET = "aws:secretsmanager/secret:Secret";
export const SECRET_VERSION = "aws:secretsmanager/secretVersion:SecretVersion";

/** One thing that must be true of the stack that took production's place. */
export interface Check {
  readonly what: string;
  readonly holds: boolean;
  /** What is there. Never a secret's value. */
  readonly seen: string;
}

/** What the drill knows before it looks. */
export interface Expected {
  /** The copies that the database was to be restored from. */
  readonly backups: string;
  readonly region: string;
  readonly domain: string;
  readonly image: string;
  /** Production's secrets as they were when its region was lost, by the last part of their names. */
  readonly secrets: ReadonlyMap<string, Readonly<Record<string, string>>>;
}

/** Holds what the dr stack made against what it was to be made of. */
export function checks(cloud: readonly StoredEntry[], expected: Expected): Check[] {
  const dr = cloud.filter(({ urn }) => urn.startsWith("urn:pulumi:dr::"));
  const of = (type: string) => dr.filter((entry) => entry.type === type);
  return [
    database(of("aws:rds/instance:Instance"), expected),
    key(of("aws:rds/instance:Instance"), expected),
    ...[...expected.secrets].map(([name, values]) => secret(dr, name, values)),
    images(cloud, expected),
    task(of("aws:ecs/taskDefinition:TaskDefinition"), expected),
    record(of("aws:route53/record:Record"), of("aws:lb/loadBalancer:LoadBalancer"), expected),
  ];
}

function database([instance]: readonly StoredEntry[], { backups, region }: Expected): Check {
  const source = instance?.state["restoreToPointInTime"] as Readonly<Record<string, unknown>> | undefined;
  const from = source?.["sourceDbInstanceAutomatedBackupsArn"];
  return {
    what: "the database is made of the copied backups",
    holds: instance?.region === region && from === backups,
    seen:
      instance === undefined ? "no database" : `${String(instance.state["identifier"])} from ${String(from)}`,
  };
}

function key([instance]: readonly StoredEntry[], { region }: Expected): Check {
  const arn = String(instance?.state["kmsKeyId"]);
  return {
    what: "it is encrypted with the key of the copies",
    holds: instance?.state["storageEncrypted"] === true && arn.startsWith(`arn:aws:kms:${region}:`),
    seen: arn,
  };
}

/** Which keys of a secret must have come along; where the data is differs on purpose. */
const cameAlong = /^(?:API_KEY|COOKIE_ENCRYPTION_KEY|OPENAI_API_KEY|AWS_COGNITO_.*|username|password|DB_.*)$/;

function secret(dr: readonly StoredEntry[], name: string, expected: Readonly<Record<string, string>>): Check {
  const made = dr.find(({ type, state }) => type === SECRET && state["name"] === `/macro-ai/dr/${name}`);
  const version = dr.find(({ type, state }) => type === SECRET_VERSION && state["secretId"] === made?.id);
  const values = parsed(version?.state["secretString"], {}) as Record<string, string>;
  const wanted = Object.keys(expected).filter((one) => cameAlong.test(one));
  const other = wanted.filter((one) => values[one] !== expected[one]);
  return {
    what: `/macro-ai/dr/${name} has what production's had`,
    holds: version !== undefined && other.length === 0,
    seen:
      version === undefined
        ? "no such secret"
        : other.length > 0
          ? `another value of ${other.join(", ")}`
          : wanted.length > 0
            ? `the same ${wanted.join(", ")}`
            : "values of its own, as it should",
  };
}

/** A value of a secret or a list of containers: JSON, as AWS holds it. */
export function parsed(json: unknown, otherwise: unknown): unknown {
  return typeof json === "string" ? JSON.parse(json) : otherwise;
}

function images(cloud: readonly StoredEntry[], { region }: Expected): Check {
  const urls = cloud
    .filter((entry) => entry.type === "aws:ecr/repository:Repository" && entry.region === region)
    .map(({ state }) => String(state["repositoryUrl"]));
  return {
    what: "the repositories with the copied images are there",
    holds: urls.length === 2,
    seen: urls.join(", "),
  };
}

function task([definition]: readonly StoredEntry[], { image }: Expected): Check {
  const containers = parsed(definition?.state["containerDefinitions"], []) as { image: string }[];
  return {
    what: "the API runs the copied image",
    holds: containers.some((container) => container.image === image),
    seen: containers.map((container) => container.image).join(", "),
  };
}

function record(
  records: readonly StoredEntry[],
  [balancer]: readonly StoredEntry[],
  { domain }: Expected,
): Check {
  const found = records.find(({ state }) => state["fqdn"] === `api.${domain}` && state["type"] === "A");
  const [alias] = (found?.state["aliases"] ?? []) as { readonly name: string }[];
  return {
    what: `api.${domain} leads to the new load balancer`,
    holds: alias !== undefined && alias.name === balancer?.state["dnsName"],
    seen: alias?.name ?? "no record",
  };
}
