import type { Context, Entry, World } from "../rule.ts";
import { select } from "./constraints.ts";
import { lastPart } from "./shapes.ts";

/** What an input must point at. */
export interface Reference {
  /** Type tokens one of which must hold the value as its id or in `by`. */
  readonly types: readonly string[];
  /** Properties of the other resource's state that may hold the value. @default - the id only */
  readonly by?: readonly string[];
  /** Values that exist without a resource of this account's programs, e.g. what AWS manages. @default - none */
  readonly except?: RegExp;
  /** What AWS says when it is not there. */
  readonly missing: (value: string) => string;
}

/** Checks that everything the inputs point at exists. Keys are paths as in `select`. */
export const refersTo =
  (table: Readonly<Record<string, Reference>>) =>
  (ctx: Context): string | undefined => {
    for (const [path, reference] of Object.entries(table)) {
      for (const { value } of select(ctx.inputs, path)) {
        if (typeof value === "string" && value !== "" && !present(ctx.world, reference, value))
          return reference.missing(value);
      }
    }
    return undefined;
  };

function present(world: World, { types, by = [], except }: Reference, value: string): boolean {
  return (
    except?.test(value) === true ||
    types.some(
      (type) =>
        world.get(type, value) !== undefined ||
        by.some((property) => world.find(type, property, value) !== undefined),
    )
  );
}

/** The first message of several checks. */
export const firstOf =
  (...checks: ((ctx: Context) => string | undefined)[]) =>
  (ctx: Context): string | undefined => {
    for (const each of checks) {
      const message = each(ctx);
      if (message !== undefined) return message;
    }
    return undefined;
  };

/** The resources of the types whose inputs name one of the values: type token -> paths as in `select`. */
export function usersOf(
  world: World,
  table: Readonly<Record<string, readonly string[]>>,
  values: readonly unknown[],
): Entry[] {
  return Object.entries(table).flatMap(([type, paths]) =>
    world
      .list(type)
      .filter(({ inputs }) =>
        paths.some((path) => select(inputs, path).some(({ value }) => values.includes(value))),
      ),
  );
}

/** Refuses a deletion while others use the resource, by its id, name or ARN. */
export const unlessUsed =
  (
    table: Readonly<Record<string, readonly string[]>>,
    message: (ctx: Context, users: readonly Entry[]) => string,
  ) =>
  (ctx: Context): string | undefined => {
    const users = usersOf(
      ctx.world,
      table,
      [ctx.id, ctx.state?.["name"], ctx.state?.["arn"]].filter(Boolean),
    );
    return users.length === 0 ? undefined : message(ctx, users);
  };

/** Users in words, for a message. */
export function naming(users: readonly Entry[]): string {
  return users.map(({ type, id }) => `${lastPart(type)} ${id}`).join(", ");
}

export const vpc: Reference = {
  types: ["aws:ec2/vpc:Vpc"],
  missing: (id) => `InvalidVpcID.NotFound: The vpc ID '${id}' does not exist`,
};

export const subnet: Reference = {
  types: ["aws:ec2/subnet:Subnet"],
  missing: (id) => `InvalidSubnetID.NotFound: The subnet ID '${id}' does not exist`,
};

export const securityGroup: Reference = {
  types: [
    "aws:ec2/securityGroup:SecurityGroup",
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
    "aws:ec2/vpc:Vpc",
  ],
  by: ["defaultSecurityGroupId"],
  missing: (id) => `InvalidGroup.NotFound: The security group '${id}' does not exist`,
};

export const routeTable: Reference = {
  types: ["aws:ec2/routeTable:RouteTable", "aws:ec2/vpc:Vpc"],
  by: ["mainRouteTableId"],
  missing: (id) => `InvalidRouteTableID.NotFound: The routeTable ID '${id}' does not exist`,
};

/** Roles other accounts or AWS itself own are taken as given. */
export const role: Reference = {
  types: ["aws:iam/role:Role"],
  by: ["arn"],
  except: /^arn:aws[a-z-]*:iam::(?!123456789012:)|:role\/aws-service-role\//,
  missing: (value) => `NoSuchEntity: The role with name ${lastPart(value)} cannot be found.`,
};

/** Keys by id or ARN; aliases and AWS's own keys are taken as given. */
export const kmsKey: Reference = {
  types: ["aws:kms/key:Key", "aws:kms/replicaKey:ReplicaKey"],
  by: ["arn", "keyId"],
  except: /(^|:)alias\/|^arn:aws[a-z-]*:kms:[a-z0-9-]+:(?!123456789012:)/,
  missing: (value) => `NotFoundException: Key '${value}' does not exist`,
};

/** A key serves its own region; what AWS says of another region's. */
export function keyElsewhere(key: unknown, region: string): string | undefined {
  const there = typeof key === "string" && key.startsWith("arn:") ? key.split(":")[3] : region;
  return there === region
    ? undefined
    : `InvalidKmsKey: the key ${String(key)} lies in ${there ?? "no region"}, and a key serves its own region: give one of ${region}`;
}

export const certificate: Reference = {
  types: ["aws:acm/certificate:Certificate"],
  by: ["arn"],
  missing: (value) => `CertificateNotFound: Certificate '${value}' not found`,
};

export const lambdaFunction: Reference = {
  types: ["aws:lambda/function:Function", "aws:lambda/alias:Alias"],
  by: ["arn", "qualifiedArn", "invokeArn", "qualifiedInvokeArn"],
  missing: (value) => `ResourceNotFoundException: Function not found: ${value}`,
};

export const bucket: Reference = {
  types: ["aws:s3/bucket:Bucket"],
  by: ["arn"],
  missing: (value) => `NoSuchBucket: The specified bucket does not exist: ${value}`,
};

export const logGroup: Reference = {
  types: ["aws:cloudwatch/logGroup:LogGroup"],
  by: ["arn"],
  missing: (value) => `ResourceNotFoundException: The specified log group does not exist: ${value}`,
};
