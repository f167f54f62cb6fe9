// One Pulumi command in a sandbox of its own: node bench/pulumi.ts <project> <sandbox> <stack> <arguments>. What the
// sandbox's own commands do, without their repairs and with a say in whether the policy pack is there.
import { enableCompileCache } from "node:module";
import { main } from "../sandbox/cli/main.ts";

enableCompileCache();
await main(async () => {
  const [project = "", directory = "", stack = "", ...args] = process.argv.slice(2);
  const { openSession } = await import("../sandbox/cli/session.ts");
  const session = await openSession({ project, directory, command: "npm run bench" });
  try {
    await session.stacks.ready(stack);
    const { code, stdout, stderr } = await session.pulumi([...args, "--non-interactive"], stack);
    process.stdout.write(stdout);
    process.stderr.write(stderr);
    return code;
  } finally {
    await session.close();
  }
});
