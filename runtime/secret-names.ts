import type { AppEnv } from "./environments.ts";
import { secretPaths } from "./environments.ts";
import type { Problem } from "./problems.ts";
import { kinds, type SecretKind, variablesOf } from "./secret-kinds.ts";

/** ARN or path of each secret, or what is wrong with what says it. */
export interface SecretNames {
  readonly ids: Readonly<Record<SecretKind, string>>;
  readonly problems: readonly Problem[];
}

const arnForm = /^arn:[^:]+:secretsmanager:[^:]+:\d{12}:secret:(?<name>\/.+)-\w{6}$/;

/**
 * Where an environment's secrets are: the ARNs in `SECRET_ARNS` (parted by commas), else its paths. An ARN of another
 * environment is a problem whatever it is of: staging never reads production's secrets.
 */
export function secretNames(appEnv: AppEnv, secretArns: string | undefined): SecretNames {
  const path = secretPaths[appEnv];
  if (path === undefined) {
    const message = `must not be set where APP_ENV is ${appEnv}, which has no secrets in AWS`;
    return { ids: byPath(""), problems: [{ variable: "SECRET_ARNS", message }] };
  }
  const ids = byPath(path);
  if (secretArns === undefined) return { ids, problems: [] };
  const problems: Problem[] = [];
  const told = (message: string): unknown => problems.push({ variable: "SECRET_ARNS", message });
  const arns = new Map<string, string>();
  for (const arn of secretArns.split(",").map((part) => part.trim())) {
    const name = arnForm.exec(arn)?.groups?.["name"];
    if (name === undefined) told("holds what is no ARN of a secret with its six last characters");
    else if (!name.startsWith(`${path}/`)) {
      told(`holds the ARN of ${name}; where APP_ENV is ${appEnv} only secrets below ${path}/ are read`);
    } else arns.set(name, arn);
  }
  for (const kind of kinds) {
    const arn = arns.get(ids[kind]);
    if (arn !== undefined) ids[kind] = arn;
    else told(`lacks the ARN of ${ids[kind]}, which holds ${variablesOf(kind)}`);
  }
  return { ids, problems };
}

const byPath = (path: string): Record<SecretKind, string> =>
  Object.fromEntries(kinds.map((kind) => [kind, `${path}/${kind}`])) as Record<SecretKind, string>;
