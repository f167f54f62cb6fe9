/** `npm run report` for another project: `driver.ts <project> <arguments>`. */
import { main } from "../../../sandbox/cli/main.ts";
import { report } from "../../../scripts/report/command.ts";

const [project, ...args] = process.argv.slice(2);
await main(() => report(args, project));
