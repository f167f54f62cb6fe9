import { join, resolve } from "node:path";

export const checkout = resolve(import.meta.dirname, "..");

/** The program that makes nothing, a Pulumi project of its own. */
export const emptyProject = join(checkout, "bench/empty");

/** The program that registers production's resources as constants, a Pulumi project of its own. */
export const constantsProject = join(checkout, "bench/constants");

/** The pack that ours is compared with, a package of its own: it needs an older AWS SDK. */
export const awsguardFolder = join(checkout, "bench/awsguard");

/** Where the benchmark's own stacks and clouds live, apart from those of `npm start`. */
const generated = join(checkout, ".sandbox/bench");

export const places = {
  /** Generated programs. */
  programs: join(generated, "programs"),
  /** What the program in bench/constants/ registers. */
  constantResources: join(generated, "programs/constants.json"),
  /** A sandbox in which nothing is deployed. */
  fresh: join(generated, "fresh"),
  /** A sandbox in which both stacks are up. */
  deployed: join(generated, "deployed"),
  /** The sandbox in which production is recorded for the policy packs. */
  recorded: join(generated, "recorded"),
  /** The sandbox in which both stacks are made for what the policy packs detect, anew each time. */
  detection: join(generated, "detection"),
  /** The sandbox of the empty program. */
  empty: join(generated, "empty"),
  /** The sandbox of the program that registers constants. */
  constants: join(generated, "constants"),
} as const;
