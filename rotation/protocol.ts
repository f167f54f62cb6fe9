import { RotationError } from "./errors.ts";
import type { Description, Store } from "./store.ts";

/** What Secrets Manager calls the function with. */
export interface RotationEvent {
  SecretId: string;
  /** The id of the version to make: the same through all steps and retries. */
  ClientRequestToken: string;
  Step: string;
}

/** The value with the label AWSPREVIOUS. */
export interface Previous<Value> {
  value: Value;
  /** Whether it was written before the current one: not so after the label was moved back by hand. */
  isOlder: boolean;
}

/**
 * How one kind of secret is rotated. Each method may be called again after it was cut short anywhere, and then goes on from what
 * it finds.
 */
export interface Strategy<Value> {
  /** @throws RotationError "wrong-shape" */
  parse(text: string): Value;
  format(value: Value): string;
  /** The next value. What it makes outside can be found again by the token. */
  create(current: Value, token: string): Promise<Value>;
  /** Makes the pending value valid, and does nothing when it is. The current one stays valid where that is possible. */
  set(pending: Value, current: Value, previous: () => Promise<Previous<Value> | undefined>): Promise<void>;
  /** @throws RotationError unless the value works. It only reads. */
  test(value: Value): Promise<void>;
}

/**
 * One step of a rotation (Secrets Manager user guide, "Lambda rotation functions"). A token that is AWSCURRENT already is
 * finished: every step of it succeeds and does nothing.
 *
 * @throws RotationError
 */
export async function rotate<Value>(
  event: RotationEvent,
  store: Store,
  strategy: Strategy<Value>,
): Promise<"done" | "done before"> {
  const step = steps.get(event.Step);
  if (!step) throw new RotationError("unknown-step", "The call names no step of a rotation.");
  const secret = await store.describe();
  const token = event.ClientRequestToken;
  if (!secret.rotationEnabled) throw new RotationError("rotation-disabled", "Rotation is off.");
  const labels = secret.stages[token] ?? [];
  if (labels.includes("AWSCURRENT")) return "done before";
  if (!labels.includes("AWSPENDING")) throw new RotationError("token-not-staged", "The token was refused.");
  await step({ token, secret, store, strategy });
  return "done";
}

interface Context<Value> {
  token: string;
  secret: Description;
  store: Store;
  strategy: Strategy<Value>;
}

type Step = <Value>(context: Context<Value>) => Promise<void>;

const steps: ReadonlyMap<string, Step> = new Map([
  ["createSecret", createSecret],
  ["setSecret", setSecret],
  ["testSecret", testSecret],
  ["finishSecret", finishSecret],
]);

async function createSecret<Value>({ token, store, strategy }: Context<Value>): Promise<void> {
  const { value: current } = await currentValue(store, strategy);
  const made = await store.written(token);
  if (made !== undefined) {
    strategy.parse(made);
    return;
  }
  const next = strategy.format(await strategy.create(current, token));
  // Another call was first: its value counts, as it may be in use already.
  if (!(await store.putPending(token, next))) await pendingValue(token, store, strategy);
}

async function setSecret<Value>({ token, store, strategy }: Context<Value>): Promise<void> {
  const pending = await pendingValue(token, store, strategy);
  const current = await currentValue(store, strategy);
  await strategy.set(pending, current.value, () => previousValue(store, strategy, current.created));
}

/**
 * Turning rotation on without rotating calls this step alone, on a version without a value: then what there is, is
 * tested.
 */
async function testSecret<Value>({ token, store, strategy }: Context<Value>): Promise<void> {
  const text = await store.version(token);
  await strategy.test(
    text === undefined ? (await currentValue(store, strategy)).value : strategy.parse(text),
  );
}

async function finishSecret<Value>(context: Context<Value>): Promise<void> {
  const { token, store, strategy } = context;
  // Called by hand in another order, the step before may be missing, and what it tested may have changed since.
  await strategy.test(await pendingValue(token, store, strategy));
  for (let attempt = 1; ; attempt += 1) {
    const { stages } = attempt === 1 ? context.secret : await store.describe();
    const current = holder(stages, "AWSCURRENT");
    if (current === token) break;
    if (await store.makeCurrent(token, current)) break;
    if (attempt === 3) throw new RotationError("failed", "AWSCURRENT moves while the rotation ends.");
  }
}

function holder(stages: Description["stages"], label: string): string | undefined {
  return Object.keys(stages).find((id) => stages[id]?.includes(label));
}

async function currentValue<Value>(
  store: Store,
  strategy: Strategy<Value>,
): Promise<{ value: Value; created: Date }> {
  const version = await store.labelled("AWSCURRENT");
  if (!version) throw new RotationError("no-current-value", "There is nothing to rotate.");
  return { value: strategy.parse(version.text), created: version.created };
}

async function pendingValue<Value>(token: string, store: Store, strategy: Strategy<Value>): Promise<Value> {
  const text = await store.version(token);
  if (text === undefined) throw new RotationError("no-pending-value", "There is no value to go on with.");
  return strategy.parse(text);
}

/** Absent at the first rotation. A previous value of another shape is of no use, and no reason to stop. */
async function previousValue<Value>(
  store: Store,
  strategy: Strategy<Value>,
  currentCreated: Date,
): Promise<Previous<Value> | undefined> {
  const version = await store.labelled("AWSPREVIOUS");
  if (!version) return undefined;
  try {
    return { value: strategy.parse(version.text), isOlder: version.created <= currentCreated };
  } catch {
    return undefined;
  }
}
