import { parse, YAMLParseError } from "yaml";
import { shown } from "./paths.ts";
import { UserError } from "./user-error.ts";

/** What a YAML file says. A broken one is an error that names the file and the place, and shows none of its values. */
export function parseYaml(text: string, file: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error;
    // The lines after the first show the text around the place, which may be a secret.
    const [what = ""] = error.message.split("\n");
    throw new UserError(
      `${shown(file)} is not YAML: ${what.replace(/:$/, "")}. Mend it and run the command again.`,
    );
  }
}
