import { alternating } from "../database/alternating.ts";
import { connector } from "../database/connection.ts";
import { singleUser } from "../database/single-user.ts";
import { Settings } from "../settings.ts";
import { authorities, masterLogin, passwordForm } from "./database-settings.ts";
import { rotationHandler } from "./handler.ts";

const settings = new Settings();
const users = settings.choice("DATABASE_USERS", ["alternating", "single"]);
const ca = authorities(settings);
const form = passwordForm(settings);

/** Rotates a login of PostgreSQL. `DATABASE_USERS`: `alternating` (default; needs `MASTER_SECRET_ARN`) or `single`. */
export const handler = rotationHandler((deadline) => {
  const connect = connector(deadline, ca);
  return users === "single"
    ? singleUser(connect, form)
    : alternating(connect, masterLogin(settings, deadline), form);
});
