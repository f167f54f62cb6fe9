import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import { healthy } from "../../../operations/lib/health.ts";
import { listen } from "../../rotation/servers/programs.ts";

describe("operations/lib/health", () => {
  let server: Server;
  let url: string;
  /** Answers by turns; the last one stays. */
  let answers: { status: number; body: string }[];
  let asked: number;
  beforeEach(async () => {
    asked = 0;
    server = createServer((request, response) => {
      assert.equal(request.url, "/api/health");
      const { status, body } = answers[Math.min(asked, answers.length - 1)] ?? assert.fail();
      asked += 1;
      response.writeHead(status).end(body);
    });
    url = `http://127.0.0.1:${await listen(server)}`;
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const patience = (signal = new AbortController().signal) => ({
    signal,
    intervalMs: 1,
    say: () => undefined,
  });
  const good = { status: 200, body: '{"status":"healthy"}' };

  it("wants three good answers in a row", async () => {
    answers = [good, good, { status: 503, body: '{"status":"unhealthy"}' }, good];
    assert.match(await healthy(url, patience()), /answered 3 times: 200, healthy/);
    assert.equal(asked, 6);
  });

  for (const [what, answer, seen] of [
    ["is down", { status: 503, body: '{"status":"unhealthy"}' }, /the last answer: 503, unhealthy/],
    ["says nothing of its status", { status: 200, body: "<html>" }, /200, no JSON with a status/],
    ["sends elsewhere", { status: 302, body: "{}" }, /302/],
  ] as const)
    it(`names the last answer of an API that ${what}`, async () => {
      answers = [answer];
      await assert.rejects(healthy(url, patience(), 30), seen);
    });

  it("names what is in the way of an API that cannot be reached", async () => {
    server.close();
    await assert.rejects(healthy(url, patience(), 30), /ECONNREFUSED/);
  });

  it("stops when it is told to", async () => {
    answers = [{ status: 503, body: "{}" }];
    await assert.rejects(healthy(url, patience(AbortSignal.timeout(20))), /Timeout|aborted/);
  });
});
