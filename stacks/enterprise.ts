import * as pulumi from "@pulumi/pulumi";
import { Cluster } from "../components/cluster.ts";
import { connect } from "../components/connection.ts";
import type { DatabaseBootstrap } from "../components/database-bootstrap.ts";
import { Firewall } from "../components/firewall.ts";
import { LoadBalancer } from "../components/load-balancer.ts";
import type { SecretSet } from "../components/secret-set.ts";
import { Service } from "../components/service.ts";
import type { Vpc } from "../components/vpc.ts";
import { apiArguments, apiHostName, apiImage, requestsPerAddress } from "./api.ts";
import type { EnterpriseConfig } from "./config.ts";
import { createCache, createDatabase, createNetwork, createProxy, databaseName } from "./data.ts";
import type { Foundation, Platform } from "./foundation.ts";
import {
  bootstrapDatabase,
  createRotationBase,
  rotateCache,
  rotateCommonSecrets,
  rotateOwnDatabase,
} from "./rotation.ts";
import { cacheSecret, databaseSecret, randomSecret } from "./secrets.ts";

type EnterpriseFoundation = Foundation<EnterpriseConfig>;

/** Fargate behind a load balancer, with RDS and ElastiCache, in a network of its own. */
export function enterprise(foundation: EnterpriseFoundation): Platform {
  const network = createNetwork(foundation, foundation.sizes.network);
  const database = createDatabase(foundation, network);
  const authToken = randomSecret("cache-auth-token");
  const cache = createCache(foundation, network, authToken);
  // The proxy needs the secret of the login, and the secret says where the proxy is.
  const [proxyHost, tellProxyHost] = pulumi.deferredOutput<string>();
  return {
    secrets: {
      "database-credentials": databaseSecret({
        ...databaseUser(foundation),
        urlHost: proxyHost,
        host: database.endpoint,
        port: database.port,
        databaseName,
      }),
      "cache-credentials": cacheSecret({ host: cache.endpoint, port: cache.port, authToken }),
    },
    alarms: [...database.alarms(), ...cache.alarms()],
    events: database.events(),
    serveApi: (secrets) => {
      const proxy = createProxy(foundation, network, database, secrets.arnOf("database-credentials"));
      tellProxyHost(proxy.endpoint);
      const base = createRotationBase(foundation);
      const bootstrap = bootstrapDatabase(foundation, base, network, database, secrets);
      const balancer = createLoadBalancer(foundation, network);
      const api = createApi(foundation, network, balancer, secrets, bootstrap);
      connect(balancer.peer, api.peer, "requests and health checks");
      connect(api.peer, proxy.peer, "queries");
      connect(api.peer, cache.peer, "cached data");
      if (network.endpoints) connect(api.peer, network.endpoints, "AWS without the internet");
      rotateOwnDatabase(foundation, base, network, database, secrets, bootstrap);
      rotateCache(foundation, base, network, cache, secrets);
      rotateCommonSecrets(foundation, base, secrets, []);
      return {
        url: pulumi.output(`https://${apiHostName(foundation.config.domain.name)}`),
        target: balancer,
        alarms: [...proxy.alarms(), ...balancer.alarms(), ...api.alarms(), ...base.alarms()],
        events: api.events(),
      };
    },
  };
}

/** A restored database knows the user whom the copy of its secret names. */
function databaseUser({ inherit }: EnterpriseFoundation) {
  return inherit
    ? {
        username: inherit("database-credentials", "username"),
        password: inherit("database-credentials", "password"),
      }
    : { username: "app_a", password: randomSecret("secrets-database-password") };
}

function createLoadBalancer(foundation: EnterpriseFoundation, network: Vpc): LoadBalancer {
  const { config, region, accountId, certificateArn, kmsKeyArn } = foundation;
  const { logRetentionDays } = config.traits;
  if (certificateArn === undefined)
    throw new Error("An enterprise stack has a domain, but no certificate for it.");
  const firewall = config.features.firewall
    ? new Firewall("firewall", {
        scope: "REGIONAL",
        rateLimit: requestsPerAddress,
        kmsKeyArn,
        logRetentionDays,
        region,
      })
    : undefined;
  return new LoadBalancer("balancer", {
    vpcId: network.vpcId,
    subnetIds: network.publicSubnetIds,
    certificateArn,
    // It holds no data: a stack that is about to go down to hobby must be able to let go of it.
    deletionProtection: config.deletionProtection && !config.retainEnterpriseData,
    ...(firewall && { webAclArn: firewall.webAclArn }),
    logRetentionDays,
    accountId,
    region,
  });
}

function createApi(
  foundation: EnterpriseFoundation,
  network: Vpc,
  balancer: LoadBalancer,
  secrets: SecretSet,
  bootstrap: DatabaseBootstrap,
): Service {
  const { config, sizes, accountId, apiRepository, kmsKeyArn } = foundation;
  const cluster = new Cluster("cluster", {
    kmsKeyArn,
    logRetentionDays: config.traits.logRetentionDays,
    insights: "enabled",
  });
  const image = apiImage(foundation);
  return new Service("api", {
    ...apiArguments(foundation, secrets),
    ...sizes.service,
    clusterArn: cluster.arn,
    clusterName: cluster.clusterName,
    vpcId: network.vpcId,
    subnetIds: network.privateSubnetIds,
    listenerArn: balancer.httpsListenerArn,
    loadBalancerArnSuffix: balancer.arnSuffix,
    route: { hostNames: [apiHostName(config.domain.name)], priority: 100 },
    accountId,
    repositoryArns: [apiRepository.arn],
    sessions: { logGroupArn: cluster.sessionLogGroupArn, kmsKeyArn },
    ...(config.runbookUrl !== undefined && { runbookUrl: config.runbookUrl }),
    ...(image && { image }),
    // Its first task would find neither its login nor the extension.
    after: [bootstrap],
  });
}
