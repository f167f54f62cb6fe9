import assert from "node:assert/strict";
import { defaultRegion } from "../../stacks/config/region.ts";
import { environments, scales, type Environment, type Scale } from "../../stacks/environments.ts";
import type { Recording, Registered } from "../components/mocks.ts";
import { evaluate, given, type Given } from "../stacks/program.ts";
import { answer, inAws, type Place, poolId } from "./aws-names.ts";

/** A policy as IAM reads it. */
export interface Policy {
  Version: string;
  Statement: PolicyStatement[];
}

/** A statement as IAM reads it. */
export interface PolicyStatement {
  Sid: string;
  Effect: "Allow" | "Deny";
  Principal?: Record<string, string | string[]>;
  Action: string | string[];
  Resource?: string | string[];
  Condition?: Record<string, Record<string, string | string[]>>;
}

/** A policy of the stack. */
export interface Document {
  /** What the table and the docs call it: `bucket trail-files`, `api-task`, `trust of api-task`. */
  title: string;
  policy: Policy;
  /** Why a statement holds a `*`, by Sid, where it says so. */
  wildcardReasons: Readonly<Record<string, string>>;
}

/** A role with all that decides what it may do. */
export interface RoleDocuments {
  /** Logical name. */
  name: string;
  arn: string;
  description: string;
  trust: Document;
  permissions: Document;
}

/** A policy on a resource. */
export interface ResourceDocument extends Document {
  /** The resource's. */
  arn: string;
}

/** What the table calls the types that it speaks of. */
const KINDS: Record<string, string> = {
  "aws:apigatewayv2/api:Api": "api",
  "aws:cloudfront/distribution:Distribution": "distribution",
  "aws:cloudtrail/trail:Trail": "trail",
  "aws:cloudwatch/eventRule:EventRule": "rule",
  "aws:cloudwatch/logGroup:LogGroup": "log-group",
  "aws:efs/fileSystem:FileSystem": "file-system",
  "aws:elasticache/replicationGroup:ReplicationGroup": "cache",
  "aws:iam/role:Role": "role",
  "aws:kms/key:Key": "key",
  "aws:lambda/function:Function": "function",
  "aws:s3/bucket:Bucket": "bucket",
  "aws:secretsmanager/secret:Secret": "secret",
  "aws:sns/topic:Topic": "topic",
  "aws:sqs/queue:Queue": "queue",
  "awsx:ecr:Repository": "repository",
};

/** Resources that bear a policy: whose it is, by the output and the input that name the same resource. */
const BEARERS: Record<string, { of: string; output: string; input: string; property?: string }> = {
  "aws:ecr/repositoryPolicy:RepositoryPolicy": {
    of: "repository",
    output: "repository",
    input: "repository",
  },
  "aws:efs/fileSystemPolicy:FileSystemPolicy": { of: "file-system", output: "id", input: "fileSystemId" },
  "aws:kms/key:Key": { of: "key", output: "arn", input: "arn" },
  "aws:s3/bucketPolicy:BucketPolicy": { of: "bucket", output: "bucket", input: "bucket" },
  "aws:secretsmanager/secretPolicy:SecretPolicy": { of: "secret", output: "arn", input: "secretArn" },
  "aws:sns/topicPolicy:TopicPolicy": { of: "topic", output: "arn", input: "arn" },
  "aws:sqs/queuePolicy:QueuePolicy": { of: "queue", output: "url", input: "queueUrl" },
};

const LOG_POLICY = "aws:cloudwatch/logResourcePolicy:LogResourcePolicy";

/** One stack as AWS holds it: its roles, its resources' policies, and their ARNs. */
export class Account {
  readonly environment: Environment;
  readonly scale: Scale;
  readonly region: string;
  readonly roles: readonly RoleDocuments[];
  readonly resourcePolicies: readonly ResourceDocument[];
  /** By what the table calls it: `secret secrets-api-keys`. */
  readonly arns: ReadonlyMap<string, string>;

  static readonly #evaluated = new Map<string, Promise<Account>>();

  /** The program of an environment at a scale, evaluated once; `more` is configuration beyond the least. */
  static of(environment: Environment, scale: Scale, more: Given = {}): Promise<Account> {
    const key = JSON.stringify([environment, scale, more]);
    const stack = Account.#evaluated.get(key) ?? Account.#evaluate(environment, scale, more);
    Account.#evaluated.set(key, stack);
    return stack;
  }

  static async #evaluate(environment: Environment, scale: Scale, more: Given): Promise<Account> {
    const config = {
      ...given(environment, scale),
      // As in life, where each environment has a pool of its own.
      cognitoUserPoolId: poolId(environment),
      ...more,
    };
    const place = { environment, region: more["aws:region"] ?? defaultRegion };
    const { recording } = await evaluate(config, inAws(place));
    return new Account(place, scale, recording);
  }

  constructor(place: Place, scale: Scale, recording: Recording) {
    const { environment, region } = place;
    this.environment = environment;
    this.scale = scale;
    this.region = region;
    // Repositories bear the environment in their logical names.
    const plainName = ({ name }: Registered): string => name.replace(new RegExp(`-${environment}$`), "");
    const outputs = (resource: Registered): Record<string, unknown> => ({
      id: `${resource.name}-id`,
      ...resource.inputs,
      ...answer(place, resource.type, resource),
    });
    this.arns = new Map([
      ...recording.resources.flatMap((resource) => {
        const kind = KINDS[resource.type];
        return kind === undefined
          ? []
          : [[`${kind} ${plainName(resource)}`, arnOf(outputs(resource))] as const];
      }),
      // What RDS keeps itself: no secret of the stack's.
      ...recording.all("aws:rds/instance:Instance").map((instance) => {
        const { masterUserSecrets } = outputs(instance) as { masterUserSecrets: { secretArn: string }[] };
        return [`master-secret ${plainName(instance)}`, masterUserSecrets[0]?.secretArn ?? ""] as const;
      }),
    ]);
    assertNothingUnknown(recording);
    this.roles = recording
      .all("aws:iam/role:Role")
      .map((role) => roleDocuments(role, outputs(role), recording));
    this.resourcePolicies = [
      ...recording.resources.flatMap((bearer) => {
        const bears = BEARERS[bearer.type];
        if (!bears || bearer.inputs["policy"] === undefined) return [];
        const owner = recording.resources.find((resource) => {
          if (KINDS[resource.type] !== bears.of) return false;
          if (resource === bearer) return true;
          if (resource.inputs["region"] !== bearer.inputs["region"]) return false;
          const own = outputs(resource)[bears.output];
          const name = typeof own === "object" ? (own as { name: string }).name : own;
          return name === bearer.inputs[bears.input];
        });
        assert.ok(owner, `${bearer.type} ${bearer.name} names no ${bears.of} of the stack`);
        const title = `${bears.of} ${plainName(owner)}`;
        return [{ arn: arnOf(outputs(owner)), ...read(recording, bearer, "policy", title) }];
      }),
      ...invocations(recording, outputs),
      ...deliveries(recording, this.arns),
    ];
  }

  /** Every policy of the stack. */
  get documents(): readonly Document[] {
    return [
      ...this.roles.flatMap(({ permissions, trust }) => [permissions, trust]),
      ...this.resourcePolicies,
    ];
  }

  role(name: string): RoleDocuments | undefined {
    return this.roles.find((role) => role.name === name);
  }

  /** The policy of the resource that a request is about. */
  policyOf(arn: string): ResourceDocument | undefined {
    const owner = arn.replace(/^(arn:aws:s3:::[^/]*).*$/, "$1").replace(/:log-stream:.*$/, "");
    return this.resourcePolicies.find((document) => document.arn === owner);
  }
}

/** The stacks that people deploy, and what configuration adds to them. */
export async function everyStack(): Promise<Account[]> {
  const stacks: Account[] = [];
  for (const environment of environments)
    for (const scale of scales) stacks.push(await Account.of(environment, scale, additions[environment]));
  for (const environment of ["staging", "production"] as const)
    stacks.push(await Account.of(environment, "enterprise", { "aws:region": "eu-west-1" }));
  stacks.push(await Account.of("uat", "hobby", { retainEnterpriseData: "true" }));
  const copies = { "aws:region": "us-west-2", restore: JSON.stringify({ replicasOf: "production" }) };
  stacks.push(await Account.of("dr", "enterprise", copies));
  return stacks;
}

/** As in the stacks' own configuration: production has copies elsewhere. */
export const additions: Partial<Record<Environment, Given>> = { production: { replicaRegion: "us-west-2" } };

function roleDocuments(
  role: Registered,
  { arn, name: physicalName }: Record<string, unknown>,
  recording: Recording,
): RoleDocuments {
  const { name, inputs, urn } = role;
  const policies = recording
    .all("aws:iam/rolePolicy:RolePolicy")
    .filter((policy) => policy.inputs["role"] === physicalName)
    .map((policy) => read(recording, policy, "policy", name));
  for (const property of ["managedPolicyArns", "inlinePolicies", "permissionsBoundary"])
    assert.equal(inputs[property], undefined, `${urn} has ${property}, which the simulation does not see`);
  return {
    name,
    arn: String(arn),
    description: String(inputs["description"]),
    trust: read(recording, role, "assumeRolePolicy", `trust of ${name}`),
    permissions: {
      title: name,
      policy: { Version: "2012-10-17", Statement: policies.flatMap(({ policy }) => policy.Statement) },
      wildcardReasons: Object.assign({}, ...policies.map((policy) => policy.wildcardReasons)) as Record<
        string,
        string
      >,
    },
  };
}

/** Lambda writes a function's policy itself, a statement for each permission. */
function invocations(
  recording: Recording,
  outputs: (resource: Registered) => Record<string, unknown>,
): ResourceDocument[] {
  return recording.all("aws:lambda/function:Function").flatMap((lambda) => {
    const { name, arn } = outputs(lambda);
    const permissions = recording
      .all("aws:lambda/permission:Permission")
      .filter(({ inputs }) => [name, arn].includes(inputs["function"]));
    if (permissions.length === 0) return [];
    const statements = permissions.map(({ name: sid, inputs }): PolicyStatement => {
      const { action, principal, sourceArn, sourceAccount } = inputs as Record<string, string>;
      assert.ok(action && principal, sid);
      return {
        Sid: sid.replace(/\W/g, ""),
        Effect: "Allow",
        Principal: { [principal.includes("amazonaws.com") ? "Service" : "AWS"]: principal },
        Action: action,
        Resource: String(arn),
        Condition: {
          ...(sourceArn && { ArnLike: { "aws:SourceArn": sourceArn } }),
          ...(sourceAccount && { StringEquals: { "aws:SourceAccount": sourceAccount } }),
        },
      };
    });
    const policy: Policy = { Version: "2012-10-17", Statement: statements };
    return [{ title: `function ${lambda.name}`, arn: String(arn), policy, wildcardReasons: {} }];
  });
}

/** CloudWatch Logs keeps such policies for the account; what one says of a log group is that group's policy. */
function deliveries(recording: Recording, arns: ReadonlyMap<string, string>): ResourceDocument[] {
  return recording.all(LOG_POLICY).map((bearer) => {
    const document = read(recording, bearer, "policyDocument", "");
    const resources = document.policy.Statement.flatMap(({ Resource = [] }) => Resource);
    const groups = [...arns].filter(([, arn]) =>
      resources.every((resource) => resource.startsWith(`${arn}:`)),
    );
    const [[title, arn] = []] = groups;
    assert.ok(
      title && arn && groups.length === 1,
      `${LOG_POLICY} ${bearer.name} is about one log group of the stack`,
    );
    return { ...document, title, arn };
  });
}

/** A policy that this file does not read would go unsimulated. */
function assertNothingUnknown(recording: Recording): void {
  const known = new Set([
    "aws:iam/role:Role",
    "aws:iam/rolePolicy:RolePolicy",
    LOG_POLICY,
    ...Object.keys(BEARERS),
  ]);
  for (const { type, name, inputs } of recording.resources) {
    if (known.has(type)) continue;
    assert.ok(!type.startsWith("aws:iam/"), `${type} ${name} is new to tests/iam/account.ts`);
    for (const [property, value] of Object.entries(inputs))
      assert.ok(
        typeof value !== "string" || !value.includes('"Statement"'),
        `${type} ${name} holds a policy in ${property}, which tests/iam/account.ts does not read`,
      );
  }
}

/** The policy that a resource bears, with what its PolicyDocument says beyond it. */
function read(recording: Recording, bearer: Registered, property: string, title: string): Document {
  const statements = recording.statements(bearer) as { sid: string; wildcard?: string }[];
  const reasons = statements.flatMap(({ sid, wildcard }) =>
    wildcard === undefined ? [] : [[sid, wildcard]],
  );
  return {
    title,
    policy: parse(bearer.inputs[property]),
    wildcardReasons: Object.fromEntries(reasons) as Record<string, string>,
  };
}

function parse(json: unknown): Policy {
  assert.ok(typeof json === "string");
  assert.doesNotMatch(
    json,
    /undefined|null/,
    "Something that a policy names is not in tests/iam/aws-names.ts",
  );
  return JSON.parse(json) as Policy;
}

function arnOf(outputs: Record<string, unknown>): string {
  const { repository, executionArn } = outputs;
  const arn = executionArn ?? (repository as { arn: string } | undefined)?.arn ?? outputs["arn"];
  assert.ok(typeof arn === "string", `tests/iam/aws-names.ts gives no ARN to ${JSON.stringify(outputs)}`);
  return arn;
}
