import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { buildPackage } from "../runtime/build.ts";
import type { Benchmark, Case } from "./benchmark.ts";
import { checkout, places } from "./places.ts";

const [bare, imported, local, deployed] = [
  "import of zod and the SDK's client",
  "import of the package",
  "import, configuration from variables",
  "import, configuration from four secrets",
];

/** A cold start of the services' library, over the import of what it validates and reads secrets with. */
export async function runtime(
  _environment: Readonly<Record<string, string>>,
  onStep: (step: string) => void,
): Promise<Benchmark> {
  onStep("building the package");
  const dist = join(places.programs, "runtime");
  await buildPackage(dist);
  const server = await startSecrets();
  const loaded = `const { loadConfig } = await import(${JSON.stringify(pathToFileURL(join(dist, "index.js")).href)});`;
  const evaluate = (name: string, script: string, environment: Record<string, string> = {}): Case => ({
    name,
    command: {
      words: [process.execPath, "--input-type=module", "--eval", script],
      cwd: checkout,
      environment,
    },
  });
  return {
    title: "The services' library: a whole process, from Node's start to its end",
    cases: [
      evaluate(bare, `await Promise.all([import("zod"), import("@aws-sdk/client-secrets-manager")]);`),
      evaluate(imported, loaded),
      evaluate(local, `${loaded} await loadConfig({ envFile: "none" });`, {
        APP_ENV: "test",
        API_KEY: "k".repeat(32),
        RELATIONAL_DATABASE_URL: "postgresql://postgres:password@localhost/test",
      }),
      evaluate(deployed, `${loaded} await loadConfig();`, {
        NODE_ENV: "production",
        APP_ENV: "staging",
        AWS_COGNITO_REGION: "us-east-1",
        AWS_ENDPOINT_URL: server.endpoint,
        AWS_REGION: "us-east-1",
        AWS_ACCESS_KEY_ID: "none",
        AWS_SECRET_ACCESS_KEY: "none",
      }),
    ],
    comparisons: [
      { of: imported, over: bare, target: 1 },
      { of: local, over: bare, target: 1 },
      { of: deployed, over: bare },
    ],
    explained: [],
    stop: server.stop,
  };
}

/** Every secret of an environment has the same fields here: each is asked for its own. */
const fields = {
  API_KEY: "k".repeat(48),
  COOKIE_ENCRYPTION_KEY: "k".repeat(48),
  RELATIONAL_DATABASE_URL: "postgresql://app:password@db.example/macro_ai?sslmode=verify-full",
  REDIS_URL: "rediss://:password@cache.example",
  OPENAI_API_KEY: "sk-0000000000000000",
  AWS_COGNITO_USER_POOL_ID: "us-east-1_EXAMPLE",
  AWS_COGNITO_USER_POOL_CLIENT_ID: "exampleclientid0000000000",
  AWS_COGNITO_USER_POOL_SECRET_KEY: "k".repeat(48),
};

/** Secrets Manager, as far as a reading of a secret goes. */
async function startSecrets(): Promise<{ endpoint: string; stop: () => void }> {
  const body = JSON.stringify({ VersionId: "1", SecretString: JSON.stringify(fields) });
  const server = createServer((request, response) => {
    request.resume().once("end", () => {
      response.writeHead(200, { "content-type": "application/x-amz-json-1.1" }).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
