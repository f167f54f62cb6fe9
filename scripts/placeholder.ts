// Writes components/placeholder.generated.json from runtime/placeholder; `--check` only tells whether it is current.
import { placeholderSources } from "../runtime/bundles.ts";
import { writeOrCheckFile } from "./generated-file.ts";
import { pageOptions } from "./page-options.ts";

/** The file, and what it must hold. */
export const placeholderFile = async () => ({
  file: new URL("../components/placeholder.generated.json", import.meta.url),
  name: "components/placeholder.generated.json",
  expected: `${JSON.stringify(await placeholderSources(), undefined, 2)}\n`,
  remedy: "Run npm run placeholder.",
});

if (import.meta.main) {
  const options = pageOptions(
    "placeholder",
    "Writes the placeholder's sources, bundled from runtime/placeholder.",
  );
  await writeOrCheckFile(await placeholderFile(), options);
}
