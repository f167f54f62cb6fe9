import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { placeholderCommand, placeholderHandler } from "../../components/placeholder.ts";
import { placeholderFile } from "../../scripts/placeholder.ts";

const environment = "staging";

/** What the document's health check answers, by somebody who needs nothing. */
function assertHealthy(body: unknown): void {
  const { timestamp, ...rest } = body as { timestamp: string };
  assert.ok(!Number.isNaN(Date.parse(timestamp)));
  assert.deepEqual(rest, { status: "healthy", version: "placeholder", environment, checks: {} });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** Asks until somebody listens. */
async function get(url: string, attempts = 50): Promise<Response> {
  try {
    return await fetch(url);
  } catch (error) {
    if (attempts === 0) throw error;
    await new Promise((resolve) => setTimeout(resolve, 50));
    return get(url, attempts - 1);
  }
}

describe("the placeholder", () => {
  const before = process.env["APP_ENV"];
  afterEach(() => {
    if (before === undefined) delete process.env["APP_ENV"];
    else process.env["APP_ENV"] = before;
  });

  it("answers the health check in a container, nothing else, and ends at once when told to", async () => {
    const port = await freePort();
    const [, ...options] = placeholderCommand(port, "/api/health");
    const server = spawn(process.execPath, options, {
      stdio: "inherit",
      env: { ...process.env, APP_ENV: environment },
    });
    try {
      const origin = `http://127.0.0.1:${port}`;
      const health = await get(`${origin}/api/health?probe`);
      assert.equal(health.status, 200);
      // Longer than the load balancer's 60 s.
      assert.equal(health.headers.get("keep-alive"), "timeout=65");
      assertHealthy(await health.json());
      const live = await get(`${origin}/api/health/live`);
      assert.equal(live.status, 200);
      await live.body?.cancel();
      const other = await get(`${origin}/api/chats`);
      assert.equal(other.status, 503);
      await other.body?.cancel();
    } finally {
      server.kill("SIGTERM");
    }
    const [code] = (await once(server, "exit")) as [number | null];
    assert.equal(code, 0);
  });

  it("is what runtime/placeholder makes now", async () => {
    const { file, expected, remedy } = await placeholderFile();
    assert.equal(await readFile(file, "utf8"), expected, remedy);
  });

  it("answers the same as a function", async () => {
    const inStaging = `process.env.APP_ENV=${JSON.stringify(environment)};${placeholderHandler("/api/health")}`;
    const module = (await import(`data:text/javascript,${encodeURIComponent(inStaging)}`)) as {
      handler: (event: { rawPath: string }) => Promise<{ statusCode: number; body: string }>;
    };
    const health = await module.handler({ rawPath: "/api/health" });
    assert.equal(health.statusCode, 200);
    assertHealthy(JSON.parse(health.body));
    assert.equal((await module.handler({ rawPath: "/api/health/live" })).statusCode, 200);
    assert.equal((await module.handler({ rawPath: "/" })).statusCode, 503);
  });
});
