import { keyring, type KeyringRule } from "../keyring.ts";
import { Settings } from "../settings.ts";
import { rotationHandler } from "./handler.ts";

const rules = JSON.parse(new Settings().text("KEYRINGS")) as KeyringRule[];

/** Rotates keys that are only values. `KEYRINGS`: the rules ({@link KeyringRule}) as JSON. */
export const handler = rotationHandler(() => keyring(rules));
