import type { MasterLogin } from "../database/alternating.ts";
import type { PasswordForm } from "../database/password.ts";
import type { Deadline } from "../deadline.ts";
import { RotationError } from "../errors.ts";
import { jsonObject, wrongShape } from "../json.ts";
import type { Settings } from "../settings.ts";
import { secretStore } from "../store.ts";
import { certificates } from "./certificates.ts";

/** `PASSWORD_FORM`: `verifier` (default), or `plaintext` for a server that refuses verifiers. */
export const passwordForm = (settings: Settings): PasswordForm =>
  settings.choice("PASSWORD_FORM", ["verifier", "plaintext"]);

/** `DATABASE_CA`: see {@link certificates}; RDS's by default. */
export const authorities = (settings: Settings): string | undefined =>
  certificates(settings, "DATABASE_CA", "rds");

/** The master user's login, which RDS keeps in the secret `MASTER_SECRET_ARN` and rotates itself. */
export function masterLogin(settings: Settings, deadline: Deadline): MasterLogin {
  return async () => {
    const text = await secretStore(settings.text("MASTER_SECRET_ARN"), deadline).labelled("AWSCURRENT");
    if (text === undefined) throw new RotationError("no-current-value", "The master user's secret is empty.");
    const { username, password } = jsonObject(text);
    if (typeof username !== "string" || typeof password !== "string") {
      throw wrongShape("the master user's secret lacks username or password");
    }
    return { username, password };
  };
}
