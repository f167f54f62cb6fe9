import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { awsguardFolder } from "./places.ts";

/** Its own lock file says what it takes; the project itself has no use for it. */
export function installAwsguard(onStep: (step: string) => void): void {
  if (existsSync(join(awsguardFolder, "node_modules/@pulumi/awsguard"))) return;
  onStep("installing @pulumi/awsguard (270 MB, once)");
  execFileSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], {
    cwd: awsguardFolder,
    stdio: ["ignore", "ignore", "inherit"],
  });
}
