import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { CreateSecretCommand } from "@aws-sdk/client-secrets-manager";
import { environmentTraits, environments } from "../../stacks/environments.ts";
import { secretPath } from "../../stacks/names.ts";
import { appEnvs, type DeployedEnv, isLocal, secretPaths } from "../../runtime/environments.ts";
import { loadConfig, type LoadOptions } from "../../runtime/load-config.ts";
import { ConfigError } from "../../runtime/problems.ts";
import { secretsManager } from "../../runtime/secret-fetching.ts";
import { kinds } from "../../runtime/secret-kinds.ts";
import {
  type Answer,
  type SecretsManager,
  startSecretsManager,
} from "../rotation/servers/secrets-manager.ts";
import { atPath, inMemory, mark, secretsOf, variablesOf } from "./examples.ts";

const deployedEnvs = appEnvs.filter((appEnv): appEnv is DeployedEnv => !isLocal(appEnv));

/** What is wrong, by line; no line shows a secret. */
async function problemsOf(options: LoadOptions): Promise<string[]> {
  const warnings: string[] = [];
  const error: unknown = await loadConfig({ onWarning: (text) => warnings.push(text), ...options }).then(
    () => assert.fail("It was taken."),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof ConfigError, String(error));
  assert.ok(!inspect(error).includes(mark), "It shows a secret.");
  assert.ok(!warnings.join().includes(mark), "A warning shows a secret.");
  return error.problems.map(({ variable, message }) => `${variable}: ${message}`);
}

describe("loadConfig", () => {
  it("gives one frozen, typed object with everything", async () => {
    const { fetchSecret } = inMemory(atPath("/macro-ai/production", "production"));
    const environment = { ...variablesOf("production"), APP_VERSION: "1.2.3" };
    const config = await loadConfig({ environment, fetchSecret });
    const { secrets, ...rest } = config;
    const { "api-keys": keys, "external-services": external } = secretsOf("production");
    assert.deepEqual(rest, {
      appEnv: "production",
      nodeEnv: "production",
      appVersion: "1.2.3",
      serverPort: 3040,
      cookieDomain: "macro-ai.com",
      apiKey: keys["API_KEY"],
      cookieEncryptionKey: keys["COOKIE_ENCRYPTION_KEY"],
      relationalDatabaseUrl: secretsOf("production")["database-credentials"]["RELATIONAL_DATABASE_URL"],
      redisUrl: secretsOf("production")["cache-credentials"]["REDIS_URL"],
      openaiApiKey: external["OPENAI_API_KEY"],
      cognito: {
        region: "us-east-1",
        userPoolId: external["AWS_COGNITO_USER_POOL_ID"],
        userPoolClientId: external["AWS_COGNITO_USER_POOL_CLIENT_ID"],
        userPoolSecretKey: external["AWS_COGNITO_USER_POOL_SECRET_KEY"],
      },
      featureFlags: {
        enableAdvancedAnalytics: true,
        enableBetaFeatures: false,
        enableDebugLogging: false,
        enablePerformanceMonitoring: true,
      },
    });
    for (const part of [config, config.featureFlags, config.cognito, secrets])
      assert.ok(Object.isFrozen(part));
  });

  it("gives an object that shows no secret where it is printed", async () => {
    const { fetchSecret } = inMemory(atPath("/macro-ai/staging", "staging"));
    const config = await loadConfig({ environment: variablesOf("staging"), fetchSecret });
    for (const text of [inspect(config, { depth: 9, showHidden: true }), JSON.stringify({ config })]) {
      assert.ok(!text.includes(mark), "It shows a secret.");
      assert.match(text, /apiKey.*\[secret\]/s);
    }
  });

  it("knows the program's environments and where their secrets are", () => {
    const paths = Object.fromEntries(
      environments.map((name) => [name, secretPath(environmentTraits[name].secretSegment)]),
    );
    assert.deepEqual({ ...secretPaths }, { ...paths, test: undefined });
  });

  for (const appEnv of deployedEnvs) {
    it(`tells every problem at once, by variable: ${appEnv}`, async () => {
      const { fetchSecret } = inMemory(
        atPath(`/macro-ai/${appEnv}`, appEnv, {
          API_KEY: `${mark}-too-short`,
          COOKIE_ENCRYPTION_KEY: undefined,
          API_KEY_RING: { keys: [] },
          RELATIONAL_DATABASE_URL: `postgresql://app:${mark}/with@slash@db.example/macro_ai`,
          DB_USERNAME: undefined,
          REDIS_URL: `redis://:${mark}@cache.example:6379`,
          OPENAI_API_KEY: mark,
          AWS_COGNITO_USER_POOL_ID: mark,
        }),
      );
      const environment = {
        ...variablesOf(appEnv),
        NODE_ENV: "development",
        SERVER_PORT: "70000",
        COOKIE_DOMAIN: "https://macro-ai.com",
        AWS_COGNITO_REGION: "",
        FEATURE_FLAGS: "enableEverything=true",
      };
      assert.deepEqual((await problemsOf({ environment, fetchSecret })).sort(), [
        "API_KEY: has 18 characters; 32 are the least: openssl rand -base64 36",
        "API_KEY_RING: is no keyring {keys: [{id, key, activateAt}]}; rotation writes it",
        "AWS_COGNITO_REGION: is missing",
        "AWS_COGNITO_USER_POOL_ID: must be a user pool's id, for example us-east-1_AbCdEfGhI",
        `COOKIE_DOMAIN: must be a domain without scheme, port and path, for example macro-ai.com`,
        `COOKIE_ENCRYPTION_KEY: is missing in the secret /macro-ai/${appEnv}/api-keys`,
        "FEATURE_FLAGS: must be flag=true or flag=false, parted by commas; flags are enableAdvancedAnalytics, enableBetaFeatures, enableDebugLogging, enablePerformanceMonitoring",
        "NODE_ENV: must be production",
        "OPENAI_API_KEY: must be sk- and at least 16 letters, digits, _ and -",
        "REDIS_URL: must begin with rediss://, which is TLS",
        "RELATIONAL_DATABASE_URL: is no valid URL; user and password must be percent-encoded (encodeURIComponent) where they hold any of / @ : % # ?",
        "SERVER_PORT: must be a port from 1 to 65535",
      ]);
    });

    it(`takes no variable that a secret holds: ${appEnv}`, async () => {
      const secrets = atPath(`/macro-ai/${appEnv}`, appEnv);
      const same = String(secretsOf(appEnv)["api-keys"]["API_KEY"]);
      const environment = {
        ...variablesOf(appEnv),
        API_KEY: same,
        REDIS_URL: `rediss://:${mark}@other:6379`,
      };
      assert.deepEqual(await problemsOf({ environment, ...inMemory(secrets) }), [
        "API_KEY: is set as a variable, and comes from the secret api-keys: remove the variable",
        "REDIS_URL: is set as a variable, and comes from the secret cache-credentials: remove the variable",
      ]);
    });
  }

  it("checks what two variables say of each other", async () => {
    const changes = { DB_USERNAME: "app_b", DB_PASSWORD: mark };
    const fetched = inMemory(atPath("/macro-ai/staging", "staging", changes));
    const environment = { ...variablesOf("staging"), AWS_COGNITO_REGION: "eu-west-2" };
    assert.deepEqual(await problemsOf({ environment, ...fetched }), [
      "DB_USERNAME: is not the user of RELATIONAL_DATABASE_URL; both come from one secret",
      "DB_PASSWORD: is not the password of RELATIONAL_DATABASE_URL; both come from one secret",
      "AWS_COGNITO_REGION: is not the region of AWS_COGNITO_USER_POOL_ID",
    ]);
  });

  it("needs no domain for cookies: a stack without one sets none", async () => {
    const { fetchSecret } = inMemory(atPath("/macro-ai/staging", "staging"));
    const environment = { ...variablesOf("staging"), COOKIE_DOMAIN: undefined };
    assert.equal((await loadConfig({ environment, fetchSecret })).cookieDomain, undefined);
  });

  it("takes the keys' rings and feature flags that differ", async () => {
    const keys = [{ id: "1", key: "k".repeat(48), activateAt: new Date(0).toISOString() }];
    const { fetchSecret } = inMemory(atPath("/macro-ai/uat", "uat", { API_KEY_RING: { keys } }));
    const environment = { ...variablesOf("uat"), FEATURE_FLAGS: "enableBetaFeatures=false" };
    assert.equal((await loadConfig({ environment, fetchSecret })).featureFlags.enableBetaFeatures, false);
  });

  describe("APP_ENV", () => {
    const allowed = "allowed are development, test, staging, uat, production, dr";
    for (const [name, message] of [
      ["prod", `is "prod"; ${allowed}`],
      ["Production", `is "Production"; ${allowed}`],
      ["", `is missing; ${allowed}. It selects the secrets; NODE_ENV does not`],
      [undefined, `is missing; ${allowed}. It selects the secrets; NODE_ENV does not`],
    ] as const) {
      it(`is refused where it is ${JSON.stringify(name)}, before anything is read`, async () => {
        const { fetchSecret, asked } = inMemory({});
        const environment = { ...variablesOf("x"), APP_ENV: name };
        assert.deepEqual(await problemsOf({ environment, fetchSecret, envFile: "/nowhere" }), [
          `APP_ENV: ${message}`,
        ]);
        assert.deepEqual(asked, []);
      });
    }
  });

  describe("SECRET_ARNS", () => {
    const arn = (name: string) => `arn:aws:secretsmanager:eu-west-2:123456789012:secret:${name}-AbC123`;
    const arnsOf = (path: string) => kinds.map((kind) => arn(`${path}/${kind}`));

    it("say where the secrets are", async () => {
      const secrets = Object.entries(atPath("/macro-ai/uat", "uat")).map(([name, fields]) => [
        arn(name),
        fields,
      ]);
      const { fetchSecret, asked } = inMemory(
        Object.fromEntries(secrets) as Record<string, Record<string, unknown>>,
      );
      const SECRET_ARNS = arnsOf("/macro-ai/uat").reverse().join(",");
      const environment = { ...variablesOf("uat"), SECRET_ARNS };
      assert.equal((await loadConfig({ environment, fetchSecret })).appEnv, "uat");
      assert.deepEqual(asked.sort(), arnsOf("/macro-ai/uat").sort());
    });

    it("of another environment, in part or no ARNs at all are refused before anything is read", async () => {
      const { fetchSecret, asked } = inMemory({});
      const SECRET_ARNS = [
        arn("/macro-ai/production/api-keys"),
        ...arnsOf("/macro-ai/staging").slice(1, 3),
        "nonsense",
      ].join(",");
      assert.deepEqual(
        await problemsOf({ environment: { ...variablesOf("staging"), SECRET_ARNS }, fetchSecret }),
        [
          "SECRET_ARNS: holds the ARN of /macro-ai/production/api-keys; where APP_ENV is staging only secrets below /macro-ai/staging/ are read",
          "SECRET_ARNS: holds what is no ARN of a secret with its six last characters",
          "SECRET_ARNS: lacks the ARN of /macro-ai/staging/api-keys, which holds API_KEY, COOKIE_ENCRYPTION_KEY",
          "SECRET_ARNS: lacks the ARN of /macro-ai/staging/external-services, which holds OPENAI_API_KEY, AWS_COGNITO_USER_POOL_ID, AWS_COGNITO_USER_POOL_CLIENT_ID, AWS_COGNITO_USER_POOL_SECRET_KEY",
        ],
      );
      assert.deepEqual(asked, []);
    });
  });

  describe("on a developer's machine", () => {
    /** The document's own, with which developers have been working. */
    const document = [
      "NODE_ENV=development",
      "APP_ENV=development",
      "API_KEY=dev-32-character-key-for-local-development",
      "SERVER_PORT=3040",
      "COOKIE_DOMAIN=localhost",
      "RELATIONAL_DATABASE_URL=postgresql://postgres:password@localhost:5432/macro_ai_dev",
    ];
    let folder: string;
    let envFile: string;
    before(async () => {
      folder = await mkdtemp(join(tmpdir(), "macro-ai-env-"));
      envFile = join(folder, ".env");
    });
    after(() => rm(folder, { recursive: true }));
    const refuse = () => assert.fail("AWS was asked.");

    it("takes the document's .env, without AWS", async () => {
      await writeFile(envFile, document.join("\n"));
      const config = await loadConfig({ environment: {}, envFile, fetchSecret: refuse });
      assert.equal(config.appEnv, "development");
      assert.equal(config.redisUrl, "redis://localhost:6379");
      assert.equal(config.openaiApiKey, undefined);
      assert.equal(config.cognito, undefined);
      const { fields } = await config.secrets.read("database-credentials");
      assert.equal(fields["RELATIONAL_DATABASE_URL"], config.relationalDatabaseUrl);
    });

    it("lets a variable count before the file, and warns of it without its value", async () => {
      await writeFile(envFile, document.join("\n"));
      const warnings: string[] = [];
      const environment = { API_KEY: `${mark}-of-a-developer-who-sets-it`, SERVER_PORT: "3040" };
      const onWarning = (text: string) => warnings.push(text);
      const config = await loadConfig({ environment, envFile, fetchSecret: refuse, onWarning });
      assert.equal(config.apiKey, environment.API_KEY);
      assert.deepEqual(warnings, [
        "API_KEY: set as a variable, which counts, and otherwise in the .env file",
      ]);
    });

    it("never lets a file make it another environment", async () => {
      await writeFile(envFile, document.join("\n").replace("APP_ENV=development", "APP_ENV=production"));
      assert.deepEqual(await problemsOf({ environment: {}, envFile, fetchSecret: refuse }), [
        "APP_ENV: is production in the .env file, which serves development and test alone; set it as a variable",
      ]);
    });

    it("reads no file where somebody is served", async () => {
      await writeFile(envFile, "APP_VERSION=from-the-file");
      const { fetchSecret } = inMemory(atPath("/macro-ai/staging", "staging"));
      const config = await loadConfig({ environment: variablesOf("staging"), envFile, fetchSecret });
      assert.equal(config.appVersion, "unknown");
    });

    it("warns of a variable that a secret holds, where the development stack runs it; the secret counts", async () => {
      const warnings: string[] = [];
      const byArn = kinds.map((kind) => [
        `arn:aws:secretsmanager:us-east-1:123456789012:secret:/macro-ai/dev/${kind}-AbC123`,
        secretsOf("dev")[kind],
      ]);
      const secrets = Object.fromEntries(byArn) as Record<string, Record<string, unknown>>;
      const environment = {
        ...variablesOf("development"),
        SECRET_ARNS: Object.keys(secrets).join(","),
        API_KEY: `${mark}-of-somebody-who-sets-it`,
      };
      const onWarning = (text: string) => warnings.push(text);
      const config = await loadConfig({ environment, ...inMemory(secrets), onWarning });
      assert.equal(config.apiKey, secretsOf("dev")["api-keys"]["API_KEY"]);
      assert.deepEqual(warnings, ["API_KEY: set as a variable, and in a secret, which counts"]);
    });

    it("takes Cognito as a whole or not at all", async () => {
      await writeFile(envFile, [...document, "AWS_COGNITO_REGION=us-east-1"].join("\n"));
      const rest = "is missing; the others of Cognito are there: give all four, or none";
      assert.deepEqual(await problemsOf({ environment: {}, envFile }), [
        `AWS_COGNITO_USER_POOL_ID: ${rest}`,
        `AWS_COGNITO_USER_POOL_CLIENT_ID: ${rest}`,
        `AWS_COGNITO_USER_POOL_SECRET_KEY: ${rest}`,
      ]);
    });
  });

  describe("from Secrets Manager (moto)", function () {
    this.timeout(60_000);
    let server: SecretsManager;
    let asked: string[];
    const paths = ["/macro-ai/staging", "/macro-ai/production"];
    before(async () => {
      server = await startSecretsManager();
      const named = paths.flatMap((path) => Object.entries(atPath(path, path.split("/").at(-1) ?? "")));
      for (const [Name, fields] of named) {
        await server.client.send(new CreateSecretCommand({ Name, SecretString: JSON.stringify(fields) }));
      }
    });
    after(() => server.stop());
    beforeEach(() => {
      asked = [];
      interfere(() => undefined);
    });

    /** Answers a reading in the service's place; undefined leaves it alone. */
    function interfere(answer: (id: string) => Answer | Promise<Answer> | undefined): void {
      server.interfere = async (_operation, forward, sent) => {
        const { SecretId } = JSON.parse(sent) as { SecretId: string };
        asked.push(SecretId);
        return (await answer(SecretId)) ?? forward();
      };
    }
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    const options = (appEnv: string): LoadOptions => ({
      environment: variablesOf(appEnv),
      fetchSecret: secretsManager({ endpoint: server.endpoint, region: "us-east-1", credentials }),
    });
    const fault = (type: string, status = 400): Answer => ({
      status,
      body: JSON.stringify({ __type: type, message: mark }),
    });

    describe("the document's loader did not", () => {
      it("keep staging from production's secrets, where NODE_ENV is production", async () => {
        const config = await loadConfig(options("staging"));
        assert.equal(config.nodeEnv, "production");
        assert.equal(config.apiKey, secretsOf("staging")["api-keys"]["API_KEY"]);
        assert.deepEqual(asked.sort(), kinds.map((kind) => `/macro-ai/staging/${kind}`).sort());
      });

      it("know the cache's secret", async () => {
        const { redisUrl } = await loadConfig(options("production"));
        assert.equal(redisUrl, secretsOf("production")["cache-credentials"]["REDIS_URL"]);
      });

      it("read the secrets at the same time", async () => {
        let release: (() => void) | undefined;
        const allAsked = new Promise<void>((resolve) => (release = resolve));
        interfere(async () => {
          if (asked.length === kinds.length) release?.();
          await allAsked;
          return undefined as unknown as Answer;
        });
        await loadConfig(options("staging"));
      });

      it("leave the environment's variables alone", async () => {
        const before = { ...process.env };
        const { environment = {} } = options("staging");
        await loadConfig({ ...options("staging"), environment: Object.freeze(environment) });
        assert.deepEqual({ ...process.env }, before);
      });

      for (const appEnv of ["staging", "production"] as const) {
        it(`stop where a secret is missing, malformed or may not be read, but went on with {} (${appEnv})`, async () => {
          const path = `/macro-ai/${appEnv}`;
          interfere((id) => {
            if (id.endsWith("api-keys")) return fault("ResourceNotFoundException");
            if (id.endsWith("database-credentials")) return fault("AccessDeniedException");
            const text = id.endsWith("cache-credentials") ? `not JSON ${mark}` : `["${mark}"]`;
            return { status: 200, body: JSON.stringify({ SecretString: text, VersionId: "1" }) };
          });
          assert.deepEqual(await problemsOf(options(appEnv)), [
            `API_KEY, COOKIE_ENCRYPTION_KEY: the secret ${path}/api-keys does not exist, or has no value yet; deploy the stack that makes it, in this region and account`,
            `RELATIONAL_DATABASE_URL, DB_USERNAME, DB_PASSWORD: the secret ${path}/database-credentials may not be read; the role of this process needs secretsmanager:GetSecretValue on it and kms:Decrypt on its key`,
            `REDIS_URL: the secret ${path}/cache-credentials is malformed: it is no JSON`,
            `OPENAI_API_KEY, AWS_COGNITO_USER_POOL_ID, AWS_COGNITO_USER_POOL_CLIENT_ID, AWS_COGNITO_USER_POOL_SECRET_KEY: the secret ${path}/external-services is malformed: it is no JSON object`,
          ]);
        });
      }
    });

    it("tries again what was throttled or broke off", async () => {
      const seen = new Set<string>();
      interfere((id) => {
        if (seen.has(id)) return undefined;
        seen.add(id);
        if (id.endsWith("api-keys")) throw new Error("cut off");
        return id.endsWith("cache-credentials")
          ? fault("ThrottlingException")
          : fault("InternalServiceError", 500);
      });
      assert.equal((await loadConfig(options("staging"))).appEnv, "staging");
      assert.equal(asked.length, 2 * kinds.length);
    });

    it("does not wait for a service that says nothing", async () => {
      interfere(() => new Promise(() => undefined));
      const start = performance.now();
      const problems = await problemsOf({ ...options("staging"), firstReadMs: 300 });
      assert.ok(performance.now() - start < 2_000);
      assert.equal(problems.length, kinds.length);
      for (const problem of problems) assert.match(problem, /did not come in time; see whether/);
    });
  });
});
