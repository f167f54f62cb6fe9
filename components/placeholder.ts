import sources from "./placeholder.generated.json" with { type: "json" };

/**
 * What runs until the pipeline has pushed an image, so that the very first `up` converges: the health check of the
 * services' own library (`runtime/placeholder`, bundled by `npm run placeholder`), and to everybody else that nothing is
 * deployed yet.
 */

/** A public image that needs no credentials and exists for ARM64. */
export const PLACEHOLDER_IMAGE = "public.ecr.aws/docker/library/node:24-alpine";

/** The command of a container that listens on `port` in place of the application. */
export const placeholderCommand = (port: number, healthPath: string): string[] => [
  "node",
  "-e",
  `${sources.container}\nplaceholder.listen(${port}, ${JSON.stringify(healthPath)});`,
];

/** The source of a Lambda function's `index.mjs`, whose handler is `index.handler`. */
export const placeholderHandler = (healthPath: string): string =>
  `${sources.function}\nexport const handler = placeholder.handlerOf(${JSON.stringify(healthPath)});\n`;

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
