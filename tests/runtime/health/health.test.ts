import assert from "node:assert/strict";
import express from "express";
import { createServer, type Server } from "node:http";
import { type Check, CodedError, Health, liveness, readiness } from "../../../runtime/health/index.ts";
import { mark } from "../examples.ts";
import { listen } from "../../rotation/servers/programs.ts";

const well: Check = { critical: true, run: () => Promise.resolve() };
/** Fails with whatever a driver might throw. */
const failing = (error: unknown) => () =>
  Promise.resolve().then(() => {
    throw error;
  });

/** A check that the test decides over. */
function steered(): { check: Check; runs: number; error: unknown } {
  const state = {
    runs: 0,
    error: undefined as unknown,
    check: {
      critical: true,
      intervalMs: 10,
      run: () => {
        state.runs += 1;
        return state.error === undefined ? Promise.resolve() : failing(state.error)();
      },
    },
  };
  return state;
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe("Health", () => {
  const toClose: (() => unknown)[] = [];
  afterEach(async () => {
    await Promise.all(toClose.splice(0).map((close) => close()));
  });

  function healthOf(checks: Record<string, Check>): Health {
    const health = new Health({ version: "1.2.3", environment: "staging", checks });
    toClose.push(() => health.stop());
    return health;
  }

  async function ask(server: Server, path = "/api/health", method = "GET") {
    const port = await listen(server);
    toClose.push(() => {
      server.closeAllConnections();
      server.close();
    });
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { method });
    return { response, text: await response.text() };
  }

  it("answers what the document's health check does, with APP_ENV for its environment", async () => {
    const health = healthOf({
      database: well,
      redis: well,
      cognito: well,
      openai: { ...well, critical: false },
    });
    const { response, text } = await ask(createServer(readiness(health)));
    assert.equal(response.status, 200);
    assert.equal(response.headers.get("content-type"), "application/json");
    assert.equal(response.headers.get("cache-control"), "no-store");
    const { timestamp, checks, ...rest } = JSON.parse(text) as { timestamp: string; checks: object };
    assert.ok(Math.abs(Date.parse(timestamp) - Date.now()) < 5_000);
    assert.deepEqual(rest, { status: "healthy", version: "1.2.3", environment: "staging" });
    assert.deepEqual(Object.keys(checks), ["database", "redis", "cognito", "openai"]);
    for (const check of Object.values(checks) as { status: string; checkedAt: string }[]) {
      assert.equal(check.status, "healthy");
      assert.ok(!Number.isNaN(Date.parse(check.checkedAt)));
    }
  });

  it("is down with 503 where something critical is, and degraded with 200 where something else is", async () => {
    const refused = failing(new CodedError("ECONNREFUSED"));
    for (const [critical, status, code] of [
      [true, "down", 503],
      [false, "degraded", 200],
    ] as const) {
      const { response, text } = await ask(
        createServer(readiness(healthOf({ database: well, other: { critical, run: refused } }))),
      );
      assert.equal(response.status, code);
      const { status: overall, checks } = JSON.parse(text) as { status: string; checks: { other: object } };
      assert.equal(overall, status);
      assert.deepEqual({ ...checks.other, checkedAt: "" }, { status, code: "ECONNREFUSED", checkedAt: "" });
    }
  });

  it("shows no error's text, nor a code that may be one", async () => {
    const errors = [
      new Error(mark),
      Object.assign(new Error(mark), { code: mark, password: mark }),
      Object.assign(new Error(mark), { code: { toString: () => mark } }),
      mark,
      undefined,
    ];
    for (const error of errors) {
      const { response, text } = await ask(
        createServer(readiness(healthOf({ database: { critical: true, run: failing(error) } }))),
      );
      assert.equal(response.status, 503);
      assert.ok(!text.includes(mark));
      assert.match(text, /"code":"FAILED"/);
    }
  });

  it("waits for no check longer than its time limit, and aborts it", async () => {
    let aborted = false;
    const run = (signal: AbortSignal) => {
      signal.addEventListener("abort", () => (aborted = true));
      return new Promise(() => undefined);
    };
    const start = performance.now();
    const report = await healthOf({ redis: { critical: true, timeoutMs: 30, run } }).report();
    assert.ok(performance.now() - start < 1_000);
    assert.equal(report.status, "down");
    assert.equal(report.checks["redis"]?.code, "TIMEOUT");
    assert.ok(aborted);
  });

  it("survives a check that throws at once", async () => {
    const run = (): Promise<never> => {
      throw new CodedError("NOT_READY");
    };
    assert.equal(
      (await healthOf({ redis: { critical: true, run } }).report()).checks["redis"]?.code,
      "NOT_READY",
    );
  });

  it("looks in the background: asking costs nothing, and what changes is seen", async () => {
    const steer = steered();
    const slow = { ...steer.check, intervalMs: 60_000 };
    const health = healthOf({ database: slow });
    await Promise.all(Array.from({ length: 100 }, () => health.report()));
    assert.equal(steer.runs, 1);

    const lively = steered();
    const watched = healthOf({ database: lively.check });
    assert.equal((await watched.report()).status, "healthy");
    lively.error = new CodedError("57P01");
    while ((await watched.report()).status !== "down") await pause(5);
    lively.error = undefined;
    while ((await watched.report()).status !== "healthy") await pause(5);
  });

  it("looks again for who asks, where the process has slept meanwhile", async () => {
    const steer = steered();
    const health = healthOf({ database: { ...steer.check, intervalMs: 20, timeoutMs: 20 } });
    await health.report();
    steer.error = new CodedError("ECONNREFUSED");
    // Busy, as frozen, so that no timer fires.
    const end = performance.now() + 150;
    while (performance.now() < end);
    assert.equal((await health.report()).status, "down");
  });

  it("stops looking when it is told to", async () => {
    const steer = steered();
    const health = healthOf({ database: steer.check });
    await health.report();
    health.stop();
    const { runs } = steer;
    await pause(50);
    assert.equal(steer.runs, runs);
    assert.equal((await health.report()).status, "healthy");
  });

  it("lives while everything that it needs is down, or says nothing", async () => {
    const health = healthOf({
      database: { critical: true, run: failing(new CodedError("ECONNREFUSED")) },
      redis: { critical: true, run: () => new Promise(() => undefined) },
    });
    const { response, text } = await ask(createServer(liveness(health)), "/api/health/live");
    assert.equal(response.status, 200);
    assert.deepEqual(Object.keys(JSON.parse(text) as object), [
      "status",
      "timestamp",
      "version",
      "environment",
    ]);
  });

  it("is a handler of Express", async () => {
    const health = healthOf({ database: { critical: true, run: failing(new CodedError("28P01")) } });
    const app = express().get("/api/health", readiness(health)).get("/api/health/live", liveness(health));
    const { response, text } = await ask(createServer(app as Parameters<typeof createServer>[1]));
    assert.equal(response.status, 503);
    assert.match(text, /"28P01"/);
    const live = await ask(createServer(app as Parameters<typeof createServer>[1]), "/api/health/live");
    assert.equal(live.response.status, 200);
    const head = await ask(createServer(app as Parameters<typeof createServer>[1]), "/api/health", "HEAD");
    assert.deepEqual([head.response.status, head.text], [503, ""]);
  });
});
