/** `npm run move-state -- --stack <name> --to <backend>`: a stack's state into another backend. */
import { enableCompileCache } from "node:module";
import { main } from "../../sandbox/cli/main.ts";
import { readMoveOptions } from "./move-state/options.ts";

enableCompileCache();
await main(async () => {
  const options = readMoveOptions(process.argv.slice(2), process.env);
  if (options === undefined) return 0;
  const [{ openCli }, { moveState }] = await Promise.all([
    import("./lib/cli.ts"),
    import("./move-state/move.ts"),
  ]);
  const { stack, from, to, project, secretsProvider, passphrase } = options;
  const source = await openCli({
    place: "aws",
    stack,
    project,
    command: "npm run move-state",
    env: { PULUMI_BACKEND_URL: from },
  });
  const target = await source.elsewhere({ env: { PULUMI_BACKEND_URL: to } });
  try {
    await moveState({
      stack,
      source,
      target,
      from,
      to,
      ...(secretsProvider !== undefined && { secretsProvider }),
      ...(passphrase !== undefined && { passphrase }),
      say: (line) => process.stdout.write(`${line}\n`),
    });
  } finally {
    await source.close();
  }
  process.stdout.write(
    `${stack} lies in ${to}; the old state in ${from} is untouched. Next: export PULUMI_BACKEND_URL='${to}', and commit ` +
      `Pulumi.${stack}.yaml, whose secrets are encrypted anew.\n`,
  );
  return 0;
});
