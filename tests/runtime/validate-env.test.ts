import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateSecretCommand } from "@aws-sdk/client-secrets-manager";
import { type SecretsManager, startSecretsManager } from "../rotation/servers/secrets-manager.ts";
import { atPath, mark, variablesOf } from "./examples.ts";

const command = join(import.meta.dirname, "../../runtime/validate-env.ts");

/** Runs the command in a process of its own, with these variables only. */
function validate(
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
  cwd: string,
): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const env = { PATH: process.env["PATH"], ...environment };
    execFile(process.execPath, [command, ...args], { cwd, env }, (error, stdout, stderr) => {
      assert.ok(!`${stdout}${stderr}`.includes(mark), "It shows a secret.");
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr });
    });
  });
}

describe("validate-env", function () {
  this.timeout(30_000);
  let server: SecretsManager;
  let folder: string;
  let aws: Record<string, string>;
  before(async () => {
    [server, folder] = await Promise.all([
      startSecretsManager(),
      mkdtemp(join(tmpdir(), "macro-ai-validate-")),
    ]);
    const both = {
      ...atPath("/macro-ai/staging", "staging"),
      ...atPath("/macro-ai/uat", "uat", { API_KEY: mark }),
    };
    for (const [Name, fields] of Object.entries(both)) {
      await server.client.send(new CreateSecretCommand({ Name, SecretString: JSON.stringify(fields) }));
    }
    aws = {
      AWS_ENDPOINT_URL: server.endpoint,
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
    };
  });
  after(() => Promise.all([server.stop(), rm(folder, { recursive: true })]));

  it("ends with 0 where everything is there", async () => {
    const { code, stdout, stderr } = await validate([], { ...variablesOf("staging"), ...aws }, folder);
    assert.deepEqual([code, stderr], [0, ""]);
    assert.match(stdout, /^staging: the configuration is complete, with what api-keys, .* hold\.\n$/);
  });

  it("ends with 1 and every problem", async () => {
    const environment = { ...variablesOf("uat"), ...aws, SERVER_PORT: "none", OPENAI_API_KEY: mark };
    const { code, stdout, stderr } = await validate([], environment, folder);
    assert.deepEqual([code, stdout], [1, ""]);
    assert.equal(
      stderr,
      `The configuration of uat has 3 problems:
  OPENAI_API_KEY: is set as a variable, and comes from the secret external-services: remove the variable
  API_KEY: has 8 characters; 32 are the least: openssl rand -base64 36
  SERVER_PORT: must be a port from 1 to 65535
`,
    );
  });

  it("checks the variables alone where CI has no AWS", async () => {
    const good = await validate(["--without-secrets"], variablesOf("production"), folder);
    assert.deepEqual(
      [good.code, good.stdout],
      [0, "production: the variables are complete; no secret was read.\n"],
    );
    const environment = {
      ...variablesOf("production"),
      NODE_ENV: "development",
      API_KEY: mark,
      SECRET_ARNS: "x",
    };
    const bad = await validate(["--without-secrets"], environment, folder);
    assert.equal(bad.code, 1);
    assert.match(
      bad.stderr,
      /^The configuration of production has 7 problems:\n {2}SECRET_ARNS: holds what is no ARN/,
    );
    assert.match(bad.stderr, /API_KEY: is set as a variable/);
    assert.match(bad.stderr, /NODE_ENV: must be production\n$/);
  });

  it("checks a developer's file", async () => {
    const file = join(folder, "mine.env");
    await writeFile(file, `APP_ENV=development\nAPI_KEY=${"k".repeat(40)}\n`);
    for (const args of [[], ["--without-secrets"]]) {
      const { code, stderr } = await validate(["--env-file", file, ...args], {}, folder);
      assert.equal(code, 1);
      assert.match(stderr, /development has a problem:\n {2}RELATIONAL_DATABASE_URL: is missing\n$/);
    }
  });

  it("explains itself, and refuses options that it does not know", async () => {
    const help = await validate(["--help"], {}, folder);
    assert.deepEqual([help.code, help.stderr], [0, ""]);
    for (const option of ["--env-file", "--without-secrets", "--help"])
      assert.ok(help.stdout.includes(option));
    const { code, stderr } = await validate(["--nope"], {}, folder);
    assert.equal(code, 1);
    assert.match(stderr, /--nope.*\nvalidate-env --help lists the options\.\n$/);
  });
});
