import * as pulumi from "@pulumi/pulumi";

/** Deploys the one example that the configuration names: `pulumi config set example database`. */
export default async (): Promise<object> => {
  const example = new pulumi.Config().require("example");
  // A copy: a module's own namespace is nothing that Pulumi takes for outputs.
  return { ...((await import(`./${example}.ts`)) as object) };
};
