import { CognitoIdentityProviderClient } from "@aws-sdk/client-cognito-identity-provider";
import type { CognitoClient } from "../../../rotation/external/cognito.ts";
import { createHmac, randomUUID } from "node:crypto";
import { clientOf } from "../servers/aws-client.ts";
import { type Asked, jsonServer } from "../servers/json-server.ts";

/** A service outside, as far as a rotation sees it. */
export interface Service {
  endpoint: string;
  /** Credentials that it takes, the oldest first. */
  valid: () => string[];
  stop: () => Promise<void>;
}

/** The calls of Cognito's interface about one app client's secrets, by its API reference. */
export async function startCognito(
  first: string,
  isLost = () => false,
): Promise<Service & { client: CognitoClient; secrets: Map<string, string> }> {
  const secrets = new Map([["client--1", first]]);
  let made = 1;
  const error = (name: string, message: string) => ({ status: 400, body: { __type: name, message } });
  const hashOf = (secret: string, { body }: Asked): string => {
    const { USERNAME } = body["AuthParameters"] as Record<string, string>;
    return createHmac("sha256", secret)
      .update(`${USERNAME ?? ""}${String(body["ClientId"])}`)
      .digest("base64");
  };
  const operations: Record<string, (asked: Asked) => { status: number; body: unknown }> = {
    ListUserPoolClientSecrets: () => ({
      status: 200,
      body: {
        ClientSecrets: [...secrets.keys()]
          .map((id) => ({ ClientSecretId: id, ClientSecretCreateDate: Number(id.split("--")[1]) }))
          // In no order that anybody promised.
          .reverse(),
      },
    }),
    AddUserPoolClientSecret: ({ body }) => {
      if (secrets.size >= 2) return error("LimitExceededException", "two at most");
      made += 1;
      secrets.set(`client--${made}`, String(body["ClientSecret"]));
      return { status: 200, body: { ClientSecretDescriptor: { ClientSecretId: `client--${made}` } } };
    },
    DeleteUserPoolClientSecret: ({ body }) => {
      if (secrets.size === 1) return error("InvalidParameterException", "the last one");
      return secrets.delete(String(body["ClientSecretId"]))
        ? { status: 200, body: {} }
        : error("ResourceNotFoundException", "no such secret");
    },
    InitiateAuth: (asked) => {
      const { SECRET_HASH } = asked.body["AuthParameters"] as Record<string, string>;
      const isRight = [...secrets.values()].some((secret) => hashOf(secret, asked) === SECRET_HASH);
      return error(
        "NotAuthorizedException",
        isRight
          ? "Invalid Refresh Token"
          : `Unable to verify secret hash for client ${String(asked.body["ClientId"])}`,
      );
    },
  };
  const server = await jsonServer((asked) => {
    const operation = operations[String(asked.headers["x-amz-target"]).split(".").at(-1) ?? ""];
    return operation?.(asked) ?? error("UnknownOperationException", "unknown");
  }, isLost);
  const client = new CognitoIdentityProviderClient({
    ...clientOf(server.endpoint),
    // One repetition: more would only wait longer for what stays refused.
    maxAttempts: 2,
  });
  return { ...server, client: () => Promise.resolve(client), secrets, valid: () => [...secrets.values()] };
}

/** OpenAI's service accounts of one project, two a page. */
export async function startOpenAi(
  adminKey: string,
  byHand: string,
  isLost = () => false,
): Promise<Service & { accounts: Map<string, { name: string; key: string }> }> {
  const accounts = new Map<string, { name: string; key: string }>();
  const refused = { status: 401, body: { error: { message: "Incorrect API key provided: sk-quoted" } } };
  const keyOf = ({ headers }: Asked): string => String(headers.authorization).replace("Bearer ", "");
  const isKey = (key: string): boolean =>
    key === byHand || [...accounts.values()].some((account) => account.key === key);
  const server = await jsonServer((asked) => {
    if (asked.url.pathname === "/v1/models")
      return isKey(keyOf(asked)) ? { status: 200, body: { data: [] } } : refused;
    if (keyOf(asked) !== adminKey) return refused;
    if (asked.method === "POST") {
      const id = `svc_${randomUUID()}`;
      const account = { name: String(asked.body["name"]), key: `sk-${randomUUID()}` };
      accounts.set(id, account);
      return { status: 200, body: { id, name: account.name, api_key: { value: account.key } } };
    }
    if (asked.method === "DELETE") {
      const was = accounts.delete(asked.url.pathname.split("/").at(-1) ?? "");
      return was ? { status: 200, body: { deleted: true } } : { status: 404, body: {} };
    }
    const all = [...accounts].map(([id, { name }]) => ({ id, name }));
    const from = all.findIndex(({ id }) => id === asked.url.searchParams.get("after")) + 1;
    const data = all.slice(from, from + 2);
    return { status: 200, body: { data, has_more: from + 2 < all.length, last_id: data.at(-1)?.id } };
  }, isLost);
  return { ...server, accounts, valid: () => [...accounts.values()].map(({ key }) => key) };
}
