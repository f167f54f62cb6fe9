import { RotateSecretCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { randomUUID } from "node:crypto";
import { OperationError } from "../lib/operation-error.ts";
import { type Clients, type Ending } from "./follow.ts";
import { logGroupOf, stepsOf } from "./function-log.ts";
import { functionName, type Rotation, type Secret } from "./secrets.ts";

/** A rotation that was begun, here or before. */
export interface Begun {
  readonly version: string;
  /** What the function logged before belongs to an earlier attempt. */
  readonly since: Date;
  readonly isNew: boolean;
  /** The function's log group. */
  readonly log: string;
}

/** How far the clocks here and at AWS may differ. */
const CLOCK_SLACK_MS = 60_000;

/** Begins a rotation. One that has not come to its end is repeated by Secrets Manager instead, and its version is told. */
export async function begin(clients: Clients, secret: Secret, rotation: Rotation): Promise<Begun> {
  const { pending } = secret;
  const log = await logGroupOf(clients.functions, rotation.functionArn);
  if (pending === undefined) {
    const since = new Date(Date.now() - CLOCK_SLACK_MS);
    const version = await start(clients.secrets, secret);
    if (version !== undefined) return { version, since, isNew: true, log };
    throw new OperationError(
      `${secret.name}: another rotation has just begun. Run the command again to follow it.`,
    );
  }
  const before = await stepsOf(clients.logs, log, pending.id, pending.made ?? secret.made ?? new Date(0));
  const last = "ends" in before ? before.ends.at(-1)?.at.getTime() : undefined;
  const since = new Date(last === undefined ? Date.now() - CLOCK_SLACK_MS : last + 1);
  const version = await start(clients.secrets, secret);
  return version === undefined
    ? { version: pending.id, since, isNew: false, log }
    : { version, since, isNew: true, log };
}

/** The version that is being made; undefined when Secrets Manager takes up an earlier rotation instead. */
async function start(client: SecretsManagerClient, { name }: Secret): Promise<string | undefined> {
  // The SDK repeats a call whose answer was lost: with a token of ours it begins one rotation.
  const ClientRequestToken = randomUUID();
  try {
    const { VersionId } = await client.send(new RotateSecretCommand({ SecretId: name, ClientRequestToken }));
    return VersionId ?? ClientRequestToken;
  } catch (error) {
    const { name: kind, message } = error as Error;
    if (kind === "InvalidRequestException" && /previous rotation/i.test(message)) return undefined;
    throw error;
  }
}

/** What would happen. */
export function planText(secret: Secret, rotation: Rotation): string {
  const { current, pending } = secret;
  const rows = [
    ["current version", versionText(current)],
    [
      "would begin",
      pending === undefined
        ? "a new version, AWSPENDING until it works"
        : `nothing new: Secrets Manager would take up the rotation of ${versionText(pending)}`,
    ],
    ["function", functionName(rotation.functionArn)],
    ["schedule", rotation.schedule],
    ["last rotated", rotation.last?.toISOString() ?? "never"],
    ["due", rotation.due?.toISOString() ?? "not planned"],
  ];
  return [secret.name, ...rows.map(([label = "", text = ""]) => `  ${label.padEnd(16)} ${text}`)].join("\n");
}

function versionText(version: Secret["current"]): string {
  if (version === undefined) return "none";
  return version.made === undefined ? version.id : `${version.id}, made ${version.made.toISOString()}`;
}

/** The last word on a rotation, and what to do next. */
export function endingText(
  ending: Ending,
  { secret, begun, stack }: { secret: Secret; begun: Begun; stack: string },
): string {
  const look = `aws logs tail ${begun.log} --since 1h`;
  const again = `npm run rotate -- --stack ${stack} --secret ${secret.name.split("/").slice(3).join("/")}`;
  const kept = `AWSCURRENT is still ${secret.current?.id ?? "as it was"}.`;
  const seen =
    "last" in ending && ending.last !== undefined ? `last seen: ${ending.last.step}` : "no step seen";
  switch (ending.kind) {
    case "succeeded":
      return `succeeded: ${begun.version} is AWSCURRENT.`;
    case "failed":
      return [
        `failed at ${ending.last.step}: ${ending.last.message ?? ending.last.result}`,
        `${kept} Mend the cause, then: ${again}`,
      ].join("\n");
    case "abandoned":
      return [
        `abandoned: ${ending.why}.`,
        `${kept} See how the secret stands: npm run rotate -- --stack ${stack} --status`,
      ].join("\n");
    case "time-limit":
      return [
        `not over yet (${seen}): the time limit was reached, and the rotation goes on at AWS.`,
        `${kept} See the function: ${look}`,
        `Follow it further: ${again}`,
      ].join("\n");
    case "interrupted":
      return [
        `The rotation goes on at AWS (${seen}); only this command has ended.`,
        `See how it stands: npm run rotate -- --stack ${stack} --status`,
        `See the function: ${look}`,
      ].join("\n");
    default:
      throw new Error(`A rotation that is ${ending.kind} has not ended.`);
  }
}
