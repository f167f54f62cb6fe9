import * as pulumi from "@pulumi/pulumi";
import { checkConfig, type SizesByScale } from "./config/parse.ts";
import { describeProblems } from "./config/problems.ts";
import { type EnterpriseConfig as Enterprise, type HobbyConfig as Hobby, resolve } from "./config/resolve.ts";

export type {
  CacheOverrides,
  DatabaseOverrides,
  Domain,
  FunctionOverrides,
  NetworkOverrides,
  RotationOverrides,
  ServiceOverrides,
  WebsiteOverrides,
} from "./config/resolve.ts";
export type { Features } from "./config/defaults.ts";

/** A hobby stack's configuration; its secrets are secret outputs. */
export type HobbyConfig = Hobby<pulumi.Output<string>>;
/** An enterprise stack's configuration; its secrets are secret outputs. */
export type EnterpriseConfig = Enterprise<pulumi.Output<string>>;
/** The stack's configuration, checked and complete. */
export type StackConfig = HobbyConfig | EnterpriseConfig;

/**
 * Reads the configuration of the stack that is being deployed.
 *
 * @param sizes What the stack's own sizes are checked together with. @default - with nothing but themselves
 * @throws One `pulumi.RunError` with every problem, and the command that mends each.
 */
export function readConfig(sizes?: SizesByScale): StackConfig {
  const stackName = pulumi.getStack();
  const raw = pulumi.runtime.allConfig();
  const outcome = checkConfig(raw, Object.keys(raw).filter(isEncrypted), stackName, sizes);
  if (!outcome.ok) throw new pulumi.RunError(describeProblems(outcome.problems, stackName));
  return resolve(outcome.config, stackName, (value) => pulumi.secret(value));
}

/** The SDK exports this without declaring it: its types tell only callers of `Config` which keys are secret. */
function isEncrypted(key: string): boolean {
  const runtime: object = pulumi.runtime;
  if (!("isConfigSecret" in runtime) || typeof runtime.isConfigSecret !== "function") {
    throw new Error("This version of @pulumi/pulumi does not tell which configuration is secret.");
  }
  return Reflect.apply(runtime.isConfigSecret, undefined, [key]) === true;
}
