/** What `runtime: { name: nodejs, options: … }` in Pulumi.yaml or PulumiPolicy.yaml may set, as the stock host reads it. */
export interface RuntimeOptions {
  /** Run through the SDK's ts-node. @default true */
  typescript: boolean;
  /** Path of the tsconfig.json for ts-node. @default - the SDK looks for tsconfig.json in the working directory */
  tsconfig?: string;
  /** Arguments for `node`, before the script. @default [] */
  nodeargs: string[];
}

const KINDS = {
  typescript: "boolean",
  tsconfig: "string",
  nodeargs: "string",
  packagemanager: "string",
} as const;

/** @throws if an option has the wrong kind; options the stock host does not know are ignored, as it does. */
export function parseOptions(options: Record<string, unknown>): RuntimeOptions {
  const problems = Object.entries(KINDS)
    .filter(([name, kind]) => options[name] !== undefined && typeof options[name] !== kind)
    .map(
      ([name, kind]) => `runtime option "${name}" must be a ${kind}, not ${JSON.stringify(options[name])}`,
    );
  if (problems.length > 0) throw new Error(problems.join("; "));
  return {
    typescript: options["typescript"] !== false,
    ...(options["tsconfig"] ? { tsconfig: options["tsconfig"] as string } : {}),
    nodeargs: splitWords((options["nodeargs"] as string | undefined) ?? ""),
  };
}

/** Splits as a POSIX shell does, without expansions: spaces separate, quotes and backslashes protect. */
export function splitWords(line: string): string[] {
  const words = line.match(/(?:\\.|'[^']*'|"(?:\\.|[^"\\])*"|[^\s'"\\])+/g) ?? [];
  return words.map((word) =>
    word.replace(
      /\\(.)|'([^']*)'|"((?:\\.|[^"\\])*)"/g,
      (_, escaped?: string, single?: string, double?: string) =>
        escaped ?? single ?? (double ?? "").replace(/\\(["\\$`])/g, "$1"),
    ),
  );
}

/** The environment by which the SDK's runners learn the options. An empty tsconfig path is an error there, so it is left out. */
export function optionEnvironment(options: RuntimeOptions): Record<string, string> {
  return {
    ...(options.typescript ? { PULUMI_NODEJS_TYPESCRIPT: "true" } : {}),
    ...(options.tsconfig ? { PULUMI_NODEJS_TSCONFIG_PATH: options.tsconfig } : {}),
  };
}
