import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import type { CommandOptions } from "./command.ts";
import { runCommand } from "./command.ts";
import type { OnProgress } from "./progress.ts";
import { countSteps } from "./progress.ts";
import { goVersion } from "./toolchain.ts";
import { askVersion, pinnedVersion } from "./version.ts";

const PACKAGE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";
const TAGS = "osusergo,grpcnotrace";
const VERSION_SYMBOL = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";

// Measured on 2 cores: download 47 s, compilation 4 to 6 min, each from an empty cache.
const USUAL_DOWNLOAD_SECONDS = 60;
const USUAL_COMPILE_SECONDS = 300;

/** A stalled download ends after a minute or two of silence; one large module, or the linker, may be silent for a while. */
const LIMITS = {
  download: { timeLimitMs: 20 * 60_000, silenceLimitMs: 2 * 60_000 },
  compile: { timeLimitMs: 45 * 60_000, silenceLimitMs: 10 * 60_000 },
} as const;

export interface BuildOptions {
  env: NodeJS.ProcessEnv;
  onProgress: OnProgress;
  signal: AbortSignal;
}

/**
 * Builds the pinned CLI from its Go modules, which go.mod and go.sum fix to the byte.
 *
 * @param directory an empty folder: the executable `pulumi` comes there, and everything temporary below `tmp`.
 * @throws if Go is missing or too old, a download stalls, or the compilation fails.
 */
export async function build(directory: string, options: BuildOptions): Promise<void> {
  await goVersion("auto", options);
  const temporary = join(directory, "tmp");
  await mkdir(temporary, { recursive: true });
  const env = {
    ...options.env,
    GOTMPDIR: temporary,
    // The same executable with and without a C compiler.
    CGO_ENABLED: "0",
    // Whatever the user sets for his own programs must not change this one.
    GOFLAGS: "-mod=readonly -buildvcs=false",
    GOWORK: "off",
  };
  const shared = { cwd: import.meta.dirname, env, signal: options.signal };
  const packages = await download(shared, options.onProgress);
  const pulumi = join(directory, "pulumi");
  await compile(pulumi, packages, shared, options.onProgress);

  const version = await askVersion(pulumi, options);
  if (version !== pinnedVersion())
    throw new Error(`the built engine says it is ${version}, not ${pinnedVersion()}`);
}

type Shared = Pick<CommandOptions, "cwd" | "env" | "signal">;

/** Listing the packages downloads exactly the modules that the compilation needs. @returns the number of packages. */
async function download(shared: Shared, onProgress: OnProgress): Promise<number> {
  const task = `fetching the Go modules of Pulumi ${pinnedVersion()}`;
  const steps = countSteps(onProgress, { task, total: 0, usualSeconds: USUAL_DOWNLOAD_SECONDS });
  let modules = 0;
  const { stdout } = await runCommand("go", ["list", "-deps", "-tags", TAGS, PACKAGE], {
    ...shared,
    ...LIMITS.download,
    onErrorLine: (line) => {
      if (line.startsWith("go: downloading")) steps(++modules);
    },
  });
  return stdout.trim().split("\n").length;
}

/** With -v, go names each package that it compiles; those in Go's own cache it passes over in silence. */
async function compile(
  pulumi: string,
  packages: number,
  shared: Shared,
  onProgress: OnProgress,
): Promise<void> {
  const task = `compiling Pulumi ${pinnedVersion()}`;
  const steps = countSteps(onProgress, { task, total: packages, usualSeconds: USUAL_COMPILE_SECONDS });
  let compiled = 0;
  steps(compiled);
  const linkerFlags = `-s -w -X ${VERSION_SYMBOL}=v${pinnedVersion()}`;
  await runCommand(
    "go",
    [
      "build",
      "-v",
      "-trimpath",
      "-tags",
      "osusergo,grpcnotrace",
      "-ldflags",
      linkerFlags,
      "-o",
      pulumi,
      PACKAGE,
    ],
    { ...shared, ...LIMITS.compile, onErrorLine: () => steps(Math.min(++compiled, packages - 1)) },
  );
  steps(packages);
}
