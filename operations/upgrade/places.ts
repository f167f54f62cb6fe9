import { type EnterprisePlatform, type Environment, environmentOf } from "../lib/environment.ts";
import { readExported } from "../lib/exported.ts";
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

/** The database's instance, be it used or beside a hobby stack. */
export function instanceOf(text: unknown): string | undefined {
  return readExported(text).find("aws:rds/instance:Instance", "database", "identifier");
}

/** @throws OperationError when the stack is not at enterprise scale yet */
export function placesOf(stack: string, text: unknown): Places {
  const { find } = readExported(text);
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
