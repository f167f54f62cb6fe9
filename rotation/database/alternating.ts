import { RotationError } from "../errors.ts";
import { newPassword } from "../passwords.ts";
import type { Strategy } from "../protocol.ts";
import type { Connector, Login } from "./connection.ts";
import { setPassword, type PasswordForm } from "./password.ts";
import { type DatabaseSecret, parseDatabaseSecret, sameServer, withLogin } from "./secret.ts";
import { testLogin } from "./test-login.ts";

/** The master user's name and password, from wherever they are kept. */
export type MasterLogin = () => Promise<Pick<Login, "username" | "password">>;

/**
 * Two logins, `app_a` and `app_b`, take turns: the one not in use gets the new password, so the current one works until long
 * after the switch, and no connection breaks. Both act as the role `app_owner`, which owns everything (bootstrap.ts).
 */
export function alternating(
  connector: Connector,
  master: MasterLogin,
  form: PasswordForm,
): Strategy<DatabaseSecret> {
  return {
    parse: (text) => {
      const secret = parseDatabaseSecret(text);
      alternate(secret.username);
      return secret;
    },
    format: (secret) => JSON.stringify(secret.fields),
    create: (current) => Promise.resolve(withLogin(current, alternate(current.username), newPassword())),
    set: async (pending, current) => {
      if (!sameServer(pending, current)) throw new RotationError("host-changed", "The versions disagree.");
      if (pending.username !== alternate(current.username)) {
        throw new RotationError("user-changed", "The versions disagree.");
      }
      if (await connector.accepts(pending)) return;
      if (!(await connector.accepts(current))) {
        throw new RotationError("credentials-rejected", `${current.username} cannot log in.`);
      }
      await connector.session({ ...pending, ...(await master()) }, (session) =>
        setPassword(connector, session, pending, form),
      );
    },
    test: (secret) => testLogin(connector, secret),
  };
}

/** @throws RotationError "wrong-shape" when the name does not end as one of a pair */
export function alternate(username: string): string {
  const [, base, suffix] = /^(.+)_([ab])$/s.exec(username) ?? [];
  if (base === undefined) {
    throw new RotationError("wrong-shape", "DB_USERNAME must end in _a or _b for two users to take turns.");
  }
  return `${base}_${suffix === "a" ? "b" : "a"}`;
}
