import * as z from "zod";
import { type Exported, readExported } from "./exported.ts";
import { OperationError } from "./operation-error.ts";

/** A deployed environment: what the operations need to know of it, read from its stack. */
export interface Environment {
  stack: string;
  region: string;
  /** Where the API answers, without a trailing slash. */
  apiUrl: string;
  /** The repository of the API's images. */
  apiRepository: string;
  /** The name of the secret with the database's login. */
  databaseSecret: string;
  platform: EnterprisePlatform | HobbyPlatform;
}

/** Tasks on ECS, and RDS. */
export interface EnterprisePlatform {
  scale: "enterprise";
  cluster: string;
  service: string;
  /** The DB instance identifier. */
  database: string;
}

/** A Lambda function; the database lies at Neon. */
export interface HobbyPlatform {
  scale: "hobby";
  functionName: string;
}

const rootOutputs = z.object({
  apiUrl: z.string().optional().catch(undefined),
  repositoryUrls: z.record(z.string(), z.string()).catch({}),
});

const SECRET = ["aws:secretsmanager/secret:Secret", "secrets-database-credentials"] as const;

/**
 * Reads a stack's export. Only names and addresses are taken from it.
 *
 * @throws OperationError when the stack is not deployed, or is not this program's
 */
export function environmentOf(stack: string, text: unknown): Environment {
  const { find, outputs } = readExported(text);
  const { apiUrl, repositoryUrls } = rootOutputs.parse(outputs);
  const region = find(...SECRET, "arn")?.split(":")[3];
  const databaseSecret = find(...SECRET, "name");
  const apiRepository = Object.entries(repositoryUrls).find(([name]) => name.includes("express-api"))?.[1];
  const platform = platformOf(find);
  if (!apiUrl || !region || !databaseSecret || !apiRepository || !platform)
    throw new OperationError(
      `The stack ${stack} has no API and database that run. Deploy it first: pulumi up --stack ${stack}`,
    );
  return { stack, region, apiUrl: apiUrl.replace(/\/$/, ""), apiRepository, databaseSecret, platform };
}

function platformOf(find: Exported["find"]): EnterprisePlatform | HobbyPlatform | undefined {
  const cluster = find("aws:ecs/service:Service", "api", "cluster");
  const service = find("aws:ecs/service:Service", "api", "name");
  const database = find("aws:rds/instance:Instance", "database", "identifier");
  if (cluster && service && database) return { scale: "enterprise", cluster, service, database };
  const functionName = find("aws:lambda/function:Function", "api", "name");
  return functionName === undefined ? undefined : { scale: "hobby", functionName };
}

/** The full name of an image of the API: a tag, or a digest (`sha256:...`). */
export function imageReference({ apiRepository }: Environment, image: string): string {
  return `${apiRepository}${image.startsWith("sha256:") ? "@" : ":"}${image}`;
}
