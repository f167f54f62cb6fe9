import type { Context } from "aws-lambda";
import { bootstrap, type BootstrapResult } from "../database/bootstrap.ts";
import { connector } from "../database/connection.ts";
import { type DatabaseSecret, parseDatabaseSecret, sameServer } from "../database/secret.ts";
import { deadline } from "../deadline.ts";
import { log } from "../log.ts";
import { Settings } from "../settings.ts";
import { authorities, masterLogin, passwordForm } from "./database-settings.ts";
import { rotationError } from "./handler.ts";
import { currentText } from "./other-secret.ts";

const settings = new Settings();
const ca = authorities(settings);
const form = passwordForm(settings);

/**
 * Prepares the database `DATABASE_NAME` of `DATABASE_HOST` and `DATABASE_PORT`, by default that of the secret
 * `APPLICATION_SECRET_ARN`, as the master user. Safe at every deployment. A secret that names another server, as after a move,
 * is left for later: its login gets its password at the next call.
 */
export async function handler(
  _event: unknown,
  context: Pick<Context, "getRemainingTimeInMillis">,
): Promise<BootstrapResult> {
  const time = deadline(context.getRemainingTimeInMillis());
  try {
    const current = parseDatabaseSecret(
      await currentText(settings.text("APPLICATION_SECRET_ARN"), "application's secret", time),
    );
    const server = serverOf(current);
    const isHere = sameServer(server, current);
    const master = { ...server, ...(await masterLogin(settings, time)()) };
    const result = await bootstrap(connector(time, ca), master, isHere ? current : undefined, form);
    log({
      level: "info",
      result: "done",
      version: result.version,
      vector: result.vectorVersion,
      login: isHere ? "here" : "at another server",
    });
    return result;
  } catch (error) {
    const failure = rotationError(error);
    log({ level: "error", result: failure.code, message: failure.message });
    throw failure;
  }
}

function serverOf(current: DatabaseSecret): DatabaseSecret {
  return {
    ...current,
    host: settings.optional("DATABASE_HOST") ?? current.host,
    port: Number(settings.optional("DATABASE_PORT") ?? current.port),
    database: settings.optional("DATABASE_NAME") ?? current.database,
  };
}
