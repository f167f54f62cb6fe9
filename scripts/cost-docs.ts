// Writes docs/cost.md from what the program makes; `--check` only tells whether it is current.
import { costPage } from "../tests/policies/cost/page.ts";
import { writeOrCheck } from "./generated-page.ts";

await writeOrCheck(costPage);
