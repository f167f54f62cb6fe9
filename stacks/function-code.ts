import * as pulumi from "@pulumi/pulumi";
import { relative } from "node:path";
import type { FunctionCode } from "../components/maintenance-function.ts";
import { type Bundle, bundles, type FunctionName } from "../rotation/bundles.ts";

let built: Readonly<Record<FunctionName, Bundle>> | undefined;

/**
 * Refuses to go on where `rotation/dist` is not what today's sources give: what was never looked at must not be deployed.
 *
 * @throws pulumi.RunError that names the file at fault and the command that mends it
 */
export function requireBuiltFunctions(): Readonly<Record<FunctionName, Bundle>> {
  try {
    return (built ??= bundles());
  } catch (error) {
    throw new pulumi.RunError((error as Error).message);
  }
}

/** A function as `npm run build` has left it. */
export function functionCode(name: FunctionName): FunctionCode {
  const { files, hash } = requireBuiltFunctions()[name];
  const assets = Object.entries(files).map(([file, path]): [string, pulumi.asset.Asset] => [
    file,
    // Relative, so that the state is the same whoever deploys.
    new pulumi.asset.FileAsset(relative(process.cwd(), path)),
  ]);
  return { archive: new pulumi.asset.AssetArchive(Object.fromEntries(assets)), hash };
}
