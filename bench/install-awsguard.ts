import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { awsguardFolder } from "./places.ts";

/** awsguard asks AWS about certificates that exist, and its AWS SDK speaks of its age. */
export const awsguardEnvironment = {
  AWS_EC2_METADATA_DISABLED: "true",
  AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE: "1",
};

/** Its own lock file says what it takes; the project itself has no use for it. */
export function installAwsguard(onStep: (step: string) => void): void {
  if (existsSync(join(awsguardFolder, "node_modules/@pulumi/awsguard"))) return;
  onStep("installing @pulumi/awsguard (270 MB, once)");
  execFileSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], {
    cwd: awsguardFolder,
    stdio: ["ignore", "ignore", "inherit"],
  });
}
