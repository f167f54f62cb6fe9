import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { Deadline } from "./deadline.ts";
import { RotationError } from "./errors.ts";
import { jsonList, jsonObject, wrongShape } from "./json.ts";
import { callLimits, describeSecret } from "./store.ts";

/** A field that only a person can renew. */
export interface Reminder {
  /** ARN or name of its secret. */
  secretId: string;
  /** `OPENAI_API_KEY` */
  field: string;
  /** Days for which one value may be used. */
  everyDays: number;
}

/** How long a value may still be used. */
export interface Remaining {
  /** The secret's name, not its ARN. */
  secret: string;
  field: string;
  /** Negative when it is overdue. */
  daysLeft: number;
}

/** The field in which `npm run rotate -- --set` notes when a person changed which field: an object of ISO 8601 dates. */
export const CHANGED_BY_HAND = "CHANGED_BY_HAND";

const DAY_MS = 86_400_000;

/** One for all calls of the function, so that its connection and its credentials outlive one. */
const sharedClient = new SecretsManagerClient(callLimits);

/** @throws Error with everything that is wrong with `REMINDERS` */
export function parseReminders(text: string): Reminder[] {
  const problems: string[] = [];
  const entries = jsonList<Reminder>(text);
  if (entries.length === 0) problems.push("is no JSON list with an entry");
  for (const [index, entry] of entries.entries()) {
    for (const name of ["secretId", "field"] as const) {
      if (typeof entry[name] !== "string" || entry[name] === "")
        problems.push(`[${index}].${name} is no text`);
    }
    if (typeof entry.everyDays !== "number" || !(entry.everyDays > 0))
      problems.push(`[${index}].everyDays is no number of days from 1`);
  }
  if (problems.length > 0) throw new Error(`The function's variable REMINDERS: ${problems.join("; ")}.`);
  return entries as Reminder[];
}

/**
 * Days until the value of a field must be renewed. It is as old as the note in `CHANGED_BY_HAND` says. Without one it is taken to
 * be as old as the secret, since a version may be new for another field's sake; only where nothing else is renewed
 * in the secret, by function or by hand, the version itself tells. So a reminder may come early, and never late.
 *
 * @param isAlone whether no other field of the secret has a reminder
 * @throws RotationError "secret-missing", "no-current-value", "wrong-shape"
 */
export async function remaining(
  { secretId, field, everyDays }: Reminder,
  { signal }: Deadline,
  { isAlone = true, now = Date.now(), client = sharedClient } = {},
): Promise<Remaining> {
  const options = { abortSignal: signal };
  const secret = await describeSecret(client, secretId, options);
  const version = await client
    .send(new GetSecretValueCommand({ SecretId: secretId, VersionStage: "AWSCURRENT" }), options)
    .catch((error: unknown) => {
      if ((error as Error).name === "ResourceNotFoundException")
        throw new RotationError("no-current-value", "There is nothing to be reminded of.");
      throw error;
    });
  const fields = jsonObject(version.SecretString ?? "");
  if (typeof fields[field] !== "string" || fields[field] === "") throw wrongShape(`it lacks ${field}`);
  const tells = isAlone && secret.RotationEnabled !== true ? version.CreatedDate : secret.CreatedDate;
  const since = Math.max(tells?.getTime() ?? 0, noted(fields, field, now));
  return {
    secret: secret.Name ?? secretId,
    field,
    daysLeft: Math.floor(everyDays - (now - since) / DAY_MS),
  };
}

/** A date that cannot be read, or that has not come yet, counts as none. */
function noted(fields: Readonly<Record<string, unknown>>, field: string, now: number): number {
  const notes = fields[CHANGED_BY_HAND];
  const note =
    typeof notes === "object" && notes !== null ? (Reflect.get(notes, field) as unknown) : undefined;
  const date = typeof note === "string" ? Date.parse(note) : Number.NaN;
  return date <= now ? date : 0;
}

/**
 * One line of the log that CloudWatch takes for metrics ("embedded metric format" in its user guide): `DaysLeft` in the namespace
 * `MacroAI/Secrets`, by `Secret` and `Field`.
 */
export function metricLine({ secret, field, daysLeft }: Remaining, now = Date.now()): string {
  return JSON.stringify({
    _aws: {
      Timestamp: now,
      CloudWatchMetrics: [
        {
          Namespace: "MacroAI/Secrets",
          Dimensions: [["Secret", "Field"]],
          Metrics: [{ Name: "DaysLeft", Unit: "Count" }],
        },
      ],
    },
    Secret: secret,
    Field: field,
    DaysLeft: daysLeft,
  });
}
