import type { CognitoIdentityProviderClient } from "@aws-sdk/client-cognito-identity-provider";
import { createHash, createHmac } from "node:crypto";
import type { Deadline } from "../deadline.ts";
import { RotationError } from "../errors.ts";
import { newPassword } from "../passwords.ts";
import { callLimits } from "../store.ts";
import type { Fields, Provider } from "./provider.ts";

const POOL = "AWS_COGNITO_USER_POOL_ID";
const CLIENT = "AWS_COGNITO_USER_POOL_CLIENT_ID";
const SECRET = "AWS_COGNITO_USER_POOL_SECRET_KEY";

/** Cognito lists its secrets without their values: this is the id of the one that a rotation replaced. */
const REPLACED = "AWS_COGNITO_USER_POOL_REPLACED_SECRET_ID";

/** A digest of the secret that replaced it: beside another one, written by hand, the id says nothing. */
const REPLACED_BY = "AWS_COGNITO_USER_POOL_REPLACED_BY";

/** Loaded with its first call: neither the function's start nor the steps that need Secrets Manager alone wait for it. */
const sdk = () => import("@aws-sdk/client-cognito-identity-provider");

interface ListedSecret {
  id: string;
  /** Milliseconds since 1970. */
  made: number;
}

/** A client, made when it is first needed. */
export type CognitoClient = () => Promise<CognitoIdentityProviderClient>;

/**
 * One for all calls of the function, so that its connection and its credentials outlive one.
 *
 * @param region where the pool lies. @default - where the function runs
 */
export function cognitoClient(region?: string): CognitoClient {
  let made: CognitoIdentityProviderClient | undefined;
  return async () => {
    const { CognitoIdentityProviderClient } = await sdk();
    return (made ??= new CognitoIdentityProviderClient({
      ...callLimits,
      ...(region !== undefined && { region }),
    }));
  };
}

/**
 * The secret of an app client of a Cognito user pool, which has two at most. The value is made here, so that an attempt
 * that was cut short can ask whether Cognito has it; the one before stays valid until the next rotation.
 */
export function cognito({ signal }: Deadline, connect: CognitoClient): Provider {
  const options = { abortSignal: signal };
  const ids = (fields: Fields) => ({ UserPoolId: fields[POOL], ClientId: fields[CLIENT] });

  /** Asks for a login that cannot succeed: Cognito looks at the client's secret first. */
  async function accepts(fields: Fields): Promise<boolean> {
    const [client, { InitiateAuthCommand }] = await Promise.all([connect(), sdk()]);
    const user = "rotation-test";
    const hash = createHmac("sha256", fields[SECRET] ?? "")
      .update(user + (fields[CLIENT] ?? ""))
      .digest("base64");
    const attempt = new InitiateAuthCommand({
      ClientId: fields[CLIENT],
      AuthFlow: "REFRESH_TOKEN_AUTH",
      AuthParameters: { REFRESH_TOKEN: "none", USERNAME: user, SECRET_HASH: hash },
    });
    try {
      await client.send(attempt, options);
      return true;
    } catch (error) {
      const { name, message } = error as Error;
      // A fixed text of Cognito's; every other refusal comes after the secret was found right.
      if (name === "NotAuthorizedException") return !/secret hash/i.test(message);
      throw error;
    }
  }

  async function listed(fields: Fields): Promise<ListedSecret[]> {
    const [client, { ListUserPoolClientSecretsCommand }] = await Promise.all([connect(), sdk()]);
    const found = await client.send(new ListUserPoolClientSecretsCommand(ids(fields)), options);
    return (found.ClientSecrets ?? [])
      .map((secret) => ({
        id: secret.ClientSecretId ?? "",
        made: secret.ClientSecretCreateDate?.getTime() ?? 0,
      }))
      .sort((one, other) => one.made - other.made);
  }

  return {
    fields: [POOL, CLIENT, SECRET],
    create: async (current) => {
      const next = newPassword();
      return {
        [SECRET]: next,
        [REPLACED]: currentId(await listed(current), current),
        [REPLACED_BY]: digest(next),
      };
    },
    activate: async (pending, current) => {
      if (await accepts(pending)) return;
      if (!(await accepts(current))) {
        throw new RotationError("credentials-rejected", "Cognito does not take the current secret.");
      }
      const [client, { AddUserPoolClientSecretCommand, DeleteUserPoolClientSecretCommand }] =
        await Promise.all([connect(), sdk()]);
      const secrets = await listed(pending);
      if (currentId(secrets, current) !== pending[REPLACED]) {
        throw new RotationError(
          "changed-by-hand",
          "The app client's secret was renewed since this rotation began.",
        );
      }
      for (const { id } of secrets) {
        if (id === pending[REPLACED]) continue;
        await client.send(
          new DeleteUserPoolClientSecretCommand({ ...ids(pending), ClientSecretId: id }),
          options,
        );
      }
      await client.send(
        new AddUserPoolClientSecretCommand({ ...ids(pending), ClientSecret: pending[SECRET] }),
        options,
      );
    },
    test: accepts,
  };
}

/**
 * Which of the client's secrets is the current one: beside it there is the one that it replaced, or one of a rotation that was given
 * up, which is younger.
 *
 * @throws RotationError "changed-by-hand"
 */
function currentId(secrets: readonly ListedSecret[], current: Fields): string {
  const [first, second] = secrets;
  if (!first) throw new RotationError("provider-refused", "The app client has no secret.");
  if (!second) return first.id;
  if (current[REPLACED] === undefined || current[REPLACED_BY] !== digest(current[SECRET] ?? "")) {
    const both = secrets.map(({ id, made }) => `${id} of ${new Date(made).toISOString().slice(0, 10)}`);
    throw new RotationError(
      "changed-by-hand",
      `The app client has two secrets, ${both.join(" and ")}, and no rotation made the current one.`,
    );
  }
  return first.id === current[REPLACED] ? second.id : first.id;
}

const digest = (text: string): string => createHash("sha256").update(text).digest("hex");
