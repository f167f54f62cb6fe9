/**
 * The secrets of an environment and the variables that each holds. The system's document knows three; what reaches the
 * cache is a fourth, since it rotates by itself.
 */
export const secretKinds = {
  "api-keys": ["API_KEY", "API_KEY_RING", "COOKIE_ENCRYPTION_KEY", "COOKIE_ENCRYPTION_KEY_RING"],
  "database-credentials": ["RELATIONAL_DATABASE_URL", "DB_USERNAME", "DB_PASSWORD"],
  "cache-credentials": ["REDIS_URL"],
  "external-services": [
    "OPENAI_API_KEY",
    "AWS_COGNITO_USER_POOL_ID",
    "AWS_COGNITO_USER_POOL_CLIENT_ID",
    "AWS_COGNITO_USER_POOL_SECRET_KEY",
  ],
} as const;

export type SecretKind = keyof typeof secretKinds;
export type SecretVariable = (typeof secretKinds)[SecretKind][number];

export const kinds = Object.keys(secretKinds) as readonly SecretKind[];

/** The variables of a secret, as an error names them. */
export const variablesOf = (kind: SecretKind): string =>
  secretKinds[kind].filter((name) => !name.endsWith("_RING")).join(", ");
