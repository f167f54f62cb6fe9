import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Settings } from "../settings.ts";

/**
 * Whom a connection trusts, in PEM, by the variable `name`: `rds` for the authorities of RDS that lie beside the
 * function; `public` for those that Node trusts (undefined); anything else is a file.
 */
export function certificates(
  settings: Settings,
  name: string,
  byDefault: "rds" | "public",
): string | undefined {
  const where = settings.optional(name) ?? byDefault;
  if (where === "public") return undefined;
  return readFileSync(where === "rds" ? join(import.meta.dirname, "rds-authorities.pem") : where, "utf8");
}
