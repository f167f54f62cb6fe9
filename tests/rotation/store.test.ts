import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { deadline } from "../../rotation/deadline.ts";
import { callLimits, secretStore } from "../../rotation/store.ts";
import { listen } from "./servers/programs.ts";

describe("a call of Secrets Manager that is never answered", function () {
  this.timeout(30_000);

  it("is given up and made again, long before the function's own time is over", async () => {
    let calls = 0;
    const server = createServer((_, response) => {
      calls += 1;
      if (calls === 1) return;
      response.end(JSON.stringify({ RotationEnabled: true, VersionIdsToStages: { one: ["AWSCURRENT"] } }));
    });
    const client = new SecretsManagerClient({
      ...callLimits,
      endpoint: `http://127.0.0.1:${await listen(server)}`,
      region: "us-east-1",
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
    });
    try {
      const { stages } = await secretStore("secret", deadline(20_000), client).describe();
      assert.deepEqual(stages, { one: ["AWSCURRENT"] });
      assert.equal(calls, 2);
    } finally {
      client.destroy();
      server.closeAllConnections();
      server.close();
    }
  });
});
