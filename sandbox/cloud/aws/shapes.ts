import { createHash } from "node:crypto";
import { UNKNOWN } from "../rule.ts";
import type { Context, Inputs, Outputs } from "../rule.ts";

/** The domain label AWS gives this account's databases and caches in a region. */
export const ACCOUNT_LABEL = "c0ffee123456";

/** arn:aws:<service>:<region>:<account>:<resource>. */
export function arn(ctx: Context, service: string, resource: string): string {
  return `arn:${ctx.partition}:${service}:${ctx.region}:${ctx.accountId}:${resource}`;
}

/** An ARN without a region, as IAM, CloudFront and budgets form it. */
export function globalArn(ctx: Context, service: string, resource: string): string {
  return `arn:${ctx.partition}:${service}::${ctx.accountId}:${resource}`;
}

/** An upper-case identifier such as CloudFront's and Route 53's: A-Z and 0-9. */
export function capitals(ctx: Context, label: string, count: number): string {
  return characters(ctx, label, count, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");
}

/** A lower-case identifier such as API Gateway's: a-z and 0-9. */
export function letters(ctx: Context, label: string, count: number): string {
  return characters(ctx, label, count, "abcdefghijklmnopqrstuvwxyz0123456789");
}

/** Upper- and lower-case letters and digits, as the suffix of a secret's ARN. */
export function mixed(ctx: Context, label: string, count: number): string {
  return characters(ctx, label, count, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789");
}

function characters(ctx: Context, label: string, count: number, alphabet: string): string {
  return [...ctx.bytes(count, label)].map((byte) => alphabet.charAt(byte % alphabet.length)).join("");
}

/** A version 4 UUID that stays the same for the resource's life. */
export function uuid(ctx: Context, label = "uuid"): string {
  const hex = ctx.hex(32, label);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/** An EC2 id: prefix, "-0" and 16 hex digits. */
export const ec2Id =
  (prefix: string) =>
  (ctx: Context): string =>
    `${prefix}-0${ctx.hex(16)}`;

/** An id of EC2's shape for something AWS makes beside the resource, e.g. a VPC's main route table. */
export function sideId(ctx: Context, prefix: string, label = prefix): string {
  return `${prefix}-0${ctx.hex(16, label)}`;
}

/** A public IPv4 address out of a documentation range (RFC 5737). */
export function publicIp(ctx: Context): string {
  return `203.0.113.${octet(ctx, "public")}`;
}

/** A private IPv4 address in 10.0.0.0/8. */
export function privateIp(ctx: Context): string {
  return `10.0.${octet(ctx, "third")}.${octet(ctx, "fourth")}`;
}

function octet(ctx: Context, label: string): number {
  return 4 + (Number.parseInt(ctx.hex(2, label), 16) % 250);
}

/** The moment of creation as AWS writes it, to the second. */
export function created(ctx: Context): string {
  return `${ctx.createdAt.slice(0, 19)}Z`;
}

/** True for a value that is there and known. */
export function known(value: unknown): boolean {
  return value !== undefined && value !== null && value !== UNKNOWN;
}

/** The text of an input, or the fallback where it is absent or unknown. */
export function text(inputs: Inputs, property: string, fallback = ""): string {
  const value = inputs[property];
  return typeof value === "string" ? value : fallback;
}

/** The number of an input, or the fallback where it is absent or unknown. */
export function amount(inputs: Inputs, property: string, fallback: number): number {
  const value = inputs[property];
  return typeof value === "number" ? value : fallback;
}

/** The list of an input, or an empty one. */
export function list(inputs: Inputs, property: string): unknown[] {
  const value = inputs[property];
  return Array.isArray(value) ? (value as unknown[]) : [];
}

/** The nested object of an input, or an empty one. */
export function nested(value: unknown): Inputs {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Inputs) : {};
}

/** The id is the value of an input (a name, mostly). */
export const byInput =
  (property: string) =>
  (ctx: Context): string =>
    text(ctx.inputs, property);

/** The id joins the values of inputs, as Terraform joins them for associations. */
export const joined =
  (separator: string, ...properties: string[]) =>
  (ctx: Context): string =>
    properties.map((property) => text(ctx.inputs, property)).join(separator);

/** Outputs that AWS leaves empty unless the inputs ask for them. */
export function blank(...properties: string[]): Record<string, string> {
  return Object.fromEntries(properties.map((property) => [property, ""]));
}

/** Outputs that are not there unless the inputs ask for them, although the SDK types them as always set. */
export function absent(...properties: string[]): Record<string, null> {
  return Object.fromEntries(properties.map((property) => [property, null]));
}

/** A resource that only has its inputs and an id. */
export const nothing = (): Outputs => ({});

/** The last part of an ARN or path: "role/x" of ".../role/x" gives "x". */
export function lastPart(value: string): string {
  return value.slice(Math.max(value.lastIndexOf("/"), value.lastIndexOf(":")) + 1);
}

/** SHA-256 in base 64, as Lambda shows the hash of a package. */
export function contentHash(content: unknown): string {
  return createHash("sha256")
    .update(JSON.stringify(content ?? ""))
    .digest("base64");
}
