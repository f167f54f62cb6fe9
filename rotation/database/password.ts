import pg from "pg";
import { scramVerifier } from "../passwords.ts";
import type { Connector, Login, Session } from "./connection.ts";
import { lock } from "./lock.ts";

/**
 * How a new password is told to the server: as a SCRAM verifier, made here, so that it never sees the password; or in plain, for
 * servers that refuse verifiers (Neon).
 */
export type PasswordForm = "verifier" | "plaintext";

/**
 * Sets the password of `login`'s user, unless it is set already. `session` must be of a user who may: itself, or one with CREATEROLE.
 * Calls for the same user take turns.
 */
export async function setPassword(
  connector: Connector,
  session: Session,
  login: Login,
  form: PasswordForm,
): Promise<void> {
  const user = pg.escapeIdentifier(login.username);
  await lock(session, "Waiting for another rotation", `macro-ai rotation of ${login.username}`);
  // Whoever held the lock may have done it.
  if (await connector.accepts(login)) return;
  const password = form === "verifier" ? await scramVerifier(login.password) : login.password;
  try {
    // A login with a default role may not alter itself under that role.
    await session.query("Leaving the default role", "SET ROLE NONE");
    await session.query(
      `Setting the password of ${login.username}`,
      // A utility statement takes no parameters.
      `ALTER ROLE ${user} WITH PASSWORD ${pg.escapeLiteral(password)}`,
    );
  } catch (error) {
    // It may have been set all the same: the answer was lost, or the provider refused after it had acted.
    if (!(await connector.accepts(login).catch(() => false))) throw error;
  }
}
