import {
  DescribeSecretCommand,
  type DescribeSecretCommandOutput,
  paginateListSecretVersionIds,
  paginateListSecrets,
  type SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";

/** One version of a secret. */
export interface Version {
  readonly id: string;
  readonly labels: readonly string[];
  /** Unknown for one that was only just begun. */
  readonly made: Date | undefined;
}

/** How a secret is rotated. */
export interface Rotation {
  readonly functionArn: string;
  /** `every 90 days`, or AWS's own expression. */
  readonly schedule: string;
  readonly due: Date | undefined;
  /** When it last came to its end. */
  readonly last: Date | undefined;
}

/** What Secrets Manager tells of a secret, without its value. */
export interface Secret {
  readonly name: string;
  readonly arn: string;
  readonly made: Date | undefined;
  readonly current: Version | undefined;
  /** A version that is AWSPENDING and not current: of a rotation that has not come to its end. */
  readonly pending: Version | undefined;
  /** Undefined when rotation is off. */
  readonly rotation: Rotation | undefined;
}

/** The full names of the secrets below a path, sorted. */
export async function secretNames(client: SecretsManagerClient, path: string): Promise<string[]> {
  const names: string[] = [];
  const filter = { Filters: [{ Key: "name" as const, Values: [`${path}/`] }] };
  for await (const { SecretList = [] } of paginateListSecrets({ client }, filter))
    // The filter is for prefixes of words too.
    names.push(...SecretList.flatMap(({ Name }) => (Name?.startsWith(`${path}/`) === true ? [Name] : [])));
  return names.sort();
}

/** Everything about a secret but its value. */
export async function readSecret(client: SecretsManagerClient, name: string): Promise<Secret> {
  const found = await client.send(new DescribeSecretCommand({ SecretId: name }));
  const made = new Map<string, Date | undefined>();
  for await (const { Versions = [] } of paginateListSecretVersionIds({ client }, { SecretId: name }))
    for (const { VersionId = "", CreatedDate } of Versions) made.set(VersionId, CreatedDate);
  const versions = Object.entries(found.VersionIdsToStages ?? {}).map(([id, labels]) => ({
    id,
    labels,
    made: made.get(id),
  }));
  const current = versions.find(({ labels }) => labels.includes("AWSCURRENT"));
  const pending = versions.find(({ labels }) => labels.includes("AWSPENDING"));
  return {
    name: found.Name ?? name,
    arn: found.ARN ?? name,
    made: found.CreatedDate,
    current,
    pending: pending === current ? undefined : pending,
    rotation: rotationOf(found),
  };
}

function rotationOf(found: DescribeSecretCommandOutput): Rotation | undefined {
  if (found.RotationEnabled !== true) return undefined;
  const {
    AutomaticallyAfterDays: days,
    ScheduleExpression: expression,
    Duration: window,
  } = found.RotationRules ?? {};
  const when = expression ?? (days === undefined ? "none" : `every ${days} days`);
  return {
    functionArn: found.RotationLambdaARN ?? "",
    schedule: window === undefined ? when : `${when}, within ${window}`,
    due: found.NextRotationDate,
    last: found.LastRotatedDate,
  };
}

/** The name of a function by its ARN. */
export function functionName(arn: string): string {
  return arn.split(":")[6] ?? arn;
}
