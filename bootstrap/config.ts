import * as pulumi from "@pulumi/pulumi";
import * as z from "zod";

/** What the bootstrap must know. */
export interface BootstrapConfig {
  /**
   * As GitHub's tokens write it: `owner/name`, or `owner@123/name@456` where the repository has immutable subject claims (GitHub
   * Docs, "OpenID Connect", "Immutable subject claims").
   */
  readonly repository: string;
  /** Whether the account has GitHub's OIDC provider already: there can be one only. */
  readonly existingProvider: boolean;
}

const NAME = String.raw`[A-Za-z0-9._-]+(?:@\d+)?`;

const fields = {
  repository: {
    schema: z
      .string()
      .regex(new RegExp(`^${NAME}/${NAME}$`))
      .refine((text) => (text.match(/@\d/g) ?? []).length !== 1),
    allowed:
      "the repository on GitHub as owner/name, or owner@<id>/name@<id> where its tokens carry ids (GitHub Docs, immutable subject claims)",
    fix: "npm run bootstrap -- --repository <owner>/<name>",
  },
  region: {
    schema: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/),
    allowed: "a region of AWS, for example us-west-2",
    fix: "npm run bootstrap -- --region us-west-2",
  },
} as const;

/**
 * What is wrong with the values, each problem with the value, what is allowed and the command that mends it.
 *
 * @param given `undefined` is "not given"
 */
export function problemsOf(given: {
  repository?: string | undefined;
  region?: string | undefined;
}): string[] {
  return Object.entries(fields).flatMap(([name, { schema, allowed, fix }]) => {
    const value = given[name as keyof typeof fields];
    if (value === undefined)
      return name === "repository" ? [`${name} is missing; give ${allowed}: ${fix}`] : [];
    return schema.safeParse(value).success ? [] : [`${name} is "${value}"; give ${allowed}: ${fix}`];
  });
}

/**
 * Reads the stack's configuration.
 *
 * @throws pulumi.RunError with every problem
 */
export function requireConfig(): BootstrapConfig & { readonly region: string } {
  const config = new pulumi.Config();
  const repository = config.get("repository");
  const region = new pulumi.Config("aws").require("region");
  const problems = problemsOf({ repository, region });
  if (repository === undefined || problems.length > 0)
    throw new pulumi.RunError(
      `The bootstrap's configuration is wrong:\n${problems.map((text) => `  - ${text}`).join("\n")}`,
    );
  return { repository, region, existingProvider: config.getBoolean("existingProvider") ?? false };
}
