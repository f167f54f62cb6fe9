/** The vocabulary in which the stand-in cloud is told what it cannot read off the SDK's declarations. */

/** Stands where a preview does not know a value yet. Checks skip it. */
export const UNKNOWN: unique symbol = Symbol("unknown");

/** A resource's inputs in plain form: secrets unwrapped, unknown values as `UNKNOWN`, at any depth. */
export type Inputs = Readonly<Record<string, unknown>>;

/** The inputs but for some. */
export function without(inputs: Inputs, ...names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(inputs).filter(([name]) => !names.includes(name)));
}

/** A resource's outputs in plain form. */
export type Outputs = Record<string, unknown>;

/** Something wrong with one input. */
export interface Problem {
  /** Path in Pulumi's notation, e.g. `tags["Name"]` or `ingress[0].fromPort`. */
  readonly property: string;
  /** What is wrong, the value (never a secret's) and what is allowed; no full stop at the end. */
  readonly reason: string;
}

/** A resource as it lies in the cloud file. */
export interface Entry {
  /** Type token, e.g. `aws:s3/bucket:Bucket`. */
  readonly type: string;
  readonly id: string;
  readonly region: string;
  readonly urn: string;
  readonly inputs: Inputs;
  /** What AWS would answer: the truth that a refresh reads. */
  readonly state: Outputs;
  /** ISO 8601. */
  readonly createdAt: string;
}

/** The other resources of the account. */
export interface World {
  /** The resource of this type and provider id, in any region unless one is given. */
  readonly get: (type: string, id: string, region?: string) => Entry | undefined;
  /** All resources of this type, in any region unless one is given. */
  readonly list: (type: string, region?: string) => readonly Entry[];
  /** The first resource of this type whose state holds exactly this value. */
  readonly find: (type: string, property: string, value: unknown, region?: string) => Entry | undefined;
  /** Keeps a name from being taken again, e.g. a secret's during its recovery window of so many days. */
  readonly reserve: (type: string, name: string, days: number) => void;
  /** When a reserved name becomes free (ISO 8601), if it is reserved. */
  readonly reservedUntil: (type: string, name: string) => string | undefined;
  /** Changes another resource's state, e.g. a secret's when a version is added. */
  readonly change: (entry: Entry, state: Outputs) => void;
  /** Records what AWS keeps in this region without a resource of any program, e.g. a database's final snapshot. */
  readonly keep: (kind: string, name: string, state: Outputs) => void;
  /** What was kept in this region under that kind and name. */
  readonly kept: (kind: string, name: string) => Outputs | undefined;
}

/** One operation on one resource. */
export interface Context {
  readonly type: string;
  readonly urn: string;
  /** Logical name: the last part of the URN. */
  readonly name: string;
  /** Checked inputs, the physical name included where one was invented. */
  readonly inputs: Inputs;
  /** The provider id; empty while `Rule.id` itself is asked. */
  readonly id: string;
  /** The state before an update or a deletion; undefined at a creation. */
  readonly state: Outputs | undefined;
  readonly accountId: string;
  /** The resource's `region` input, else the provider's. */
  readonly region: string;
  readonly partition: "aws";
  /** ISO 8601 time of the creation (also in an update). */
  readonly createdAt: string;
  /** n bytes that stay the same through one creation, different for each salt. */
  readonly bytes: (n: number, salt?: string) => Uint8Array;
  /** n hexadecimal digits that stay the same through one creation, different for each salt. */
  readonly hex: (n: number, salt?: string) => string;
  readonly world: World;
}

/** The physical name AWS wants for a resource. */
export interface NameRule {
  /** The input that holds it, e.g. `name`, `identifier`, `bucket`. */
  readonly property: string;
  /** What AWS accepts; the whole name must match. */
  readonly pattern?: RegExp;
  /** The pattern in words, for the error, e.g. "lower-case letters, digits and hyphens". */
  readonly allowed?: string;
  readonly maxLength: number;
  /** @default 1 */
  readonly minLength?: number;
  /** Where the name must be unique. "none": names may repeat. */
  readonly scope: "account" | "region" | "global" | "none";
  /**
   * When it is left out: "hex" invents the logical name + "-" + 7 hexadecimal digits as pulumi-aws does, "required" is an
   * error, "optional" leaves it to AWS (give it in `computed`).
   */
  readonly autoname: "hex" | "required" | "optional";
  /** Invented names are put into lower case, as pulumi-aws does for buckets and databases. @default - the case is kept */
  readonly autonameCase?: "lower";
  /** What AWS says when the name is taken. @default - a generic AlreadyExists error */
  readonly taken?: (name: string) => string;
}

/** What the stand-in knows about one resource type beyond what the SDK declares. */
export interface Rule {
  readonly name?: NameRule;
  /** The provider id: e.g. `vpc-0abc...`, an ARN, or the name. */
  readonly id: (context: Context) => string;
  /**
   * Outputs the cloud computes: unknown in a preview. An input given under the same name wins.
   * Outputs the SDK types as never undefined and nobody gives are filled in with a plausible value of their kind.
   */
  readonly computed: (context: Context) => Outputs;
  /** Outputs of constant value where the input is left out, known in previews, too (e.g. port 5432). */
  readonly defaults?: Inputs;
  /** Inputs whose change forces a replacement, beside those the SDK's comments tell. Nested: `a.b`, `a[*].b`. */
  readonly replaceOn?: readonly string[];
  /** Inputs that do not force a replacement although the SDK's comments can be read so. */
  readonly updateOn?: readonly string[];
  /** Inputs that AWS does not hold: a refresh gives back what the engine has (e.g. `skipFinalSnapshot`, `password`). */
  readonly writeOnly?: readonly string[];
  /** Inputs whose lists are sets: order makes no difference. Nested: `a.b`, `a[*].b`. */
  readonly sets?: readonly string[];
  /** Fields that AWS adds inside an input that is an object, by that input; `computed` gives their values. */
  readonly completes?: Readonly<Record<string, readonly string[]>>;
  /** Computed outputs that are computed anew in an update. @default - all of `computed` stay as they are */
  readonly volatile?: readonly string[];
  /** At Check: lengths, ranges, enumerations, combinations. Inputs of a wrong kind have been reported already. */
  readonly check?: (inputs: Inputs) => readonly Problem[];
  /** At Create and Update, against the world: missing references, collisions. Returns what AWS would say. */
  readonly admit?: (context: Context) => string | undefined;
  /** After Create, when the entry is in the world: effects on others. */
  readonly onCreate?: (context: Context) => void;
  /** At Delete: deletion protection, a bucket that is not empty. Returns what AWS would say. */
  readonly guardDelete?: (context: Context) => string | undefined;
  /** After Delete, e.g. a secret's name stays reserved for its recovery window. */
  readonly onDelete?: (context: Context) => void;
}

/** Rules by type token, e.g. `aws:s3/bucket:Bucket`. */
export type Rules = Readonly<Record<string, Rule>>;

/** What a function (data source) sees of the world. */
export interface InvokeContext {
  readonly accountId: string;
  readonly region: string;
  readonly partition: "aws";
  readonly world: World;
}

/** A function, e.g. `aws:index/getAvailabilityZones:getAvailabilityZones`. Throw an Error with what AWS would say. */
export type Invoke = (args: Inputs, context: InvokeContext) => Outputs;

/** Functions by token. */
export type Invokes = Readonly<Record<string, Invoke>>;
