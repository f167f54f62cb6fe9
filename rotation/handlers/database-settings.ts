import type { MasterLogin } from "../database/alternating.ts";
import type { PasswordForm } from "../database/password.ts";
import type { Deadline } from "../deadline.ts";
import type { Settings } from "../settings.ts";
import { certificates } from "./certificates.ts";
import { currentFields } from "./other-secret.ts";

/** `DATABASE_LOGIN_FORM`: `verifier` (default), or `plaintext` for a server that refuses verifiers. */
export const passwordForm = (settings: Settings): PasswordForm =>
  settings.choice("DATABASE_LOGIN_FORM", ["verifier", "plaintext"]);

/** `DATABASE_CA`: see {@link certificates}; RDS's by default. */
export const authorities = (settings: Settings): string | undefined =>
  certificates(settings, "DATABASE_CA", "rds");

/** The master user's login, which RDS keeps in the secret `MASTER_SECRET_ARN` and rotates itself. */
export function masterLogin(settings: Settings, deadline: Deadline): MasterLogin {
  return () =>
    currentFields(
      settings.text("MASTER_SECRET_ARN"),
      "master user's secret",
      deadline,
      "username",
      "password",
    );
}
