import * as z from "zod";
import { OperationError } from "../lib/operation-error.ts";

const entry = z.looseObject({
  urn: z.string(),
  type: z.string(),
  parent: z.string().optional(),
  dependencies: z.array(z.string()).nullish(),
  propertyDependencies: z.record(z.string(), z.array(z.string()).nullable()).nullish(),
  outputs: z.record(z.string(), z.unknown()).default({}),
});
type StateEntry = z.infer<typeof entry>;
const exported = z.looseObject({ deployment: z.looseObject({ resources: z.array(entry) }) });

/** A stack's state, as `pulumi stack export` has it. */
export type State = z.infer<typeof exported>;

const INSTANCE = "aws:rds/instance:Instance";

/** What bears the instance's name and goes with it: the instance, the name, and the groups of its logs. */
const NAMED = ["random:index/randomId:RandomId", "aws:cloudwatch/logGroup:LogGroup", INSTANCE];

/** @throws OperationError when the stack has no database */
export function readState(text: unknown): State {
  const state = exported.parse(text);
  instanceOf(state);
  return state;
}

/** The identifier of the instance that the stack uses. */
export function instanceOf(state: State): string {
  const identifier = own(state).find(({ type }) => type === INSTANCE)?.outputs["identifier"];
  if (typeof identifier === "string") return identifier;
  throw new OperationError(
    "The stack has no database of its own: only an enterprise stack's can be restored.",
  );
}

function own({ deployment }: State): StateEntry[] {
  return deployment.resources.filter(
    ({ urn }) => /macro-ai:components:Database\$/.test(urn) && /::database(?:-[a-z]+)*$/.test(urn),
  );
}

/** The URNs of {@link NAMED}: what a restore makes anew. */
export function namedUrns(state: State): string[] {
  return own(state).flatMap(({ urn, type }) => (NAMED.includes(type) ? [urn] : []));
}

/** The two whose replacement brings that of the others. */
export function replacedUrns(state: State): string[] {
  return own(state).flatMap(({ urn, type }) =>
    type === INSTANCE || urn.endsWith("::database-name") ? [urn] : [],
  );
}

/** The URNs of the instance and of all that it is made of, in another stack: subnets, key, groups, roles. */
export function urnsElsewhere(state: State, stack: string): string[] {
  const all = new Map(state.deployment.resources.map((one) => [one.urn, one]));
  const found = new Set<string>();
  const add = (urn: string): void => {
    const one = all.get(urn);
    if (!one || found.has(urn) || one.type === "pulumi:pulumi:Stack") return;
    found.add(urn);
    const by = Object.values(one.propertyDependencies ?? {}).flatMap((urns) => urns ?? []);
    for (const other of [one.parent ?? "", ...(one.dependencies ?? []), ...by]) add(other);
  };
  for (const { urn, type } of own(state)) if (type === INSTANCE) add(urn);
  return [...found].map((urn) => urn.replace(/^urn:pulumi:[^:]+::/, `urn:pulumi:${stack}::`));
}

/**
 * The state in which Pulumi may replace the database, and leaves the old one in AWS as it is when it does. The program says of
 * every new resource what it is to be, so the marks are gone with the next deployment.
 */
export function lettingGo(state: State): State {
  const mine = new Set(own(state).map(({ urn }) => urn));
  return mapped(state, (one) => (mine.has(one.urn) ? { ...one, protect: false, retainOnDelete: true } : one));
}

/** The state with the database of an earlier one; the one that is there now stays in AWS, outside of Pulumi. */
export function puttingBack(state: State, before: State): State {
  const old = new Map(before.deployment.resources.map((one) => [one.urn, one]));
  const named = new Set(namedUrns(before));
  return mapped(state, (one) => (named.has(one.urn) ? (old.get(one.urn) ?? one) : one));
}

function mapped(state: State, change: (one: StateEntry) => StateEntry): State {
  return { ...state, deployment: { ...state.deployment, resources: state.deployment.resources.map(change) } };
}
