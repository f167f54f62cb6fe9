import * as z from "zod";
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

const exported = z.object({
  deployment: z.object({
    resources: z
      .array(
        z.object({
          urn: z.string(),
          type: z.string(),
          outputs: z.record(z.string(), z.unknown()).default({}),
        }),
      )
      .default([]),
  }),
});

type Resource = z.infer<typeof exported>["deployment"]["resources"][number];

/**
 * Reads a stack's export. Only names and addresses are taken from it.
 *
 * @throws OperationError when the stack is not deployed, or is not this program's
 */
export function environmentOf(stack: string, text: unknown): Environment {
  const { resources } = exported.parse(text).deployment;
  const find = (type: string, name: string): Resource | undefined =>
    resources.find((one) => one.type === type && one.urn.endsWith(`::${name}`));
  const output = (resource: Resource | undefined, name: string): string | undefined => {
    const value = resource?.outputs[name];
    return typeof value === "string" ? value : undefined;
  };
  const root = resources.find(({ type }) => type === "pulumi:pulumi:Stack");
  const apiUrl = output(root, "apiUrl");
  const secret = find("aws:secretsmanager/secret:Secret", "secrets-database-credentials");
  const region = output(secret, "arn")?.split(":")[3];
  const databaseSecret = output(secret, "name");
  const repositories = z.record(z.string(), z.string()).safeParse(root?.outputs["repositoryUrls"]).data ?? {};
  const apiRepository = Object.entries(repositories).find(([name]) => name.includes("express-api"))?.[1];
  const platform = platformOf(find, output);
  if (!apiUrl || !region || !databaseSecret || !apiRepository || !platform)
    throw new OperationError(
      `The stack ${stack} has no API and database that run. Deploy it first: pulumi up --stack ${stack}`,
    );
  return { stack, region, apiUrl: apiUrl.replace(/\/$/, ""), apiRepository, databaseSecret, platform };
}

function platformOf(
  find: (type: string, name: string) => Resource | undefined,
  output: (resource: Resource | undefined, name: string) => string | undefined,
): EnterprisePlatform | HobbyPlatform | undefined {
  const service = find("aws:ecs/service:Service", "api");
  const [cluster, name] = [output(service, "cluster"), output(service, "name")];
  const database = output(find("aws:rds/instance:Instance", "database"), "identifier");
  if (cluster && name && database) return { scale: "enterprise", cluster, service: name, database };
  const functionName = output(find("aws:lambda/function:Function", "api"), "name");
  return functionName === undefined ? undefined : { scale: "hobby", functionName };
}

/** The full name of an image of the API: a tag, or a digest (`sha256:...`). */
export function imageReference({ apiRepository }: Environment, image: string): string {
  return `${apiRepository}${image.startsWith("sha256:") ? "@" : ":"}${image}`;
}
