import { createServer } from "node:http";
import { answer, liveness, readiness } from "../health/handler.ts";
import { Health } from "../health/health.ts";
import { livePath, NOTHING_DEPLOYED, self } from "./self.ts";

/** Listens in place of the application in a container. */
export function listen(port: number, healthPath: string): void {
  const health = new Health(self());
  const handlers = new Map([
    [healthPath, readiness(health)],
    [livePath(healthPath), liveness(health)],
  ]);
  const server = createServer((request, response) => {
    const handle = handlers.get(request.url?.split("?")[0] ?? "");
    if (handle) handle(request, response);
    else answer(request, response, 503, NOTHING_DEPLOYED);
  });
  // Above the load balancer's idle time-out of 60 s, else it reuses connections that Node closes.
  server.keepAliveTimeout = 65_000;
  server.headersTimeout = 66_000;
  server.listen(port);
  process.on("SIGTERM", () => {
    server.close(() => process.exit(0));
    server.closeIdleConnections();
  });
}
