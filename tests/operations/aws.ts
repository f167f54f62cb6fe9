import {
  DescribeSecretCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from "@aws-sdk/client-secrets-manager";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type Server } from "node:http";
import { ElasticContainerService } from "./ecs.ts";
import { clientOf } from "../rotation/servers/aws-client.ts";
import { listen } from "../rotation/servers/programs.ts";

/** What an AWS service answers. */
export interface Answer {
  status: number;
  body: string;
}

/** A call on its way, by its name: `rds CreateDBSnapshot`, `ecs RunTask`, `pulumi up`. */
export type Interference = (call: string, forward: () => Promise<Answer>) => Promise<Answer>;

/** An answer in AWS's JSON. */
export const json = (body: unknown, status = 200): Answer => ({ status, body: JSON.stringify(body) });

/**
 * AWS for one environment: moto, and before it what moto lacks - tasks that run, deployments that take time, functions of images.
 */
export class Aws {
  readonly ecs: ElasticContainerService;
  /** Every call, in order. */
  readonly calls: string[] = [];
  /** Set by a test to slow down, fail or change calls. */
  interfere: Interference = (_call, forward) => forward();
  /** Of the function: its image, and when it was changed. */
  /** What a call of the function `bootstrap` does. */
  bootstrap: () => Promise<void> = () => Promise.resolve();
  /** Tokens that the cache was given. */
  readonly tokens: string[] = [];
  readonly lambda = { image: undefined as string | undefined, modified: new Date(0) };
  endpoint = "";
  readonly #server: Server;
  readonly #motoPort: number;

  constructor(motoPort: number, ecs: ElasticContainerService) {
    this.#motoPort = motoPort;
    this.ecs = ecs;
    this.#server = createServer((request, response) => {
      void this.#handle(request).then(
        ({ status, body, type }) => response.writeHead(status, { "content-type": type }).end(body),
        () => response.destroy(),
      );
    });
  }

  async start(): Promise<void> {
    this.endpoint = `http://127.0.0.1:${await listen(this.#server)}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    await this.ecs.stop();
  }

  /** How often a call was made. */
  count(call: string): number {
    return this.calls.filter((one) => one === call).length;
  }

  async #handle(request: IncomingMessage): Promise<Answer & { type: string }> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const sent = Buffer.concat(chunks).toString();
    const { method = "GET", url = "/", headers } = request;
    const call = nameOf(method, url, headers, sent);
    this.calls.push(call);
    let type = "application/x-amz-json-1.1";
    const forward = async (): Promise<Answer> => {
      const own = await this.#own(call, sent);
      if (own) return own;
      const keepLabels = call === "secretsmanager PutSecretValue" && (await this.#ownLabels(sent));
      const init: RequestInit = { method, headers: passed(headers), ...(sent !== "" && { body: sent }) };
      const answered = await fetch(`http://127.0.0.1:${this.#motoPort}${url}`, init);
      type = answered.headers.get("content-type") ?? type;
      if (keepLabels) await keepLabels();
      return { status: answered.status, body: await answered.text() };
    };
    return { ...(await this.interfere(call, forward)), type };
  }

  /** moto takes every label but its own from what is no longer current; AWS leaves them. */
  async #ownLabels(sent: string): Promise<() => Promise<void>> {
    const { SecretId } = JSON.parse(sent) as { SecretId: string };
    const client = new SecretsManagerClient(clientOf(`http://127.0.0.1:${this.#motoPort}`));
    const { VersionIdsToStages = {} } = await client.send(new DescribeSecretCommand({ SecretId }));
    const own = Object.entries(VersionIdsToStages).flatMap(([MoveToVersionId, labels]) =>
      labels
        .filter((label) => !label.startsWith("AWS"))
        .map((VersionStage) => ({ SecretId, MoveToVersionId, VersionStage })),
    );
    return async () => {
      for (const label of own) await client.send(new UpdateSecretVersionStageCommand(label));
      client.destroy();
    };
  }

  async #own(call: string, sent: string): Promise<Answer | undefined> {
    const [service = "", operation = ""] = call.split(" ");
    if (service === "ecs") {
      const answered = await this.ecs.answer(operation, JSON.parse(sent) as Record<string, unknown>);
      return answered === undefined ? undefined : json(answered);
    }
    if (call === "lambda POST") {
      await this.bootstrap();
      return json({});
    }
    if (service === "lambda") return this.#function(operation, sent);
    if (service === "elasticache") return this.#cache(operation, sent);
    if (call === "pulumi up") {
      const { image, definition, scale } = JSON.parse(sent) as {
        image: string;
        definition?: string;
        scale?: string;
      };
      if (definition !== undefined) {
        // What runs already is not deployed again.
        if (this.ecs.deployments[0]?.taskDefinition !== definition) this.ecs.deploy(definition);
      } else if (scale !== "enterprise") Object.assign(this.lambda, { image, modified: new Date() });
      return json({});
    }
    return service === "pulumi" ? json({}) : undefined;
  }

  #cache(operation: string, sent: string): Answer {
    const token = new URLSearchParams(sent).get("AuthToken");
    if (token !== null) this.tokens.push(token);
    const group = "<Status>available</Status><ReplicationGroupId>cache-1</ReplicationGroupId>";
    const result =
      operation === "ModifyReplicationGroup"
        ? `<ReplicationGroup>${group}</ReplicationGroup>`
        : `<ReplicationGroups><ReplicationGroup>${group}</ReplicationGroup></ReplicationGroups>`;
    const body = `<${operation}Response xmlns="http://elasticache.amazonaws.com/doc/2015-02-02/"><${operation}Result>${result}</${operation}Result><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></${operation}Response>`;
    return { status: 200, body };
  }

  #function(operation: string, sent: string): Answer {
    if (operation === "PUT") {
      const { ImageUri } = JSON.parse(sent) as { ImageUri: string };
      Object.assign(this.lambda, { image: ImageUri, modified: new Date() });
    }
    const { image, modified } = this.lambda;
    return json({
      Code: image === undefined ? {} : { ImageUri: image },
      Configuration: { LastUpdateStatus: "Successful", LastModified: modified.toISOString() },
    });
  }
}

function passed(headers: IncomingHttpHeaders): Record<string, string> {
  const kept = ["authorization", "content-type", "x-amz-target", "x-amz-date", "x-amzn-query-mode"];
  return Object.fromEntries(
    kept.flatMap((name) => (typeof headers[name] === "string" ? [[name, headers[name]]] : [])),
  );
}

function nameOf(method: string, url: string, headers: IncomingHttpHeaders, sent: string): string {
  if (url.startsWith("/pulumi/")) return `pulumi ${url.slice("/pulumi/".length)}`;
  const service =
    /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\//.exec(headers.authorization ?? "")?.[1] ?? "health";
  const target = String(headers["x-amz-target"] ?? "")
    .split(".")
    .at(-1);
  return `${service} ${target || (new URLSearchParams(sent).get("Action") ?? method)}`;
}
