import type * as pulumi from "@pulumi/pulumi";
import { aws } from "../components/aws.ts";
import { Registry } from "../components/registry.ts";
import type { StackConfig } from "./config.ts";
import type { Environment } from "./environments.ts";
import { wellKnownName } from "./names.ts";
import type { Replica } from "./replicas.ts";

/** A repository of images. */
export interface Repository {
  url: pulumi.Output<string>;
  arn: pulumi.Output<string>;
}

/** Where the stack's images are. */
export interface Images {
  api: Repository;
  /** By repository. */
  urls: Record<string, pulumi.Output<string>>;
}

const namesIn = (environment: Environment) => ({
  api: wellKnownName(environment, "macro-ai/express-api"),
  ui: wellKnownName(environment, "macro-ai/client-ui"),
});

/** Where the stack's images are pushed to; or, where it starts from another environment's copies, where those are. */
export function createImages(
  config: StackConfig,
  shared: { kmsKeyArn: pulumi.Output<string>; accountId: pulumi.Output<string>; replica?: Replica },
): Images {
  const { replicasOf } = config.restore;
  const names = namesIn(replicasOf ?? config.environment);
  if (replicasOf !== undefined) {
    const [api, ui] = [copyOf(names.api), copyOf(names.ui)];
    return { api, urls: { [names.api]: api.url, [names.ui]: ui.url } };
  }
  const registry = new Registry(
    "registry",
    {
      repositories: Object.values(names),
      ...shared,
      region: config.region,
      forceDelete: !config.deletionProtection,
    },
    { protect: config.deletionProtection },
  );
  return { api: registry.repository(names.api), urls: registry.repositoryUrls };
}

/** The repository of this region that another region's images are copied to. */
function copyOf(name: string): Repository {
  const { repositoryUrl, arn } = aws.ecr.getRepositoryOutput({ name });
  return { url: repositoryUrl, arn };
}
