import type { Entry, Inputs, Invoke, InvokeContext, Invokes, Outputs } from "../rule.ts";
import {
  managedCachePolicies,
  managedOriginRequestPolicies,
  managedResponseHeadersPolicies,
} from "./managed-policies.ts";
import { POSTGRES_MINORS } from "./rds-engines.ts";
import { amount, list, nested, text } from "./shapes.ts";

/** An entry, of the region where one is given, whose state holds one of the arguments; else an error as AWS gives it. */
function lookUp(
  context: InvokeContext,
  type: string,
  candidates: Readonly<Record<string, unknown>>,
  missing: string,
  region?: string,
): Entry {
  for (const [property, value] of Object.entries(candidates)) {
    if (typeof value !== "string" || value === "") continue;
    const found =
      property === "id"
        ? context.world.get(type, value, region)
        : context.world.find(type, property, value, region);
    if (found !== undefined) return found;
  }
  throw new Error(missing);
}

/** A CloudFront policy by id or name, a managed one or one of the account's. */
const policyLookUp =
  (type: string, managed: Readonly<Record<string, string>>, rest: Outputs): Invoke =>
  (args, context) => {
    const named = Object.entries(managed).find(([name, id]) => name === args["name"] || id === args["id"]);
    if (named !== undefined)
      return {
        ...rest,
        name: named[0],
        id: named[1],
        etag: "E23ZP02F085DFQ",
        arn: `arn:aws:cloudfront::aws:${named[1]}`,
      };
    const entry = lookUp(
      context,
      type,
      { id: args["id"], name: args["name"] },
      `no policy matches: ${text(args, "name", text(args, "id"))}`,
    );
    return { ...rest, ...entry.state, id: entry.id };
  };

/** A secret of the region, its own or a copy of another region's. */
function getSecret(args: Inputs, context: InvokeContext): Entry {
  const { world, region } = context;
  const [asked] = [args["arn"], args["name"], args["secretId"]].filter((value) => value !== undefined);
  const found = world
    .list("aws:secretsmanager/secret:Secret")
    .find((secret) =>
      asked === secret.state["name"] ? copiesOf(secret).includes(region) : asked === arnIn(secret, region),
    );
  if (found === undefined)
    throw new Error("couldn't find resource: Secrets Manager can't find the specified secret.");
  return found;
}

/** The regions in which a secret can be read. */
function copiesOf({ region, inputs }: Entry): unknown[] {
  return [region, ...list(inputs, "replicas").map((replica) => nested(replica)["region"])];
}

/** The ARN that a secret or its copy has in a region: they differ in nothing else. */
function arnIn(secret: Entry, region: string): string {
  return copiesOf(secret).includes(region) ? secret.id.replace(`:${secret.region}:`, `:${region}:`) : "";
}

export const lookups: Invokes = {
  "aws:cloudfront/getCachePolicy:getCachePolicy": policyLookUp(
    "aws:cloudfront/cachePolicy:CachePolicy",
    managedCachePolicies,
    {
      comment: "",
      defaultTtl: 86400,
      maxTtl: 31536000,
      minTtl: 1,
      parametersInCacheKeyAndForwardedToOrigins: [],
    },
  ),
  "aws:cloudfront/getOriginRequestPolicy:getOriginRequestPolicy": policyLookUp(
    "aws:cloudfront/originRequestPolicy:OriginRequestPolicy",
    managedOriginRequestPolicies,
    {
      comment: "",
      cookiesConfigs: [],
      headersConfigs: [],
      queryStringsConfigs: [],
    },
  ),
  "aws:cloudfront/getResponseHeadersPolicy:getResponseHeadersPolicy": policyLookUp(
    "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy",
    managedResponseHeadersPolicies,
    {
      comment: "",
      corsConfigs: [],
      customHeadersConfigs: [],
      removeHeadersConfigs: [],
      securityHeadersConfigs: [],
      serverTimingHeadersConfigs: [],
    },
  ),
  "aws:ecr/getRepository:getRepository": (args, context) => {
    const { id, state } = lookUp(
      context,
      "aws:ecr/repository:Repository",
      { name: args["name"] },
      `RepositoryNotFoundException: The repository with name '${text(args, "name")}' does not exist in the registry with id '${context.accountId}'`,
      context.region,
    );
    return {
      ...state,
      id,
      imageScanningConfigurations: [state["imageScanningConfiguration"] ?? { scanOnPush: false }],
      encryptionConfigurations: state["encryptionConfigurations"] ?? [],
      imageTagMutabilityExclusionFilters: [],
      mostRecentImageTags: [],
      tags: state["tags"] ?? {},
    };
  },
  "aws:ecr/getImage:getImage": (args, context) => {
    const { state } = lookUp(
      context,
      "aws:ecr/repository:Repository",
      { name: args["repositoryName"] },
      `RepositoryNotFoundException: The repository with name '${text(args, "repositoryName")}' does not exist in the registry with id '${context.accountId}'`,
    );
    const images = list(state, "images").map(nested);
    const image =
      images.find(
        (one) =>
          one["imageDigest"] === args["imageDigest"] || list(one, "imageTags").includes(args["imageTag"]),
      ) ?? (args["mostRecent"] === true ? images.at(-1) : undefined);
    if (image === undefined)
      throw new Error(
        `ImageNotFoundException: The image with imageId {imageTag: ${text(args, "imageTag")}} does not exist within the repository with name '${text(args, "repositoryName")}'`,
      );
    const digest = text(image, "imageDigest");
    return {
      id: digest,
      imageDigest: digest,
      imagePushedAt: image["imagePushedAt"] ?? 0,
      imageSizeInBytes: image["imageSizeInBytes"] ?? 0,
      imageTags: list(image, "imageTags"),
      imageUri: `${text(state, "repositoryUrl")}@${digest}`,
      registryId: context.accountId,
      repositoryName: text(args, "repositoryName"),
    };
  },
  "aws:ecs/getService:getService": (args, context) => {
    const cluster = text(args, "clusterArn");
    const entry = context.world
      .list("aws:ecs/service:Service")
      .find(({ state }) => state["name"] === args["serviceName"] && state["cluster"] === cluster);
    if (entry === undefined)
      throw new Error(
        `ServiceNotFoundException: Service ${text(args, "serviceName")} not found in ${cluster}.`,
      );
    const desired = amount(entry.state, "desiredCount", 0);
    return {
      arn: entry.id,
      availabilityZoneRebalancing: text(entry.state, "availabilityZoneRebalancing", "DISABLED"),
      clusterArn: cluster,
      createdAt: entry.createdAt,
      createdBy: "",
      desiredCount: desired,
      id: entry.id,
      launchType: text(entry.state, "launchType"),
      pendingCount: 0,
      region: context.region,
      runningCount: desired,
      schedulingStrategy: text(entry.state, "schedulingStrategy", "REPLICA"),
      serviceName: text(args, "serviceName"),
      status: "ACTIVE",
      tags: entry.state["tags"] ?? {},
      taskDefinition: text(entry.state, "taskDefinition"),
    };
  },
  "aws:secretsmanager/getSecret:getSecret": (args, context) => {
    const secret = getSecret(args, context);
    const { state, createdAt } = secret;
    const id = arnIn(secret, context.region);
    return {
      arn: id,
      createdDate: createdAt,
      description: state["description"] ?? "",
      id,
      kmsKeyId: state["kmsKeyId"] ?? "",
      lastChangedDate: createdAt,
      name: state["name"],
      policy: state["policy"] ?? "",
      tags: state["tags"] ?? {},
      type: state["type"] ?? "",
    };
  },
  "aws:secretsmanager/getSecretVersion:getSecretVersion": (args, context) => {
    const stage = text(args, "versionStage", "AWSCURRENT");
    const secret = getSecret(args, context);
    const version = context.world
      .list("aws:secretsmanager/secretVersion:SecretVersion")
      .findLast(
        ({ state }) =>
          [secret.id, secret.state["name"]].includes(state["secretId"]) &&
          (args["versionId"] === undefined
            ? list(state, "versionStages").includes(stage)
            : state["versionId"] === args["versionId"]),
      );
    if (version === undefined)
      throw new Error(
        `ResourceNotFoundException: Secrets Manager can't find the specified secret value for staging label: ${stage}`,
      );
    return {
      arn: arnIn(secret, context.region),
      createdDate: version.createdAt,
      id: version.id,
      secretBinary: version.state["secretBinary"] ?? "",
      secretString: version.state["secretString"] ?? "",
      versionId: version.state["versionId"],
      versionStages: version.state["versionStages"],
    };
  },
  "aws:rds/getSnapshot:getSnapshot": (args, context) => {
    const entry =
      args["mostRecent"] === true && args["dbInstanceIdentifier"] !== undefined
        ? context.world
            .list("aws:rds/snapshot:Snapshot")
            .findLast(({ state }) => state["dbInstanceIdentifier"] === args["dbInstanceIdentifier"])
        : lookUp(
            context,
            "aws:rds/snapshot:Snapshot",
            { id: args["dbSnapshotIdentifier"] },
            `DBSnapshotNotFound: DBSnapshot ${text(args, "dbSnapshotIdentifier")} not found.`,
          );
    if (entry === undefined)
      throw new Error("Your query returned no results. Please change your search criteria and try again.");
    return {
      ...entry.state,
      id: entry.id,
      dbInstanceIdentifier: entry.state["dbInstanceIdentifier"],
      originalSnapshotCreateTime: entry.createdAt,
      snapshotCreateTime: entry.createdAt,
    };
  },
  "aws:rds/getEngineVersion:getEngineVersion": (args) => {
    const engine = text(args, "engine");
    const major = text(
      args,
      "version",
      text(
        list(args, "preferredVersions").length > 0 ? { first: list(args, "preferredVersions")[0] } : {},
        "first",
        "15",
      ),
    );
    const version = major.includes(".") ? major : (POSTGRES_MINORS[major] ?? major);
    return {
      engine,
      engineDescription: engine,
      exportableLogTypes: engine === "postgres" ? ["iam-db-auth-error", "postgresql", "upgrade"] : [],
      id: version,
      parameterGroupFamily: `${engine}${version.split(".")[0] ?? ""}`,
      status: "available",
      supportedCharacterSets: [],
      supportedFeatureNames: [],
      supportedModes: [],
      supportedTimezones: [],
      supportsCertificateRotationWithoutRestart: true,
      supportsGlobalDatabases: false,
      supportsIntegrations: false,
      supportsLimitlessDatabase: false,
      supportsLocalWriteForwarding: false,
      supportsLogExportsToCloudwatch: true,
      supportsParallelQuery: false,
      supportsReadReplica: true,
      validMajorTargets: [],
      validMinorTargets: [],
      validUpgradeTargets: [],
      version,
      versionActual: version,
      versionDescription: `${engine} ${version}`,
      defaultCharacterSet: "",
      hasMajorTarget: true,
      hasMinorTarget: false,
    };
  },
  "aws:ssm/getParameter:getParameter": (args, context) => {
    const { id, state } = lookUp(
      context,
      "aws:ssm/parameter:Parameter",
      { id: args["name"] },
      `ParameterNotFound: ${text(args, "name")}`,
    );
    return {
      arn: state["arn"],
      id,
      insecureValue: state["insecureValue"] ?? "",
      name: id,
      type: state["type"],
      value: state["value"],
      version: state["version"],
    };
  },
};
