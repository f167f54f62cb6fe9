import { RotationError } from "../errors.ts";
import { newPassword } from "../passwords.ts";
import type { Strategy } from "../protocol.ts";
import type { Connector } from "./connection.ts";
import { setPassword, type PasswordForm } from "./password.ts";
import { type DatabaseSecret, parseDatabaseSecret, sameServer, withLogin } from "./secret.ts";
import { testLogin } from "./test-login.ts";

/**
 * One login sets its own password. Open connections live on; between the change and the end of the rotation, a matter of
 * seconds, whoever connects anew with the old one is refused: readers must read the secret again and retry.
 */
export function singleUser(connector: Connector, form: PasswordForm): Strategy<DatabaseSecret> {
  return {
    parse: parseDatabaseSecret,
    format: (secret) => JSON.stringify(secret.fields),
    create: (current) => Promise.resolve(withLogin(current, current.username, newPassword())),
    set: async (pending, current, previous) => {
      if (!sameServer(pending, current)) throw new RotationError("host-changed", "The versions disagree.");
      if (pending.username !== current.username)
        throw new RotationError("user-changed", "The versions disagree.");
      if (await connector.accepts(pending)) return;
      const candidates = [current, ...(previous && isSameLogin(previous, current) ? [previous] : [])];
      for (const login of candidates) {
        try {
          await connector.session(login, (session) => setPassword(connector, session, pending, form));
          return;
        } catch (error) {
          if (!isRejected(error)) throw error;
        }
      }
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

function isRejected(error: unknown): boolean {
  return error instanceof RotationError && error.code === "credentials-rejected";
}
