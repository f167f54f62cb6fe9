import { build, type BuildOptions } from "esbuild";
import { join } from "node:path";

/** What users of the package import, by name. */
export const entries = {
  index: "index.ts",
  health: "health/index.ts",
  postgres: "postgres.ts",
  redis: "redis.ts",
  "validate-env": "validate-env.ts",
} as const;

/** Brought by whoever uses the package. */
export const external = ["@aws-sdk/*", "pg", "redis"];

/** How everything of the package is bundled. */
export const common = {
  absWorkingDir: import.meta.dirname,
  bundle: true,
  platform: "node",
  target: "node22",
  legalComments: "none",
  logLevel: "warning",
} as const satisfies BuildOptions;

/** The placeholder's sources, each a script that defines `placeholder`. */
export interface PlaceholderSources {
  readonly container: string;
  readonly function: string;
}

/** Bundles what answers in place of the application until there is one. The same sources always give the same text. */
export async function placeholderSources(): Promise<PlaceholderSources> {
  const [container, lambda] = await Promise.all(["container.ts", "function.ts"].map(placeholderSource));
  return { container: container ?? "", function: lambda ?? "" };
}

async function placeholderSource(file: string): Promise<string> {
  const { outputFiles } = await build({
    ...common,
    entryPoints: [join("placeholder", file)],
    write: false,
    format: "iife",
    globalName: "placeholder",
    minify: true,
  });
  return (outputFiles[0]?.text ?? "").trim();
}
