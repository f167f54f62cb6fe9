import { isDeepStrictEqual } from "node:util";
import { SENTINELS } from "../../policies/core/unknown.ts";
import { HIDDEN, type Properties, type Step } from "./preview.ts";

/** How one property changes. */
export interface PropertyChange {
  /** `tags.Name`, `ingress[0].cidrBlocks[0]`, within JSON, too: `policy.Statement[0].Action`. */
  readonly path: string;
  readonly kind: "add" | "delete" | "update";
  /** Whether this is why the resource is replaced. */
  readonly replaces: boolean;
  /** For people; a secret's is `[secret]`. */
  readonly before?: string;
  readonly after?: string;
}

const unknowns = new RegExp([...SENTINELS].join("|"), "g");
const YET_UNKNOWN = "(known after the update)";

/** So many changes within one property are no longer read one by one. */
const MANY = 24;
/** Longer values say no more. */
const LENGTH = 160;
const signatures: Readonly<Record<string, string>> = {
  c44067f5952c0a294b673a41bacd8c17: "a file",
  "0def7320c3a5731c473e5ecbe6d01bc7": "an archive",
  "5cf8f73096256a8f31e491e813e4eb8e": "a resource",
};

/** What a step changes of a resource's properties; nothing for one that is made or goes. */
export function propertyChanges(step: Step): PropertyChange[] {
  const { oldState, newState } = step;
  if (!oldState || !newState) return [];
  return [...held(step), ...changedValues(step)];
}

/** How the engine holds it: protection that goes is as loud as what it guards. */
function held({ oldState, newState }: Step): PropertyChange[] {
  return (["protect", "retainOnDelete"] as const).flatMap((option) => {
    const [before, after] = [oldState?.[option] ?? false, newState?.[option] ?? false];
    if (before === after) return [];
    return {
      path: `(option ${option})`,
      kind: "update",
      replaces: false,
      before: String(before),
      after: String(after),
    };
  });
}

function changedValues(step: Step): PropertyChange[] {
  const { oldState, newState, detailedDiff, replaceReasons } = step;
  const before = oldState?.inputs ?? {};
  const after = newState?.inputs ?? {};
  if (step.op === "same") return [];
  const paths = Object.entries(detailedDiff ?? {});
  const isDouble = (path: string): boolean =>
    path.startsWith("tagsAll") && paths.some(([other]) => other === path.replace("tagsAll", "tags"));
  if (paths.length === 0) {
    const replacing = new Set(replaceReasons ?? []);
    return compare(before, after, []).map((change) => ({
      ...change,
      replaces: replacing.has(change.path.split(/[.[]/)[0] ?? ""),
    }));
  }
  return paths
    .filter(([path]) => !isDouble(path))
    .flatMap(([path, { kind, inputDiff }]) => {
      const steps = pathOf(path);
      const old =
        at(inputDiff === false ? (oldState?.outputs ?? {}) : before, steps) ?? at(oldState?.outputs, steps);
      const found = compare(old, at(after, steps), steps);
      const replaces = kind.endsWith("replace");
      // The engine knows of a change that its words do not show: a secret's, or one that it works out itself.
      if (found.length === 0) {
        const shown = { before: show(old), after: show(at(after, steps)) };
        return [{ path: joined(steps), kind: kindOf(kind), replaces, ...shown }];
      }
      if (found.length > MANY) {
        const many = `(${found.length} values within it)`;
        return [{ path: joined(steps), kind: "update", replaces, before: many, after: many }];
      }
      return found.map((change) => ({ ...change, replaces }));
    });
}

function kindOf(kind: string): PropertyChange["kind"] {
  return kind.startsWith("add") ? "add" : kind.startsWith("delete") ? "delete" : "update";
}

type Path = readonly (string | number)[];

/** The leaves in which two values differ. */
function compare(before: unknown, after: unknown, path: Path): Omit<PropertyChange, "replaces">[] {
  if (isDeepStrictEqual(before, after)) return [];
  const [old, now] = [opened(before), opened(after)];
  if (isList(old) && isList(now)) return compareLists(old, now, path);
  if (isBranch(old) && isBranch(now)) {
    const keys = [...new Set([...Object.keys(old), ...Object.keys(now)])];
    return keys.flatMap((key) => compare((old as Properties)[key], (now as Properties)[key], [...path, key]));
  }
  const kind = before === undefined ? "add" : after === undefined ? "delete" : "update";
  return [
    {
      path: joined(path),
      kind,
      ...(before !== undefined && { before: show(before) }),
      ...(after !== undefined && { after: show(after) }),
    },
  ];
}

/** What both have stays out, wherever it stands: one more at the beginning does not change all others. */
function compareLists(old: List, now: List, path: Path): Omit<PropertyChange, "replaces">[] {
  const left = now.map((value, index) => ({ value, index }));
  const gone = old.flatMap((value, index) => {
    const at = left.findIndex((other) => isDeepStrictEqual(other.value, value));
    if (at === -1) return { value, index };
    left.splice(at, 1);
    return [];
  });
  if (gone.length + left.length === 0) {
    const order = { before: "(in another order)", after: "(the same in a new order)" };
    return [{ path: joined(path), kind: "update", ...order }];
  }
  const pairs = Array.from(
    { length: Math.max(gone.length, left.length) },
    (_, at) => [gone[at], left[at]] as const,
  );
  return pairs.flatMap(([one, other]) =>
    compare(one?.value, other?.value, [...path, other?.index ?? one?.index ?? 0]),
  );
}

/** Policies and dashboards are JSON in a text: their change is inside. */
function opened(value: unknown): unknown {
  if (typeof value !== "string" || !/^\s*[{[]/.test(value) || value === HIDDEN) return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}

type List = readonly unknown[];

function isList(value: unknown): value is List {
  return Array.isArray(value);
}

function isBranch(value: unknown): value is object {
  return typeof value === "object" && value !== null && !isList(value) && signatureOf(value) === undefined;
}

function signatureOf(value: object): string | undefined {
  const signature = (value as Properties)["4dabf18193072939515e22adb298388d"];
  return typeof signature === "string" ? (signatures[signature] ?? "a special value") : undefined;
}

/** A value for people, of at most {@link LENGTH} characters. */
function show(value: unknown): string {
  const text =
    value === undefined ? "(none)" : typeof value === "string" ? value : JSON.stringify(value, named);
  const known = text.replaceAll(unknowns, YET_UNKNOWN);
  return known.length <= LENGTH ? known : `${known.slice(0, LENGTH - 1)}…`;
}

function named(_key: string, value: unknown): unknown {
  return typeof value === "object" && value !== null ? (signatureOf(value) ?? value) : value;
}

/** The steps of a path as the engine writes it: `tags["a.b"].c[0]`. */
function pathOf(path: string): Path {
  return [...path.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([^.[\]]+)/g)].map(([, quoted, index, name]) =>
    index !== undefined ? Number(index) : (quoted ?? name ?? ""),
  );
}

function joined(path: Path): string {
  return path
    .map((step, index) => {
      if (typeof step === "number") return `[${step}]`;
      if (!/^[\w:/-]+$/.test(step)) return `["${step}"]`;
      return index === 0 ? step : `.${step}`;
    })
    .join("");
}

function at(value: unknown, path: Path): unknown {
  let found = value;
  for (const step of path) {
    if (typeof found !== "object" || found === null) return undefined;
    found = (found as Record<string | number, unknown>)[step];
  }
  return found;
}
