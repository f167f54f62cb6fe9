import { isIP } from "node:net";
import { UNKNOWN } from "../rule.ts";
import type { Inputs, Problem } from "../rule.ts";
import { known } from "./shapes.ts";

/** A check AWS or its Terraform provider makes on inputs. Values that are absent or unknown are never judged. */
export type Constraint = (inputs: Inputs) => Problem[];

interface Found {
  path: string;
  value: unknown;
}

/** Every known value at a path; "a.b" goes into an object, "a[].b" into each item of a list. */
export function select(inputs: unknown, path: string): Found[] {
  let found: Found[] = [{ path: "", value: inputs }];
  for (const step of path.split(".")) {
    const name = step.replace(/(\[\])+$/, "");
    found = found.flatMap(({ path: at, value }) => member(at, value, name));
    if (step.endsWith("[]")) found = found.flatMap(items);
  }
  return found.filter(({ value }) => known(value));
}

function member(at: string, value: unknown, name: string): Found[] {
  if (typeof value !== "object" || value === null) return [];
  return [{ path: at === "" ? name : `${at}.${name}`, value: (value as Inputs)[name] }];
}

function items({ path, value }: Found): Found[] {
  return Array.isArray(value)
    ? (value as unknown[]).map((item, index) => ({ path: `${path}[${index}]`, value: item }))
    : [];
}

/** Runs every constraint and collects every problem. */
export const check =
  (...constraints: Constraint[]): Constraint =>
  (inputs) =>
    constraints.flatMap((constraint) => constraint(inputs));

/** The values at the path must pass the test; `allowed` says what would. */
export const must =
  (path: string, test: (value: unknown) => boolean, allowed: string): Constraint =>
  (inputs) =>
    select(inputs, path)
      .filter(({ value }) => !test(value))
      .map(({ path: property, value }) => ({
        property,
        reason: `expected ${allowed}, got ${JSON.stringify(value)}`,
      }));

/** As `must`, for a secret: the value is not shown, nor by the engine, which adds it to the property that a problem names. */
export const mustSecretly =
  (path: string, test: (value: unknown) => boolean, allowed: string): Constraint =>
  (inputs) =>
    select(inputs, path)
      .filter(({ value }) => !test(value))
      .map(({ path: property }) => ({
        property: "",
        reason: `${property}: expected ${allowed} (the value is a secret and not shown)`,
      }));

export const oneOf = (path: string, ...values: (string | number)[]): Constraint =>
  must(
    path,
    (value) => values.includes(value as string | number),
    values.length > 12
      ? `one of ${values.slice(0, 12).join(", ")}, ... (${values.length} values)`
      : `one of ${values.join(", ")}`,
  );

export const between = (path: string, least: number, most: number): Constraint =>
  must(
    path,
    (value) => typeof value !== "number" || (value >= least && value <= most),
    `${least} to ${most}`,
  );

export const integer = (path: string, least: number, most: number): Constraint =>
  must(
    path,
    (value) => typeof value !== "number" || (Number.isInteger(value) && value >= least && value <= most),
    `a whole number from ${least} to ${most}`,
  );

export const lengthOf = (path: string, least: number, most: number): Constraint =>
  must(
    path,
    (value) => typeof value !== "string" || (value.length >= least && value.length <= most),
    `${least} to ${most} characters`,
  );

export const count = (path: string, least: number, most: number): Constraint =>
  must(
    path,
    (value) => !Array.isArray(value) || (value.length >= least && value.length <= most),
    `${least} to ${most} items`,
  );

export const matches = (path: string, pattern: RegExp, allowed: string): Constraint =>
  must(path, (value) => typeof value !== "string" || pattern.test(value), allowed);

export const port = (path: string): Constraint => integer(path, 0, 65535);

export const ipv4Cidr = (path: string): Constraint =>
  must(path, isIpv4Network, "an IPv4 CIDR block whose host bits are zero, e.g. 10.0.0.0/16");

export const ipv6Cidr = (path: string): Constraint =>
  must(
    path,
    (value) => {
      const [address = "", mask = "", ...rest] = String(value).split("/");
      return rest.length === 0 && isIP(address) === 6 && /^\d{1,3}$/.test(mask) && Number(mask) <= 128;
    },
    "an IPv6 CIDR block, e.g. ::/0",
  );

/** An ARN, of the service when one is named. */
export const arnOf = (path: string, service = "[a-z0-9-]+"): Constraint =>
  matches(
    path,
    new RegExp(`^arn:aws[a-z-]*:${service}:[a-z0-9-]*:(\\d{12}|aws)?:.+`),
    `an ARN of ${service === "[a-z0-9-]+" ? "AWS" : service}`,
  );

function isIpv4Network(value: unknown): boolean {
  const [address = "", mask = "", ...rest] = String(value).split("/");
  if (rest.length > 0 || isIP(address) !== 4 || !/^\d{1,2}$/.test(mask) || Number(mask) > 32) return false;
  const bits = address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  return bits % 2 ** (32 - Number(mask)) === 0;
}

/** Whether anything, known or not, stands at the path. */
function isGiven(inputs: unknown, path: string): boolean {
  if (inputs === UNKNOWN) return true;
  if (path === "") return inputs !== undefined && inputs !== null;
  const [step = "", ...rest] = path.split(".");
  if (typeof inputs !== "object" || inputs === null) return false;
  return isGiven((inputs as Inputs)[step], rest.join("."));
}

/** When the first is given, so must the others be. */
export const requires =
  (path: string, ...others: string[]): Constraint =>
  (inputs) =>
    select(inputs, path).length === 0
      ? []
      : others
          .filter((other) => !isGiven(inputs, other))
          .map((other) => ({ property: other, reason: `is required when ${path} is given` }));

/** At most one of the inputs. */
export const conflicting =
  (...paths: string[]): Constraint =>
  (inputs) => {
    const given = paths.filter((path) => isGiven(inputs, path));
    return given.length < 2
      ? []
      : [{ property: given[1] ?? "", reason: `conflicts with ${given[0] ?? ""}: give only one of them` }];
  };

/** Exactly one of the inputs. */
export const exactlyOne =
  (...paths: string[]): Constraint =>
  (inputs) =>
    paths.some((path) => isGiven(inputs, path))
      ? conflicting(...paths)(inputs)
      : [{ property: paths[0] ?? "", reason: `give one of ${paths.join(", ")}` }];

/** Constraints that hold only where the condition does. */
export const when =
  (condition: (inputs: Inputs) => boolean, ...constraints: Constraint[]): Constraint =>
  (inputs) =>
    condition(inputs) ? check(...constraints)(inputs) : [];

/** The inputs that must be there. */
export const needs =
  (why: string, ...paths: string[]): Constraint =>
  (inputs) =>
    paths
      .filter((path) => !isGiven(inputs, path))
      .map((path) => ({ property: path, reason: `is required ${why}` }));

/** The inputs that must not be there. */
export const without =
  (why: string, ...paths: string[]): Constraint =>
  (inputs) =>
    paths
      .filter((path) => select(inputs, path).length > 0)
      .map((path) => ({ property: path, reason: `is not allowed ${why}` }));

/** True where the input has one of the values. */
export const isOneOf =
  (property: string, ...values: unknown[]) =>
  (inputs: Inputs): boolean =>
    values.includes(inputs[property]);

/** A JSON text (or the object itself). */
export const json = (path: string): Constraint =>
  must(path, (value) => parsed(value) !== undefined, "valid JSON");

/** The value, parsed where it is JSON text; undefined where it is neither. */
export function parsed(value: unknown): unknown {
  if (typeof value !== "string") return typeof value === "object" && value !== null ? value : undefined;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return undefined;
  }
}

/** The whole number a text stands for. */
export function parsedNumber(value: string): number | undefined {
  return /^-?\d+$/.test(value) ? Number(value) : undefined;
}
