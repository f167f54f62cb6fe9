// JavaScript, and with nothing installed: who has not run `npm ci` yet is to be told so, whatever Node there is.
import { existsSync } from "node:fs";

const scripts = { start: "./run-start.ts", sandbox: "./run-sandbox.ts", doctor: "../engine/doctor.ts" };
const [command] = process.argv.splice(2, 1);

if (existsSync(new URL("../../node_modules", import.meta.url))) {
  await import(scripts[command]);
} else {
  process.stderr.write('The packages are not installed. Run "npm ci" first, then the same command again.\n');
  process.exitCode = 1;
}
