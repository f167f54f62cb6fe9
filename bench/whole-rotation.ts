// Milliseconds of a whole database rotation by its bundle, loading included: node whole-rotation.ts <bundle> <secret>
import { RotateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { randomUUID } from "node:crypto";
import { pathToFileURL } from "node:url";

const [bundle = "", SecretId = ""] = process.argv.slice(2);
const ClientRequestToken = randomUUID();
const client = new SecretsManagerClient();
await client.send(new RotateSecretCommand({ SecretId, ClientRequestToken }));
client.destroy();

const began = performance.now();
const { handler } = (await import(pathToFileURL(bundle).href)) as {
  handler: (event: unknown, context: { getRemainingTimeInMillis: () => number }) => Promise<unknown>;
};
const context = { getRemainingTimeInMillis: () => 30_000 };
for (const Step of ["createSecret", "setSecret", "testSecret", "finishSecret"])
  await handler({ SecretId, ClientRequestToken, Step }, context);
// After the lines of the function's own log.
process.stdout.write(`${performance.now() - began}\n`);
process.exit();
