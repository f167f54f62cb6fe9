import { Repository } from "@pulumi/awsx/ecr/repository.js";
import * as pulumi from "@pulumi/pulumi";
import { aws } from "./aws.ts";
import { policyJson, type Statement } from "./policy-document.ts";
import { broken, throwProblems, type Problem } from "./problems.ts";

/** A service that pulls images for the stack. */
export type ImageConsumer = "ecs" | "lambda";

/** The arguments of {@link Registry}. */
export interface RegistryArgs {
  /** Names as a push uses them: `macro-ai/express-api`. */
  repositories: string[];
  kmsKeyArn: pulumi.Input<string>;
  accountId: pulumi.Input<string>;
  region: string;
  /** Who may pull besides the account's own roles. @default - ecs and lambda */
  consumers?: ImageConsumer[];
  /** Tagged images kept in each repository; the oldest go first. @default 50 */
  keepImages?: number;
  /** Whether deleting a repository deletes its images; otherwise AWS refuses while it has any. @default false */
  forceDelete?: boolean;
  /**
   * A second region to which ECR copies every image within minutes of its push, with a key there. An account has one
   * such setting in each region: only one registry of it can have this. It takes repositories by the beginning of
   * their names, so that `macro-ai/express-api-staging` is copied with `macro-ai/express-api`. @default - none
   */
  replica?: { region: string; kmsKeyArn: pulumi.Input<string> };
}

/** Which resources of a consumer may pull. */
const CONSUMERS: Record<ImageConsumer, { principal: string; source: string }> = {
  ecs: { principal: "ecs-tasks.amazonaws.com", source: "arn:aws:ecs:REGION:ACCOUNT:*" },
  lambda: { principal: "lambda.amazonaws.com", source: "arn:aws:lambda:REGION:ACCOUNT:function:*" },
};

/**
 * Container image repositories: a tag, once pushed, never changes; every push is scanned; untagged images go after two
 * weeks. USD 0.10 per GB and month. A new name or key replaces a repository: push its images again.
 *
 * With `replica` the same repositories are made in a second region as well: those that ECR would make there by itself
 * have changeable tags, no key of ours and no lifecycle. USD 0.10 per GB and month there, and 0.02 per GB copied.
 * Images that were pushed before are not copied.
 */
export class Registry extends pulumi.ComponentResource {
  /** By repository name. */
  public readonly repositoryUrls: Record<string, pulumi.Output<string>>;
  /** By repository name. */
  public readonly repositoryArns: Record<string, pulumi.Output<string>>;

  /** @throws pulumi.InputPropertiesError with every bad argument */
  constructor(name: string, args: RegistryArgs, opts?: pulumi.ComponentResourceOptions) {
    throwProblems("Registry", name, problems(args));
    super("macro-ai:components:Registry", name, {}, opts);
    const made = args.repositories.map(
      (repositoryName) => [repositoryName, this.createRepository(name, repositoryName, args)] as const,
    );
    if (args.replica) this.replicate(name, args, args.replica);
    this.repositoryUrls = Object.fromEntries(made.map(([key, repository]) => [key, repository.url]));
    this.repositoryArns = Object.fromEntries(
      made.map(([key, repository]) => [key, repository.repository.arn]),
    );
    this.registerOutputs({ repositoryUrls: this.repositoryUrls, repositoryArns: this.repositoryArns });
  }

  /**
   * Where to push to and pull from, by repository name.
   *
   * @throws Error when the registry has no such repository
   */
  public repository(repositoryName: string): { url: pulumi.Output<string>; arn: pulumi.Output<string> } {
    const url = this.repositoryUrls[repositoryName];
    const arn = this.repositoryArns[repositoryName];
    if (!url || !arn) throw new Error(`The registry has no repository "${repositoryName}".`);
    return { url, arn };
  }

  private replicate(name: string, args: RegistryArgs, replica: NonNullable<RegistryArgs["replica"]>): void {
    const copies = args.repositories.map((repositoryName) =>
      this.createRepository(`${name}-replica`, repositoryName, { ...args, ...replica }, replica.region),
    );
    new aws.ecr.ReplicationConfiguration(
      name,
      {
        replicationConfiguration: {
          rules: [
            {
              destinations: [{ region: replica.region, registryId: args.accountId }],
              repositoryFilters: args.repositories.map((filter) => ({ filter, filterType: "PREFIX_MATCH" })),
            },
          ],
        },
      },
      // ECR makes what is missing at the destination, in its own way.
      { parent: this, dependsOn: copies },
    );
  }

  /** `elsewhere` is given where the repository lies in another region than the rest. */
  private createRepository(
    name: string,
    repositoryName: string,
    args: RegistryArgs,
    elsewhere?: string,
  ): Repository {
    const place = elsewhere === undefined ? {} : { region: elsewhere };
    const logicalName = `${name}-${repositoryName.replaceAll("/", "-")}`;
    const repository = new Repository(
      logicalName,
      {
        name: repositoryName,
        ...place,
        imageTagMutability: "IMMUTABLE",
        imageScanningConfiguration: { scanOnPush: true },
        encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: args.kmsKeyArn }],
        forceDelete: args.forceDelete ?? false,
        lifecyclePolicy: {
          rules: [
            { description: "Untagged images go after two weeks", tagStatus: "untagged", maximumAgeLimit: 14 },
            {
              description: "The newest images stay",
              tagStatus: "any",
              maximumNumberOfImages: args.keepImages ?? DEFAULT_KEEP_IMAGES,
            },
          ],
        },
      },
      { parent: this },
    );
    new aws.ecr.RepositoryPolicy(
      logicalName,
      { repository: repository.repository.name, policy: policyJson(pullStatements(args)), ...place },
      { parent: this },
    );
    return repository;
  }
}

const DEFAULT_KEEP_IMAGES = 50;

function pullStatements(args: RegistryArgs): Statement[] {
  return (args.consumers ?? ["ecs", "lambda"]).map((consumer) => pullStatement(consumer, args));
}

/** In a repository's policy there is no resource: it means this repository. */
function pullStatement(consumer: ImageConsumer, args: RegistryArgs): Statement {
  const { principal, source } = CONSUMERS[consumer];
  return {
    sid: `${consumer}Pulls`,
    principals: { Service: principal },
    actions: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
    conditions: {
      ArnLike: {
        "aws:SourceArn": pulumi
          .output(args.accountId)
          .apply((accountId) => source.replace("REGION", args.region).replace("ACCOUNT", accountId)),
      },
    },
  };
}

function problems(args: RegistryArgs): Problem[] {
  return broken([
    ...args.repositories.map((name, index) => ({
      path: `repositories[${index}]`,
      holds: /^(?=.{2,256}$)[a-z0-9]+([._-][a-z0-9]+)*(\/[a-z0-9]+([._-][a-z0-9]+)*)*$/.test(name),
      message: `is "${name}"; ECR allows lower-case letters, digits, and single . _ - / between them`,
    })),
    {
      path: "keepImages",
      holds: args.keepImages === undefined || (Number.isInteger(args.keepImages) && args.keepImages >= 1),
      message: `is ${String(args.keepImages)}; give a whole number of images, at least 1`,
    },
  ]);
}
