import type { Context } from "aws-lambda";
import { bootstrap, type BootstrapResult } from "../database/bootstrap.ts";
import { connector } from "../database/connection.ts";
import { parseDatabaseSecret } from "../database/secret.ts";
import { deadline } from "../deadline.ts";
import { log } from "../log.ts";
import { Settings } from "../settings.ts";
import { authorities, masterLogin, passwordForm } from "./database-settings.ts";
import { rotationError } from "./handler.ts";
import { currentText } from "./other-secret.ts";

const settings = new Settings();
const ca = authorities(settings);
const form = passwordForm(settings);

/** Prepares the database of the secret `APPLICATION_SECRET_ARN`, as the master user. Safe at every deployment. */
export async function handler(
  _event: unknown,
  context: Pick<Context, "getRemainingTimeInMillis">,
): Promise<BootstrapResult> {
  const time = deadline(context.getRemainingTimeInMillis());
  try {
    const current = parseDatabaseSecret(
      await currentText(settings.text("APPLICATION_SECRET_ARN"), "application's secret", time),
    );
    const master = { ...current, ...(await masterLogin(settings, time)()) };
    const result = await bootstrap(connector(time, ca), master, current, form);
    log({ level: "info", result: "done", version: result.version, vector: result.vectorVersion });
    return result;
  } catch (error) {
    const failure = rotationError(error);
    log({ level: "error", result: failure.code, message: failure.message });
    throw failure;
  }
}
