/**
 * `npm run rotate -- --stack <name> --secret <name> [--dry-run] [--set <field>]` and `--status`: starts the rotation of a secret and
 * follows it to its end, or tells how the stack's secrets stand.
 */
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import pc from "picocolors";
import { clientOptions } from "../lib/aws.ts";
import { runCommand } from "../lib/command.ts";
import { Interrupted, OperationError, refusal } from "../lib/operation-error.ts";
import { closest } from "../../stacks/config/nearest.ts";
import { setByHand } from "./by-hand.ts";
import { type Clients, follow } from "./follow.ts";
import { type Options, readOptions } from "./options.ts";
import { begin, endingText, planText } from "./rotation.ts";
import { readSecret, type Rotation, type Secret, secretNames } from "./secrets.ts";
import { statusOf, statusTable } from "./status.ts";
import { valueFrom } from "./value.ts";

await runCommand(async (signal) => {
  const options = readOptions(process.argv.slice(2));
  const { region } = options.stack;
  const clients = {
    secrets: new SecretsManagerClient(clientOptions(region)),
    logs: new CloudWatchLogsClient(clientOptions(region)),
    functions: new LambdaClient(clientOptions(region)),
  };
  if (options.action === "status") {
    await tellStatus(clients, options);
    return;
  }
  const secret = await findSecret(clients, options);
  if (options.action === "set") {
    await change(clients, secret, options);
    return;
  }
  if (secret.rotation === undefined) throw refusal([withoutRotation(secret, options)]);
  if (options.action === "dry-run") say(`${planText(secret, secret.rotation)}\nNothing was changed.`);
  else await rotate(clients, { secret, rotation: secret.rotation, options, signal });
});

async function tellStatus(clients: Clients, { stack, json }: Options): Promise<void> {
  const all = await statusOf(clients, stack.secretPath);
  if (json) say(JSON.stringify(all, undefined, 2));
  else if (all.length > 0) say(statusTable(stack.secretPath, all));
  if (all.length === 0)
    throw new OperationError(
      `There is no secret below ${stack.secretPath}/ in ${stack.region}. Deploy the stack first, or check AWS_PROFILE.`,
    );
}

async function findSecret({ secrets }: Clients, { stack, secret }: Options): Promise<Secret> {
  const name = `${stack.secretPath}/${secret}`;
  const names = await secretNames(secrets, stack.secretPath);
  if (names.includes(name)) return readSecret(secrets, name);
  const known = names.map((one) => one.slice(stack.secretPath.length + 1));
  const meant = closest(secret, known);
  throw refusal([
    `--secret ${JSON.stringify(secret)}: there is no ${name} in ${stack.region}; ` +
      (known.length === 0
        ? "there is no secret of the stack at all. Deploy it first, or check AWS_PROFILE."
        : `there are ${known.join(", ")}.${meant === undefined ? "" : ` Did you mean --secret ${meant}?`}`),
  ]);
}

function withoutRotation({ name }: Secret, { stack, secret }: Options): string {
  return (
    `${name} has no rotation. Renew it where it was given out, then write the new value: ` +
    `npm run rotate -- --stack ${stack.name} --secret ${secret} --set <field>`
  );
}

async function change({ secrets }: Clients, secret: Secret, { field, dryRun }: Options): Promise<void> {
  await setByHand(secrets, secret, field, undefined);
  if (dryRun) {
    say(
      `${secret.name}: ${field} would get the value on standard input, and its day noted. Nothing was changed.`,
    );
    return;
  }
  const next = await valueFrom(process.stdin, process.stderr, `New value of ${field}, which is not shown: `);
  const version = await setByHand(secrets, secret, field, next);
  say(
    `${secret.name}: ${field} has its new value, version ${version ?? ""}, and the day is noted. Services read it within ` +
      "minutes; then take back the old one where it was given out.",
  );
}

async function rotate(
  clients: Clients,
  {
    secret,
    rotation,
    options,
    signal,
  }: { secret: Secret; rotation: Rotation; options: Options; signal: AbortSignal },
): Promise<void> {
  const begun = await begin(clients, secret, rotation);
  const began = Date.now();
  say(
    begun.isNew
      ? `${secret.name}: begun, version ${begun.version} is AWSPENDING.`
      : `${secret.name}: an earlier rotation has not come to its end; Secrets Manager takes it up again, version ${begun.version}.`,
  );
  const ending = await follow(
    clients,
    { secret, ...begun },
    {
      step: ({ step, result, isError }) =>
        say(`  ${isError ? pc.red("✖") : pc.green("✔")} ${step}: ${result} ${seconds(Date.now() - began)}`),
      note: (text) => say(`  ${text}`),
    },
    { timeLimit: options.timeLimit, signal },
  );
  const text = `${secret.name}: ${endingText(ending, { secret, begun, stack: options.stack.name })}`;
  if (ending.kind === "interrupted") throw new Interrupted(text);
  if (ending.kind !== "succeeded") throw new OperationError(text);
  say(text);
}

function seconds(milliseconds: number): string {
  return pc.dim(`(${(milliseconds / 1000).toFixed(1)} s)`);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
