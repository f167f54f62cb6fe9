import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

import type { LocateOptions, Skipped } from "../../../sandbox/engine/locate.ts";

/** A machine of its own for a test: its PATH, home and cache hold only what the test puts there. */
export interface Machine {
  root: string;
  bin: string;
  env: NodeJS.ProcessEnv;
  options: LocateOptions & { env: NodeJS.ProcessEnv };
  skipped: Skipped[];
  /** Puts a shell script on PATH, or in another folder. */
  install: (name: string, script: string, directory?: string) => Promise<string>;
  /** The lines that the fakes have written with `echo … >> "$LOG"`. */
  log: () => Promise<string[]>;
  /** What lies in the engine's cache, hidden files included. */
  cached: () => Promise<string[]>;
  remove: () => Promise<void>;
}

const TOOLS = ["chmod", "sleep", "mkdir"];

export async function makeMachine(): Promise<Machine> {
  const root = await realpath(await mkdtemp(join(tmpdir(), "engine-test-")));
  const bin = join(root, "bin");
  const log = join(root, "log");
  await mkdir(bin);
  await mkdir(join(root, "home"));
  await Promise.all(TOOLS.map((tool) => symlink(onOwnPath(tool), join(bin, tool))));
  const env = {
    PATH: bin,
    HOME: join(root, "home"),
    PULUMI_HOME: join(root, "home", ".pulumi"),
    MACRO_AI_CACHE_DIR: join(root, "cache"),
    LOG: log,
  };
  const skipped: Skipped[] = [];
  return {
    root,
    bin,
    env,
    skipped,
    options: {
      env,
      onSkip: (candidate) => skipped.push(candidate),
      answerLimitMs: 5_000,
      downloadServer: NOBODY,
    },
    install: async (name, script, directory = bin) => {
      await mkdir(directory, { recursive: true });
      const path = join(directory, name);
      await writeFile(path, `#!/bin/sh\n${script}\n`);
      await chmod(path, 0o755);
      return path;
    },
    log: async () => (existsSync(log) ? (await readFile(log, "utf8")).trim().split("\n") : []),
    cached: async () => {
      const directory = join(root, "cache", "engine");
      return existsSync(directory) ? await readdir(directory) : [];
    },
    remove: () => rm(root, { recursive: true, force: true }),
  };
}

/** Refuses every connection at once. */
const NOBODY = "http://127.0.0.1:1/";

function onOwnPath(tool: string): string {
  const paths = (process.env["PATH"] ?? "").split(delimiter).map((directory) => join(directory, tool));
  const path = paths.find((candidate) => existsSync(candidate));
  if (!path) throw new Error(`this test needs ${tool} on PATH`);
  return path;
}

/** A `go` that "builds" in no time: a pulumi that prints the version it was linked with. `$BUILD` runs in between. */
export function fakeGo(options: { version?: string; duringBuild?: string } = {}): string {
  return `
case "$1" in
  env) echo "go${options.version ?? "1.26.8"}" ;;
  list) echo "go: downloading example.com/a v1.0.0" >&2; echo a; echo b ;;
  build)
    echo build >> "$LOG"
    while [ "$1" != "-o" ]; do case "$1" in *Version=*) version="\${1##*=}" ;; esac; shift; done
    echo a >&2; echo b >&2
    ${options.duringBuild ?? ""}
    printf '#!/bin/sh\\necho %s\\n' "$version" > "$2"
    chmod 755 "$2" ;;
esac`;
}
