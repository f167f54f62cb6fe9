import type { Context } from "aws-lambda";
import { bootstrap, type BootstrapResult } from "../database/bootstrap.ts";
import { connector } from "../database/connection.ts";
import { parseDatabaseSecret } from "../database/secret.ts";
import { deadline } from "../deadline.ts";
import { RotationError } from "../errors.ts";
import { log } from "../log.ts";
import { Settings } from "../settings.ts";
import { secretStore } from "../store.ts";
import { authorities, masterLogin, passwordForm } from "./database-settings.ts";
import { rotationError } from "./handler.ts";

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
    const text = await secretStore(settings.text("APPLICATION_SECRET_ARN"), time).labelled("AWSCURRENT");
    if (text === undefined) throw new RotationError("no-current-value", "The application's secret is empty.");
    const current = parseDatabaseSecret(text);
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
