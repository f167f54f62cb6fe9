import * as pulumi from "@pulumi/pulumi";
import { rotated, rotationFailed } from "./alarms/secrets.ts";
import { aws } from "./aws.ts";
import type { EventDefinition } from "./event-definition.ts";
import { denyPlaintext, policyJson, type Statement } from "./policy-document.ts";
import { throwProblems, type Problem } from "./problems.ts";

/** One secret: a JSON object of keys and values. */
export interface SecretDefinition {
  /** What it holds and who reads it; Secrets Manager shows it. */
  description: string;
  /** The first value of each key. Whoever rotates the secret owns the values afterwards. */
  values: Record<string, pulumi.Input<string>>;
}

/** A copy of every secret in another region, for disaster recovery. */
export interface SecretReplica {
  region: string;
  /** A key of that region. */
  kmsKeyArn: pulumi.Input<string>;
}

/** The arguments of {@link SecretSet}. */
export interface SecretSetArgs {
  /** Prefix of every name, with a leading and without a trailing slash: `/macro-ai/staging`. */
  path: string;
  kmsKeyArn: pulumi.Input<string>;
  accountId: pulumi.Input<string>;
  /** Days in which a deleted secret can be restored and its name stays taken: 0, or 7 to 30. */
  recoveryWindowDays: number;
  /** By the last part of the name: `api-keys`. */
  secrets: Record<string, SecretDefinition>;
  /** @default - none */
  replicas?: SecretReplica[];
}

/**
 * The secrets of one environment in Secrets Manager, below one path, encrypted with the given key and readable over
 * TLS by this account only. USD 0.40 a month for each secret and each replica. A new path or key of `secrets` replaces
 * a secret, whose old name stays taken for the recovery window.
 *
 * A value is written once, when its secret is made. Later changes of `values` are ignored, so that an update never
 * puts an old value back over a rotated one; nor does one that finds the first version gone and makes it again.
 */
export class SecretSet extends pulumi.ComponentResource {
  /** By key of `secrets`. The secret may still be empty: for what only refers to it, such as a policy. */
  public readonly arns: Record<string, pulumi.Output<string>>;
  /** By key of `secrets`, known once the secret has its value: for whatever reads it as soon as it starts. */
  public readonly readyArns: Record<string, pulumi.Output<string>>;
  /** The full names, sorted. */
  public readonly names: string[];

  /** @throws pulumi.InputPropertiesError with every bad argument */
  constructor(name: string, args: SecretSetArgs, opts?: pulumi.ComponentResourceOptions) {
    throwProblems("SecretSet", name, problems(args));
    super("macro-ai:components:SecretSet", name, { statements: accessStatements(args.accountId) }, opts);
    const made = Object.entries(args.secrets).map(
      ([key, definition]) =>
        [key, this.createSecret(`${name}-${key}`, `${args.path}/${key}`, definition, args)] as const,
    );
    this.arns = Object.fromEntries(made.map(([key, { arn }]) => [key, arn]));
    this.readyArns = Object.fromEntries(made.map(([key, { readyArn }]) => [key, readyArn]));
    this.names = Object.keys(args.secrets)
      .map((key) => `${args.path}/${key}`)
      .sort();
    this.registerOutputs({ arns: this.arns, names: this.names });
  }

  /**
   * The ARN of one secret, by its key.
   *
   * @throws Error when the set has no such secret
   */
  public arnOf(key: string): pulumi.Output<string> {
    return this.find(this.arns, key);
  }

  /**
   * The same, known once the secret has its value.
   *
   * @throws Error when the set has no such secret
   */
  public readyArnOf(key: string): pulumi.Output<string> {
    return this.find(this.readyArns, key);
  }

  /** What Secrets Manager tells of a rotation that has ended, well or not. */
  public events(): EventDefinition[] {
    const arns = Object.values(this.arns);
    return [rotationFailed("secrets", arns), rotated("secrets", arns)];
  }

  private find(arns: Record<string, pulumi.Output<string>>, key: string): pulumi.Output<string> {
    const arn = arns[key];
    if (!arn) throw new Error(`There is no secret "${key}"; there are ${Object.keys(arns).join(", ")}.`);
    return arn;
  }

  private createSecret(
    name: string,
    secretName: string,
    definition: SecretDefinition,
    args: SecretSetArgs,
  ): { arn: pulumi.Output<string>; readyArn: pulumi.Output<string> } {
    const secret = new aws.secretsmanager.Secret(
      name,
      {
        name: secretName,
        description: definition.description,
        kmsKeyId: args.kmsKeyArn,
        recoveryWindowInDays: args.recoveryWindowDays,
        ...(args.replicas && {
          replicas: args.replicas.map(({ region, kmsKeyArn }) => ({ region, kmsKeyId: kmsKeyArn })),
        }),
      },
      { parent: this },
    );
    new aws.secretsmanager.SecretPolicy(
      name,
      {
        secretArn: secret.arn,
        policy: policyJson(accessStatements(args.accountId)),
        blockPublicPolicy: true,
      },
      { parent: this },
    );
    const version = new aws.secretsmanager.SecretVersion(
      name,
      {
        secretId: secret.id,
        secretString: pulumi.secret(pulumi.jsonStringify(definition.values)),
        // A secret's first version is the current one whatever its labels are, and a later one only if it says so: made again,
        // this one would stay behind a rotated value. With a label of its own it is never cleared away.
        versionStages: ["INITIAL"],
      },
      { parent: this, ignoreChanges: ["secretString", "versionStages"] },
    );
    return { arn: secret.arn, readyArn: pulumi.all([secret.arn, version.id]).apply(([arn]) => arn) };
  }
}

/** Only denies: who may read is for the roles to say. In a secret's policy "*" means this secret. */
function accessStatements(accountId: pulumi.Input<string>): Statement[] {
  return [
    denyPlaintext(["secretsmanager:*"], ["*"]),
    {
      sid: "DenyOtherAccounts",
      effect: "Deny",
      principals: { AWS: "*" },
      actions: ["secretsmanager:*"],
      resources: ["*"],
      conditions: {
        StringNotEquals: { "aws:PrincipalAccount": accountId },
        // AWS's own services belong to no account.
        BoolIfExists: { "aws:PrincipalIsAWSService": "false" },
      },
      wildcard: "A denial must reach every caller and every action; in a secret's policy * means this secret",
    },
  ];
}

function problems(args: SecretSetArgs): Problem[] {
  const found: Problem[] = [];
  if (!/^(\/[\w+=.@-]+)+$/.test(args.path)) {
    found.push({
      path: "path",
      message: `is "${args.path}"; it must begin with a slash and not end with one, for example /macro-ai/staging`,
    });
  }
  const days = args.recoveryWindowDays;
  if (!Number.isInteger(days) || (days !== 0 && (days < 7 || days > 30))) {
    found.push({
      path: "recoveryWindowDays",
      message: `is ${days}; Secrets Manager allows 0 (deleted at once), or 7 to 30`,
    });
  }
  for (const [key, { values }] of Object.entries(args.secrets)) found.push(...keyProblems(key, values));
  return found;
}

function keyProblems(key: string, values: SecretDefinition["values"]): Problem[] {
  const found: Problem[] = [];
  const path = `secrets.${key}`;
  if (!/^[\w+=.@-]+$/.test(key)) {
    found.push({ path, message: `is not a name: use letters, digits and the characters _+=.@-` });
  }
  // Secrets Manager appends a hyphen and six characters to the ARN and finds the wrong secret by a partial one.
  if (/-\w{6}$/.test(key)) {
    found.push({ path, message: "ends in a hyphen and six characters, as an ARN does: choose another name" });
  }
  if (Object.keys(values).length === 0) {
    found.push({ path: `${path}.values`, message: "is empty; a secret needs at least one key" });
  }
  return found;
}
