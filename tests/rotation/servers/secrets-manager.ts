import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { randomUUID } from "node:crypto";
import { createServer, request, type IncomingMessage, type ServerResponse } from "node:http";
import { clientOf } from "./aws-client.ts";
import { moto } from "./moto.ts";
import { listen, stopServer } from "./programs.ts";

/** What stands between the SDK and the service for one call. */
export type Interference = (
  operation: string,
  forward: () => Promise<Answer>,
  sent: string,
) => Promise<Answer>;

export interface Answer {
  status: number;
  body: string;
}

/**
 * Secrets Manager: moto's, behind a proxy that adds what moto lacks - rotation as a state of the secret, a version that is AWSPENDING before it has a
 * value - and that can interfere with calls.
 */
export interface SecretsManager {
  client: SecretsManagerClient;
  endpoint: string;
  /** Set by a test to slow down, fail or change calls. */
  interfere: Interference;
  /** Makes a secret, rotation on; its name. */
  create(value: unknown): Promise<string>;
  /** Begins a rotation as RotateSecret does: the token is AWSPENDING and has no value. */
  begin(secretId: string, token?: string): string;
  turnRotationOff(secretId: string): void;
  value(secretId: string, stage?: string): Promise<string | undefined>;
  stages(secretId: string): Promise<Record<string, string[]>>;
  stop(): Promise<void>;
}

const untouched: Interference = (_operation, forward) => forward();

export async function startSecretsManager(): Promise<SecretsManager> {
  const { child, port } = await moto();
  const tokens = new Map<string, string>();
  const disabled = new Set<string>();
  const state = { interfere: untouched };
  const server = createServer((incoming, outgoing) => {
    void pass(incoming, outgoing, port, (operation, forward, sent) =>
      state.interfere(
        operation,
        async () => {
          const answer = await forward();
          if (operation === "PutSecretValue" && answer.status === 200) notePending(sent, tokens);
          return withRotation(operation, answer, tokens, disabled);
        },
        sent,
      ),
    );
  });
  const endpoint = `http://127.0.0.1:${await listen(server)}`;
  const client = new SecretsManagerClient(clientOf(endpoint));
  return {
    client,
    endpoint,
    get interfere() {
      return state.interfere;
    },
    set interfere(interference) {
      state.interfere = interference;
    },
    create: async (value) => {
      const Name = `test/${randomUUID()}`;
      await client.send(new CreateSecretCommand({ Name, SecretString: JSON.stringify(value) }));
      return Name;
    },
    begin: (secretId, token = randomUUID()) => {
      tokens.set(secretId, token);
      return token;
    },
    turnRotationOff: (secretId) => {
      disabled.add(secretId);
    },
    value: async (SecretId, VersionStage = "AWSCURRENT") =>
      (
        await client
          .send(new GetSecretValueCommand({ SecretId, VersionStage }))
          .catch(() => ({ SecretString: undefined }))
      ).SecretString,
    stages: async (SecretId) =>
      (await client.send(new DescribeSecretCommand({ SecretId }))).VersionIdsToStages ?? {},
    stop: async () => {
      client.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await stopServer(child);
    },
  };
}

function notePending(sent: string, tokens: Map<string, string>): void {
  const put = JSON.parse(sent) as { SecretId: string; ClientRequestToken: string; VersionStages?: string[] };
  if (put.VersionStages?.includes("AWSPENDING")) tokens.set(put.SecretId, put.ClientRequestToken);
}

function withRotation(
  operation: string,
  answer: Answer,
  tokens: ReadonlyMap<string, string>,
  disabled: ReadonlySet<string>,
): Answer {
  if (operation !== "DescribeSecret" || answer.status !== 200) return answer;
  const secret = JSON.parse(answer.body) as { Name: string; VersionIdsToStages: Record<string, string[]> };
  const token = tokens.get(secret.Name);
  const stages = Object.fromEntries(
    Object.entries({
      ...(token !== undefined && { [token]: ["AWSPENDING"] }),
      ...secret.VersionIdsToStages,
    }).map(
      // moto leaves the label where it was when another version gets it.
      ([id, labels]) => [id, labels.filter((label) => label !== "AWSPENDING" || id === token)],
    ),
  );
  const body = { ...secret, RotationEnabled: !disabled.has(secret.Name), VersionIdsToStages: stages };
  return { status: 200, body: JSON.stringify(body) };
}

/** Asked for no version, moto gives the one that was current when it was written. */
function withStage(body: Buffer): Buffer {
  const asked = JSON.parse(body.toString()) as { VersionId?: string; VersionStage?: string };
  if (asked.VersionId !== undefined || asked.VersionStage !== undefined) return body;
  return Buffer.from(JSON.stringify({ ...asked, VersionStage: "AWSCURRENT" }));
}

async function pass(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  port: number,
  interference: Interference,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  // Services that speak REST have their operation in the path.
  const target = incoming.headers["x-amz-target"];
  const operation = typeof target === "string" ? (target.split(".").at(-1) ?? "") : (incoming.url ?? "");
  const sent = operation === "GetSecretValue" ? withStage(Buffer.concat(chunks)) : Buffer.concat(chunks);
  const forward = (): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const { method, url: path } = incoming;
      const headers = { ...incoming.headers, "content-length": sent.byteLength };
      const onward = request({ host: "127.0.0.1", port, method, path, headers }, (response) => {
        let body = "";
        response.on("data", (chunk: Buffer) => (body += chunk.toString()));
        response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
      });
      onward.on("error", reject);
      onward.end(sent);
    });
  try {
    const { status, body } = await interference(operation, forward, sent.toString());
    outgoing.writeHead(status, { "content-type": "application/x-amz-json-1.1" }).end(body);
  } catch {
    outgoing.destroy();
  }
}
