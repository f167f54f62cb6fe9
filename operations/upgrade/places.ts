import * as z from "zod";
import type { EnterprisePlatform } from "../lib/environment.ts";
import { type Environment, environmentOf } from "../lib/environment.ts";
import { OperationError } from "../lib/operation-error.ts";
import type { Addresses } from "./credentials.ts";

/** What the enterprise stack has beside what every environment has. */
export interface Places extends Addresses {
  environment: Environment;
  platform: EnterprisePlatform;
  /** The replication group's id. */
  cacheGroup: string;
  /** The function that prepares the database. */
  bootstrap: string;
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

type Find = (type: string, name: string, output: string) => string | undefined;

function finder(text: unknown): Find {
  const { resources } = exported.parse(text).deployment;
  return (type, name, output) => {
    const value = resources.find((one) => one.type === type && one.urn.endsWith(`::${name}`))?.outputs[
      output
    ];
    return typeof value === "string" ? value : undefined;
  };
}

/** The database's instance, be it used or beside a hobby stack. */
export function instanceOf(text: unknown): string | undefined {
  return finder(text)("aws:rds/instance:Instance", "database", "identifier");
}

/** @throws OperationError when the stack is not at enterprise scale yet */
export function placesOf(stack: string, text: unknown): Places {
  const find = finder(text);
  const environment = environmentOf(stack, text);
  const { platform } = environment;
  const proxy = find("aws:rds/proxy:Proxy", "proxy", "endpoint");
  const database = find("aws:rds/instance:Instance", "database", "address");
  const cache = find("aws:elasticache/replicationGroup:ReplicationGroup", "cache", "primaryEndpointAddress");
  const cacheGroup = find("aws:elasticache/replicationGroup:ReplicationGroup", "cache", "replicationGroupId");
  const bootstrap = find("aws:lambda/function:Function", "bootstrap", "name");
  if (platform.scale !== "enterprise" || !proxy || !database || !cache || !cacheGroup || !bootstrap)
    throw new OperationError(
      `The stack ${stack} lacks parts of an enterprise stack. Deploy it: pulumi up --stack ${stack}, then resume.`,
    );
  return { environment, platform, proxy, database, cache, cacheGroup, bootstrap };
}
