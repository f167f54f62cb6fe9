import { from, type Evidence } from "./evidence.ts";
import type { Check, Finding, Inputs } from "./rule.ts";
import { check } from "./rule.ts";
import { isKnown, UNKNOWN } from "./unknown.ts";

/** What a value must be. */
export interface Expectation {
  /** Completes "it must be ...". */
  must: string;
  /** Completes "Set <property> ...". @default - "to <must>" */
  fix?: string;
  holds: (value: unknown) => boolean;
  /** What proves a value that is not known yet. @default - nothing but the value */
  provenBy?: Evidence;
}

export const isTrue: Expectation = { must: "true", holds: (value) => value === true };

/** Absent is well too, since AWS's own default is the safe one. */
export const isNotTrue: Expectation = {
  must: "false",
  holds: (value) => value !== true,
};

export const isCustomerKey: Expectation = {
  must: "a customer-managed KMS key",
  fix: "to the ARN of a KMS key of this account",
  holds: (value) => typeof value === "string" && value !== "" && !/(^|:)alias\/aws\//.test(value),
  provenBy: from("aws:kms/key:Key", "aws:kms/replicaKey:ReplicaKey", "aws:kms/alias:Alias"),
};

/** Some text, whatever it says; rules name what it is to be. */
export const isSet: Expectation = {
  must: "some text",
  holds: (value) => typeof value === "string" && value !== "",
  provenBy: { accepts: (types) => types.length > 0 },
};

/** Equal to one of these values. */
export function isOneOf(...values: (string | number)[]): Expectation {
  return {
    must: values.length === 1 ? String(values[0]) : `one of ${values.join(", ")}`,
    holds: (value) => values.includes(value as string | number),
  };
}

/** A number not below this one. */
export function isAtLeast(minimum: number): Expectation {
  return {
    must: `${minimum} or more`,
    holds: (value) => typeof value === "number" && value >= minimum,
  };
}

/** Findings of one value: none where it holds, and an unproven one where only the update will tell. */
export function expect(value: unknown, property: string, expectation: Expectation): Finding[] {
  const { must, fix, holds, provenBy } = expectation;
  if (isKnown(value) && holds(value)) return [];
  return [
    {
      property,
      is: show(value),
      must,
      fix: `Set ${property} ${fix ?? `to ${must}`}.`,
      ...(!isKnown(value) && { unproven: provenBy === undefined ? {} : { provenBy } }),
    },
  ];
}

/** The finding about something that must stand beside a resource, and does not. */
export function missing(what: string, fix: string): Finding {
  return { property: what, is: "missing", must: "part of the stack", fix };
}

/** The value at a path such as `viewerCertificate.minimumProtocolVersion`; unknown as soon as a step of it is. */
export function at(owner: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((value, key) => {
    if (value === UNKNOWN || typeof value !== "object" || value === null) {
      return value === UNKNOWN ? UNKNOWN : undefined;
    }
    return (value as Record<string, unknown>)[key];
  }, owner);
}

type PathOf<Args> = (keyof Args & string) | `${keyof Args & string}.${string}`;

/** A check that is a table: each property, and what it must be. */
export function properties<Args>(
  types: string | string[],
  expectations: Partial<Record<PathOf<Args>, Expectation>>,
): Check {
  return check<Args>(types, (inputs: Inputs<Args>) =>
    Object.entries<Expectation | undefined>(expectations).flatMap(([path, expectation]) =>
      expectation ? expect(at(inputs, path), path, expectation) : [],
    ),
  );
}

/** A value in a message. */
export function show(value: unknown): string {
  if (value === UNKNOWN) return "not known yet";
  return value === undefined || value === null ? "not set" : JSON.stringify(value);
}
