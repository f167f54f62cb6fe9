import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { Cli } from "../../scripts/delivery/lib/cli.ts";
import { deploy, type Result } from "../../scripts/delivery/lib/deploy.ts";
import { checkout } from "../engine/harness.ts";
import { listen } from "../rotation/servers/programs.ts";

describe("the way back", () => {
  /** Nobody has such a commit: a way back that is taken ends there. */
  const previous = "0123456789abcdef0123456789abcdef01234567";
  let server: Server;
  let apiUrl: string;
  let well: boolean;
  let updates: number;
  before(async () => {
    server = createServer((_, response) =>
      response.writeHead(well ? 200 : 503).end(JSON.stringify({ status: well ? "healthy" : "unhealthy" })),
    );
    apiUrl = `http://127.0.0.1:${await listen(server)}`;
  });
  after(() => server.close());

  const history = [{ kind: "update", result: "succeeded", environment: { "git.head": previous } }];
  const cli: Cli = {
    stack: "one",
    project: checkout,
    show: () => {
      updates += 1;
      well = false;
      return Promise.resolve(0);
    },
    read: () => Promise.resolve({ code: 0, stdout: JSON.stringify(history), stderr: "" }),
    elsewhere: () => Promise.resolve(cli),
    close: () => Promise.resolve(),
  };
  const deployed = (): Promise<Result> => {
    updates = 0;
    const patience = { signal: new AbortController().signal, intervalMs: 5, say: () => undefined };
    return deploy({
      cli,
      refresh: false,
      apiUrl,
      limitMs: 50,
      patience,
      rollback: true,
      say: () => undefined,
    });
  };

  it("is not taken to a commit with which the API was not well either", async () => {
    well = false;
    const { outcome, events } = await deployed();
    assert.deepEqual([outcome, updates], ["unhealthy", 1]);
    assert.match(
      events.at(-1) ?? "",
      new RegExp(`nothing to go back to: with ${previous} the API was not well either\\. .* 503, unhealthy`),
    );
  });

  it("is taken where the API was well", async () => {
    well = true;
    const { outcome, events } = await deployed();
    assert.equal(outcome, "rollback failed");
    assert.match(events.at(-1) ?? "", new RegExp(`Commit ${previous} cannot be checked out`));
  });
});
