/** `npm run schema [-- --check]`: derives from the installed SDKs what the stand-in cloud and the tagging need to know. */

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { invokes } from "../cloud/aws/invokes.ts";
import { rules } from "../cloud/aws/index.ts";
import { components } from "../cloud/awsx/index.ts";
import { rules as randomRules } from "../cloud/random/index.ts";
import { Package } from "./declarations.ts";
import { defaultModules, deriveSchema } from "./derivation.ts";
import type { Request } from "./derivation.ts";
import { providerNames, schemaFile } from "./schema.ts";
import type { ProviderName } from "./schema.ts";

const requests: Readonly<Record<ProviderName, Request>> = {
  aws: { sdk: "@pulumi/aws", resources: Object.keys(rules), functions: Object.keys(invokes) },
  awsx: { sdk: "@pulumi/awsx", resources: Object.keys(components), functions: [] },
  random: { sdk: "@pulumi/random", resources: Object.keys(randomRules), functions: [] },
};

/** A generated file's address and what belongs into it. */
interface Generated {
  file: string | URL;
  content: string;
}

function generate(): Generated[] {
  const schemas = providerNames.map((name) => ({ name, schema: deriveSchema(requests[name]) }));
  const taggable = schemas.flatMap(({ schema }) =>
    Object.entries(schema.resources).flatMap(([token, { inputs }]) => ("tags" in inputs ? [token] : [])),
  );
  return [
    ...schemas.map(({ name, schema }) => ({ file: schemaFile(name), content: json(schema) })),
    // The program tags what can be tagged, and must not ask the sandbox what that is.
    {
      file: new URL("../../stacks/taggable.generated.json", import.meta.url),
      content: json(taggable.toSorted()),
    },
    {
      file: new URL("../../stacks/config/regions.generated.json", import.meta.url),
      content: json(regions()),
    },
  ];
}

function regions(): string[] {
  const sdk = new Package(join(defaultModules, "@pulumi/aws"));
  return sdk.enumeration("types/enums/index.d.ts", "Region").toSorted();
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 1)}\n`;
}

function isCurrent({ file, content }: Generated): boolean {
  try {
    return readFileSync(file, "utf8") === content;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}

const { check } = new Command("npm run schema --")
  .description(
    "Derives from the installed SDKs what the stand-in cloud and the tagging need to know of them.",
  )
  .option("--check", "write nothing; only tell whether it is current, and fail when it is not")
  .helpOption("--help", "show this")
  .showHelpAfterError("See: npm run schema -- --help")
  .parse()
  .opts<{ check?: true }>();
if (check) {
  const stale = generate().filter((generated) => !isCurrent(generated));
  if (stale.length > 0) {
    const files = stale.map(({ file }) => String(file).replace(/.*\/(?=\w+\/[\w.]+$)/, ""));
    console.error(`Out of date: ${files.join(", ")}. Run "npm run schema" and commit what it writes.`);
    process.exitCode = 1;
  }
} else {
  for (const { file, content } of generate()) writeFileSync(file, content);
}
