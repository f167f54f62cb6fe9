import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import ts from "typescript";
import { buildPackage } from "../../runtime/build.ts";

const run = promisify(execFile);
const checkout = resolve(import.meta.dirname, "../..");

/** What an API might write. Were a type lost, the marked lines would be no errors. */
const consumer = `
import { apiKeys, getFeatureFlags, loadConfig, type Config } from "@macro-ai/runtime";
import { Health, readiness, standardChecks } from "@macro-ai/runtime/health";
import { createPool } from "@macro-ai/runtime/postgres";
import { createRedis } from "@macro-ai/runtime/redis";

const config: Config = await loadConfig();
const pool = createPool(config, { max: 5 });
const redis = await createRedis(config);
const health = new Health({ version: config.appVersion, environment: config.appEnv, checks: standardChecks(config, { pool, redis }) });
export const handler = readiness(health);
export const accepted: readonly { id: string }[] = await apiKeys(config).accepted();
export const region: string | undefined = config.cognito?.region;
// @ts-expect-error
config.appEnv = "production";
// @ts-expect-error
getFeatureFlags("prod");
// @ts-expect-error
createPool(config, { password: "x" });
// @ts-expect-error
void pool.nothing;
// @ts-expect-error
void redis.nothing;
if (config.appEnv === "production") {
  const key: string = config.openaiApiKey;
  void key;
}
// @ts-expect-error
export const always: string = config.openaiApiKey;
`;

describe("the package @macro-ai/runtime", function () {
  this.timeout(60_000);
  let folder: string;
  let sizes: Record<string, number>;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "macro-ai-runtime-"));
    const installed = join(folder, "node_modules/@macro-ai/runtime");
    await mkdir(installed, { recursive: true });
    await cp(join(checkout, "runtime/package.json"), join(installed, "package.json"));
    sizes = await buildPackage(join(installed, "dist"));
  });
  after(() => rm(folder, { recursive: true }));

  const evaluate = (script: string, env: NodeJS.ProcessEnv = {}) =>
    run(process.execPath, ["--input-type=module", "--eval", script], { cwd: folder, env });

  it("is below 100 kB without the AWS SDK", () => {
    const bytes = Object.values(sizes).reduce((sum, size) => sum + size, 0);
    assert.ok(bytes > 20_000 && bytes < 100_000, `${bytes} bytes`);
  });

  it("serves a developer without the AWS SDK, pg and Redis", async () => {
    const { stdout } = await evaluate(
      `const { loadConfig } = await import("@macro-ai/runtime");
       const { Health } = await import("@macro-ai/runtime/health");
       const { appEnv } = await loadConfig();
       console.log(appEnv, (await new Health({ version: "1", environment: appEnv, checks: {} }).report()).status);`,
      {
        APP_ENV: "test",
        API_KEY: "k".repeat(32),
        RELATIONAL_DATABASE_URL: "postgresql://postgres:password@localhost:5432/test",
      },
    );
    assert.equal(stdout, "test healthy\n");
  });

  it("brings a command", async () => {
    const { bin } = JSON.parse(await readFile(join(checkout, "runtime/package.json"), "utf8")) as {
      bin: Record<string, string>;
    };
    const file = join(folder, "node_modules/@macro-ai/runtime", bin["validate-env"] ?? "");
    assert.match(await readFile(file, "utf8"), /^#!\/usr\/bin\/env node\n/);
    const { stdout } = await run(process.execPath, [file, "--help"]);
    assert.match(stdout, /^Usage: validate-env/);
  });

  it("brings its helpers and every type", async () => {
    for (const name of ["@aws-sdk", "@smithy", "@types", "pg", "redis"]) {
      await symlink(join(checkout, "node_modules", name), join(folder, "node_modules", name));
    }
    const { stdout } = await evaluate(
      `const all = await Promise.all(["postgres", "redis"].map((name) => import("@macro-ai/runtime/" + name)));
       console.log(all.flatMap(Object.keys).join());`,
    );
    assert.equal(stdout, "createPool,createRedis\n");
    const file = join(folder, "consumer.ts");
    await Promise.all([
      writeFile(file, consumer),
      writeFile(join(folder, "package.json"), JSON.stringify({ type: "module" })),
    ]);
    const program = ts.createProgram([file], {
      module: ts.ModuleKind.NodeNext,
      target: ts.ScriptTarget.ES2024,
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      types: ["node"],
      typeRoots: [join(checkout, "node_modules/@types")],
    });
    const messages = ts
      .getPreEmitDiagnostics(program)
      .map(({ messageText, start }) => `${start ?? 0}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`);
    assert.deepEqual(messages, []);
  });
});
