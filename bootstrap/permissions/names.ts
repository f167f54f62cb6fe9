/**
 * What the program's resources are called in AWS: logical names, to which Pulumi appends a dash and digits. Policies name by them
 * what no tag can bound. A test holds them against the program.
 */

/** Of roles. */
export const roleNames: readonly string[] = [
  "api",
  "bootstrap",
  "database",
  "network",
  "proxy",
  "rotation",
  "trail",
];

/** Of functions. */
export const functionNames: readonly string[] = ["api", "bootstrap", "rotation"];

/** Of buckets. */
export const bucketNames: readonly string[] = [
  "balancer-logs",
  "trail-files",
  "website-assets",
  "website-logs",
];

/** Of image repositories, but for what the environment appends. */
export const repositories: readonly string[] = ["macro-ai/client-ui", "macro-ai/express-api"];
