/**
 * What proves a value that is not known yet: the resources it comes from. Which property of them it is the engine does
 * not tell, so a type counts as evidence only where any of its outputs would do.
 */
export interface Evidence {
  /** Whether a value that comes from resources of these types is as the rule demands. */
  accepts: (types: string[]) => boolean;
}

/** At least one source, and each of one of these types. */
export function from(...types: string[]): Evidence {
  return { accepts: (sources) => sources.some((source) => types.includes(source)) };
}

/** Types whose outputs are secrets and little else. */
const SECRET_BEARERS = new Set([
  "random:index/randomPassword:RandomPassword",
  "tls:index/privateKey:PrivateKey",
  "aws:iam/accessKey:AccessKey",
]);

/** Comes from a resource of this stack, an ARN or a host name of it, and from none whose outputs are secrets. */
export const fromResource: Evidence = {
  accepts: (sources) => sources.length > 0 && !sources.some((source) => SECRET_BEARERS.has(source)),
};
