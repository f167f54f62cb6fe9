// Writes docs/network.md from what the program makes; `--check` only tells whether it is current.
import { networkPage } from "../tests/network/page.ts";
import { writeOrCheck } from "./generated-page.ts";

await writeOrCheck(networkPage);
