// Milliseconds from a function's loading to its first call to the outside, by the clock and of CPU: node cold-start.ts <bundle>
import { subscribe } from "node:diagnostics_channel";
import { pathToFileURL } from "node:url";

/** What any of the functions is called with. */
const event = { SecretId: "secret", ClientRequestToken: "token", Step: "createSecret" };

const bundle = pathToFileURL(process.argv[2] ?? "").href;
// These are of the harness, not of the function; Lambda has loaded them as well.
await import("node:http");
const began = performance.now();
const usedBefore = process.cpuUsage();
subscribe("http.client.request.start", () => {
  const { user, system } = process.cpuUsage(usedBefore);
  process.stdout.write(`${performance.now() - began} ${(user + system) / 1000}\n`);
  process.exit();
});
const { handler } = (await import(bundle)) as {
  handler: (event: unknown, context: { getRemainingTimeInMillis: () => number }) => Promise<unknown>;
};
await handler(event, { getRemainingTimeInMillis: () => 30_000 });
throw new Error(`${bundle} called nobody.`);
