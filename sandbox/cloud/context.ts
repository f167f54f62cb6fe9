/** What a rule is told about one operation. */

import { createHash, randomBytes } from "node:crypto";
import type { Context, Inputs, Outputs, World } from "./rule.ts";
import { accountId } from "./store.ts";
import type { Store } from "./store.ts";

const dayMilliseconds = 24 * 60 * 60 * 1000;

/** The world as a rule sees it from one region. */
export function worldOf(store: Store, region: string): World {
  const key = (type: string, name: string) => `${type}|${region}|${name}`;
  return {
    get: (type, id, where) => store.get(type, id, where),
    list: (type, where) => store.list(type, where),
    find: (type, property, value, where) =>
      store.list(type, where).find((entry) => entry.state[property] === value),
    reserve: (type, name, days) => {
      if (days > 0)
        store.reserve(key(type, name), new Date(Date.now() + days * dayMilliseconds).toISOString());
    },
    reservedUntil: (type, name) => store.reservedUntil(key(type, name)),
    change: (entry, state) => store.change(entry, state),
    keep: (kind, name, state) => store.keep(key(kind, name), state),
    kept: (kind, name) => store.kept(key(kind, name)),
  };
}

export interface Subject {
  readonly type: string;
  readonly urn: string;
  readonly inputs: Inputs;
  readonly region: string;
  readonly seed: string;
  readonly createdAt: string;
  readonly id?: string;
  readonly state?: Outputs;
}

export function contextOf(store: Store, subject: Subject): Context {
  const bytes = (n: number, salt = "") => expand(`${subject.seed}|${salt}`, n);
  return {
    type: subject.type,
    urn: subject.urn,
    name: logicalName(subject.urn),
    inputs: subject.inputs,
    id: subject.id ?? "",
    state: subject.state,
    accountId,
    region: subject.region,
    partition: "aws",
    createdAt: subject.createdAt,
    bytes,
    hex: (n, salt) =>
      Buffer.from(bytes(Math.ceil(n / 2), salt))
        .toString("hex")
        .slice(0, n),
    world: worldOf(store, subject.region),
  };
}

/** A seed that depends on nothing but what is created, so that two runs from an empty cloud make the same ids. */
export function derivedSeed(urn: string, generation: number): string {
  return createHash("sha256").update(`${urn}|${generation}`).digest("hex");
}

/** A seed that nobody can guess, for real passwords. */
export function secretSeed(): string {
  return randomBytes(32).toString("hex");
}

/** The last part of a URN. */
export function logicalName(urn: string): string {
  return urn.slice(urn.indexOf("::", urn.indexOf("::", urn.indexOf("::") + 2) + 2) + 2);
}

function expand(seed: string, length: number): Uint8Array {
  const blocks: Buffer[] = [];
  for (let index = 0; index * 32 < length; index++)
    blocks.push(createHash("sha256").update(`${seed}|${index}`).digest());
  return Uint8Array.from(Buffer.concat(blocks).subarray(0, length));
}
