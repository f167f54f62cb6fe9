import { isRejection, RotationError } from "../errors.ts";
import { newPassword } from "../passwords.ts";
import type { Strategy } from "../protocol.ts";
import type { Connector, Login } from "./connection.ts";
import { setPassword, type PasswordForm } from "./password.ts";
import { type DatabaseSecret, parseDatabaseSecret, sameServer, withLogin } from "./secret.ts";
import { testLogin } from "./test-login.ts";

/**
 * One login sets its own password. Open connections live on; between the change and the end of the rotation, a matter of
 * seconds, whoever connects anew with the old one is refused: readers must read the secret again and retry.
 */
export function singleUser(connector: Connector, form: PasswordForm): Strategy<DatabaseSecret> {
  /** False when the server refuses the login. */
  async function setAs(login: Login, pending: Login): Promise<boolean> {
    try {
      await connector.session(login, (session) => setPassword(connector, session, pending, form));
      return true;
    } catch (error) {
      if (isRejection(error)) return false;
      throw error;
    }
  }

  return {
    parse: parseDatabaseSecret,
    format: (secret) => JSON.stringify(secret.fields),
    create: (current) => Promise.resolve(withLogin(current, current.username, newPassword())),
    set: async (pending, current, previous) => {
      if (!sameServer(pending, current)) throw new RotationError("host-changed", "The versions disagree.");
      if (pending.username !== current.username)
        throw new RotationError("user-changed", "The versions disagree.");
      if (await connector.accepts(pending)) return;
      if (await setAs(current, pending)) return;
      const last = await previous();
      if (last && isSameLogin(last.value, current) && (await setAs(last.value, pending))) return;
      // Refused, since another call was first.
      if (await connector.accepts(pending)) return;
      throw new RotationError("credentials-rejected", `${current.username} cannot log in.`);
    },
    test: (secret) => testLogin(connector, secret),
  };
}

function isSameLogin(one: DatabaseSecret, other: DatabaseSecret): boolean {
  return sameServer(one, other) && one.username === other.username;
}
