import { isRejection, RotationError } from "../errors.ts";
import type { Connector, Login, Session } from "./connection.ts";

/**
 * Logs in and asks for the rights that the application needs, in a transaction that cannot write.
 *
 * @throws RotationError "not-working"
 */
export async function testLogin(connector: Connector, login: Login): Promise<void> {
  const [row] = await connector.session(login, readRights).catch((error: unknown) => {
    throw isRejection(error) ? new RotationError("not-working", `${login.username} cannot log in.`) : error;
  });
  if (row?.["may_work"] !== true) {
    throw new RotationError("not-working", `${login.username} may not use its database's schema.`);
  }
}

async function readRights(session: Session): Promise<readonly Record<string, unknown>[]> {
  await session.query("Beginning to read", "BEGIN READ ONLY");
  return session.query(
    "Asking for rights",
    `SELECT has_database_privilege(current_database(), 'CONNECT')
        AND has_schema_privilege(current_schema(), 'USAGE') AS may_work`,
  );
}
