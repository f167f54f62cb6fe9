/** `npm run schema [-- --check]`: derives the schemas of the stand-in cloud from the installed SDKs. */

import { readFileSync, writeFileSync } from "node:fs";
import { invokes } from "../cloud/aws/invokes.ts";
import { rules } from "../cloud/aws/index.ts";
import { components } from "../cloud/awsx/index.ts";
import { rules as randomRules } from "../cloud/random/index.ts";
import { deriveSchema } from "./derivation.ts";
import type { Request } from "./derivation.ts";
import { providerNames, schemaFile } from "./schema.ts";
import type { ProviderName } from "./schema.ts";

const requests: Readonly<Record<ProviderName, Request>> = {
  aws: { sdk: "@pulumi/aws", resources: Object.keys(rules), functions: Object.keys(invokes) },
  awsx: { sdk: "@pulumi/awsx", resources: Object.keys(components), functions: [] },
  random: { sdk: "@pulumi/random", resources: Object.keys(randomRules), functions: [] },
};

function derive(provider: ProviderName): string {
  return `${JSON.stringify(deriveSchema(requests[provider]), undefined, 1)}\n`;
}

function isCurrent(provider: ProviderName): boolean {
  try {
    return readFileSync(schemaFile(provider), "utf8") === derive(provider);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}

const [option] = process.argv.slice(2);
if (option === "--check") {
  const stale = providerNames.filter((provider) => !isCurrent(provider));
  if (stale.length > 0) {
    console.error(
      `The derived schema of ${stale.join(", ")} is out of date. Run "npm run schema" and commit it.`,
    );
    process.exitCode = 1;
  }
} else if (option === undefined) {
  for (const provider of providerNames) writeFileSync(schemaFile(provider), derive(provider));
} else {
  console.error(`Unknown option "${option}". Allowed: --check.`);
  process.exitCode = 2;
}
