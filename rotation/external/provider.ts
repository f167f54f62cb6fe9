import { RotationError } from "../errors.ts";
import { jsonObject, wrongShape } from "../json.ts";
import type { Strategy } from "../protocol.ts";

/** The fields of a secret. */
export type Fields = Readonly<Record<string, string>>;

/** A service outside that gives out credentials. Every method may be repeated, and goes on from what it finds. */
export interface Provider {
  /** The fields that it reads and writes; all must be there. */
  fields: readonly string[];
  /** The fields that change. What it makes at the service can be found again by the token; what nobody uses any more goes. */
  create: (current: Fields, token: string) => Promise<Fields>;
  /** Makes the pending credentials valid beside the current ones. */
  activate: (pending: Fields, current: Fields) => Promise<void>;
  /** Whether the service takes the credentials. It only reads. */
  test: (value: Fields) => Promise<boolean>;
}

/** Services whose credentials stand in one secret: they are renewed together, in this order. */
export function combined(providers: readonly Provider[]): Provider {
  return {
    fields: providers.flatMap(({ fields }) => fields),
    create: async (current, token) => {
      let changed: Fields = {};
      for (const { create } of providers) changed = { ...changed, ...(await create(current, token)) };
      return changed;
    },
    activate: async (pending, current) => {
      for (const { activate } of providers) await activate(pending, current);
    },
    test: async (value) => {
      for (const { test } of providers) if (!(await test(value))) return false;
      return true;
    },
  };
}

/** Rotates what one service gave out; other fields of the secret stay as they are. */
export function external(provider: Provider): Strategy<Fields> {
  return {
    parse: (text) => parse(text, provider.fields),
    format: (fields) => JSON.stringify(fields),
    create: async (current, token) => ({ ...current, ...(await provider.create(current, token)) }),
    set: (pending, current) => provider.activate(pending, current),
    test: async (value) => {
      if (!(await provider.test(value))) {
        throw new RotationError("not-working", "The service does not take the credentials.");
      }
    },
  };
}

function parse(text: string, names: readonly string[]): Fields {
  const fields = jsonObject(text);
  const missing = names.filter((name) => typeof fields[name] !== "string" || fields[name] === "");
  if (missing.length > 0) throw wrongShape(`it lacks ${missing.join(", ")}`);
  return fields as Fields;
}
