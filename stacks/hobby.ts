import { FunctionService } from "../components/function-service.ts";
import type { SecretSet } from "../components/secret-set.ts";
import { apiArguments, apiHostName, apiImage } from "./api.ts";
import type { HobbyConfig } from "./config.ts";
import { createDatabase, createNetwork } from "./data.ts";
import type { Foundation, Platform } from "./foundation.ts";
import { createRotationBase, rotateCommonSecrets, rotateNeonDatabase } from "./rotation.ts";
import { cacheSecretFromUrl, databaseSecretFromUrl } from "./secrets.ts";

type HobbyFoundation = Foundation<HobbyConfig>;

/** Lambda behind an HTTP API; the data lives at Neon and Upstash, known by their URLs. */
export function hobby(foundation: HobbyFoundation): Platform {
  const { config } = foundation;
  if (config.retainEnterpriseData) retainEnterpriseData(foundation);
  return {
    secrets: {
      "database-credentials": databaseSecretFromUrl(config.secrets.neonDatabaseUrl),
      "cache-credentials": cacheSecretFromUrl(config.secrets.upstashRedisUrl),
    },
    alarms: [],
    events: [],
    serveApi: (secrets) => {
      const api = createApi(foundation, secrets);
      const base = createRotationBase(foundation, api.deadLetters);
      rotateNeonDatabase(foundation, base, secrets);
      // Upstash changes a password at once, for everybody: a person has to choose the moment.
      rotateCommonSecrets(foundation, base, secrets, [{ secret: "cache-credentials", field: "REDIS_URL" }]);
      return {
        url: api.url,
        ...(api.target && { target: api.target }),
        alarms: [...api.alarms(), ...base.alarms()],
        events: [],
      };
    },
  };
}

/** A stack that came down from enterprise keeps its database and the network it lies in. Nothing uses them. */
function retainEnterpriseData(foundation: HobbyFoundation): void {
  const idle = { ...foundation.sizes.network, natGateways: "none", interfaceEndpoints: false } as const;
  createDatabase(foundation, createNetwork(foundation, idle));
}

function createApi(foundation: HobbyFoundation, secrets: SecretSet): FunctionService {
  const { config, sizes, kmsKeyArn, certificateArn } = foundation;
  const image = apiImage(foundation);
  return new FunctionService("api", {
    ...apiArguments(foundation, secrets),
    ...sizes.function,
    kmsKeyArn,
    logRetentionDays: config.traits.logRetentionDays,
    ...(config.domain &&
      certificateArn && {
        domain: { name: apiHostName(config.domain.name), certificateArn },
      }),
    ...(image && { image }),
  });
}
