// Writes docs/permissions.md from what the program makes; `--check` only tells whether it is current.
import { permissionsPage } from "../tests/iam/page.ts";
import { writeOrCheck } from "./generated-page.ts";

await writeOrCheck(permissionsPage);
