// What the one-off task runs inside the network, bundled into one file by `npm run build`: node migrate-task.mjs
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import * as z from "zod";
import { callLimits } from "../lib/aws.ts";
import { errorText, OperationError } from "../lib/operation-error.ts";
import { connect } from "./database/connect.ts";
import { perform } from "./database/perform.ts";
import { databaseUrl } from "./database/secret.ts";
import { answerLine, request } from "./protocol.ts";

const environment = z.object({
  /** Of the service: its secrets, comma between them. */
  SECRET_ARNS: z.string(),
  MIGRATE_REQUEST: z.string(),
  MIGRATIONS_FOLDER: z.string().default("migrations"),
});

async function main(): Promise<void> {
  const { SECRET_ARNS, MIGRATE_REQUEST, MIGRATIONS_FOLDER } = environment.parse(process.env);
  const SecretId = SECRET_ARNS.split(",").find((arn) => arn.includes("/database-credentials"));
  if (SecretId === undefined) throw new OperationError("SECRET_ARNS names no database-credentials.");
  const secrets = new SecretsManagerClient(callLimits);
  const session = await connect(await databaseUrl(secrets, SecretId));
  try {
    const answered = await perform(session, MIGRATIONS_FOLDER, request.parse(JSON.parse(MIGRATE_REQUEST)));
    console.log(answerLine(answered));
  } finally {
    await session.end();
    secrets.destroy();
  }
}

try {
  await main();
} catch (error) {
  console.log(answerLine({ lines: [], problems: [errorText(error)] }));
  process.exitCode = 1;
}
