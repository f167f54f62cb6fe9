import type { Problem } from "./problems.ts";
import { parseDatabaseUrl } from "./urls.ts";

type Texts = Readonly<Record<string, unknown>>;

/** What is wrong between two variables, each of which may be right by itself. */
export const disagreements = (variables: Texts): Problem[] => [...ofLogin(variables), ...ofPool(variables)];

function ofLogin({
  RELATIONAL_DATABASE_URL: url,
  DB_USERNAME: user,
  DB_PASSWORD: password,
}: Texts): Problem[] {
  const login = typeof url === "string" ? parseDatabaseUrl(url) : "";
  if (typeof login === "string") return [];
  const differs = (variable: string, given: unknown, part: "user" | "password"): Problem[] =>
    given === undefined || given === login[part]
      ? []
      : [{ variable, message: `is not the ${part} of RELATIONAL_DATABASE_URL; both come from one secret` }];
  return [...differs("DB_USERNAME", user, "user"), ...differs("DB_PASSWORD", password, "password")];
}

const pool = [
  "AWS_COGNITO_REGION",
  "AWS_COGNITO_USER_POOL_ID",
  "AWS_COGNITO_USER_POOL_CLIENT_ID",
  "AWS_COGNITO_USER_POOL_SECRET_KEY",
] as const;

function ofPool(variables: Texts): Problem[] {
  const { AWS_COGNITO_REGION: region, AWS_COGNITO_USER_POOL_ID: id } = variables;
  if (typeof region === "string" && typeof id === "string" && !id.startsWith(`${region}_`)) {
    return [{ variable: pool[0], message: "is not the region of AWS_COGNITO_USER_POOL_ID" }];
  }
  return [];
}

/** On a developer's machine Cognito may be left out, but not in part. */
export function partOfPool(variables: Texts): Problem[] {
  const missing = pool.filter((name) => variables[name] === undefined);
  if (missing.length === 0 || missing.length === pool.length) return [];
  return missing.map((variable) => ({
    variable,
    message: "is missing; the others of Cognito are there: give all four, or none",
  }));
}
