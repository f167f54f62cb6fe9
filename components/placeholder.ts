/**
 * What runs until the pipeline has pushed an image, so that the very first `up` converges: a few lines of Node without
 * dependencies that answer the health check and tell everybody else that nothing is deployed yet.
 */

/** A public image that needs no credentials and exists for ARM64. */
export const PLACEHOLDER_IMAGE = "public.ecr.aws/docker/library/node:24-alpine";

/** 503 for all but the health check: a monitor must not take the placeholder for the application. */
const ANSWER = `const answer = (path) => path === HEALTH_PATH
  ? { statusCode: 200, body: { status: "healthy", placeholder: true } }
  : { statusCode: 503, body: { error: "No image has been deployed yet." } };`;

/** The command of a container that listens on `port` in place of the application. */
export function placeholderCommand(port: number, healthPath: string): string[] {
  // keepAliveTimeout stays above the load balancer's idle time-out of 60 s, else it reuses connections that Node closes.
  const source = `${constants(healthPath)}
${ANSWER}
const server = require("node:http").createServer((request, response) => {
  const { statusCode, body } = answer(request.url.split("?")[0]);
  response.writeHead(statusCode, { "content-type": "application/json" }).end(JSON.stringify(body));
});
server.keepAliveTimeout = 65_000;
server.headersTimeout = 66_000;
server.listen(${port});
process.on("SIGTERM", () => server.close(() => process.exit(0)));`;
  return ["node", "-e", source];
}

/** The source of a Lambda function's `index.mjs`, whose handler is `index.handler`. */
export function placeholderHandler(healthPath: string): string {
  return `${constants(healthPath)}
${ANSWER}
export const handler = async (event) => {
  const { statusCode, body } = answer(event.rawPath);
  return { statusCode, headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
};
`;
}

function constants(healthPath: string): string {
  return `const HEALTH_PATH = ${JSON.stringify(healthPath)};`;
}

/** What the website shows until the pipeline has uploaded the application. */
export const PLACEHOLDER_PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>Macro AI</title>
  </head>
  <body>
    <p>The application has not been deployed yet.</p>
  </body>
</html>
`;
