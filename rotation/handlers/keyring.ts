import { keyring, parseKeyrings } from "../keyring.ts";
import { Settings } from "../settings.ts";
import { rotationHandler } from "./handler.ts";

const rules = parseKeyrings(new Settings().text("KEYRINGS"));

/** Rotates keys that are only values. `KEYRINGS`: the rules ({@link KeyringRule}) as JSON. */
export const handler = rotationHandler(() => keyring(rules));
