import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join, resolve } from "node:path";
import { clientOptions, invocationOptions } from "../../../operations/lib/aws.ts";
import { listen } from "../../rotation/servers/programs.ts";

const operations = resolve(import.meta.dirname, "../../../operations");

describe("operations/lib/aws", () => {
  it("gives a call that is never answered up, and makes it again", async () => {
    let calls = 0;
    const server = createServer((_, response) => {
      calls += 1;
      if (calls > 1) response.end(JSON.stringify({ SecretString: "{}" }));
    });
    const { requestHandler, ...options } = clientOptions("us-east-1");
    const client = new SecretsManagerClient({
      ...options,
      requestHandler: { ...requestHandler, requestTimeout: requestHandler.requestTimeout / 300 },
      endpoint: `http://127.0.0.1:${await listen(server)}`,
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
    });
    try {
      const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: "one" }));
      assert.equal(SecretString, "{}");
      assert.equal(calls, 2);
    } finally {
      client.destroy();
      server.closeAllConnections();
      server.close();
    }
  });

  it("lets a function that is called work for its two minutes", () => {
    assert.ok(invocationOptions("us-east-1").requestHandler.requestTimeout > 120_000);
    assert.equal(invocationOptions("eu-west-1").region, "eu-west-1");
  });

  it("is what every client of an operation is made with", async () => {
    let clients = 0;
    for (const file of await readdir(operations, { recursive: true })) {
      if (!file.endsWith(".ts")) continue;
      const text = await readFile(join(operations, file), "utf8");
      for (const [made, options = ""] of text.matchAll(/new \w+Client\(([^()]*)/g)) {
        assert.match(options, /^(?:clientOptions|invocationOptions|callLimits)$/, `${file}: ${made}`);
        clients += 1;
      }
    }
    assert.ok(clients > 15, String(clients));
  });
});
