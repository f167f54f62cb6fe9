import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { placeholderCommand, placeholderHandler } from "../../components/placeholder.ts";

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
  it("answers the health check in a container, nothing else, and ends at once when told to", async () => {
    const port = await freePort();
    const [, ...options] = placeholderCommand(port, "/api/health");
    const server = spawn(process.execPath, options, { stdio: "inherit" });
    try {
      const origin = `http://127.0.0.1:${port}`;
      const health = await get(`${origin}/api/health?probe`);
      assert.equal(health.status, 200);
      // Longer than the load balancer's 60 s.
      assert.equal(health.headers.get("keep-alive"), "timeout=65");
      assert.deepEqual(await health.json(), { status: "healthy", placeholder: true });
      const other = await get(`${origin}/api/chats`);
      assert.equal(other.status, 503);
      await other.body?.cancel();
    } finally {
      server.kill("SIGTERM");
    }
    const [code] = (await once(server, "exit")) as [number | null];
    assert.equal(code, 0);
  });

  it("answers the same as a function", async () => {
    const source = placeholderHandler("/api/health");
    const module = (await import(`data:text/javascript,${encodeURIComponent(source)}`)) as {
      handler: (event: { rawPath: string }) => Promise<{ statusCode: number; body: string }>;
    };
    const health = await module.handler({ rawPath: "/api/health" });
    assert.equal(health.statusCode, 200);
    assert.deepEqual(JSON.parse(health.body), { status: "healthy", placeholder: true });
    assert.equal((await module.handler({ rawPath: "/" })).statusCode, 503);
  });
});
