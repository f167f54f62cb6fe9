import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { stopIfInterrupted } from "../../lib/wait.ts";
import type { DatabasePort } from "../port.ts";
import { connect } from "./connect.ts";
import { perform } from "./perform.ts";
import { databaseUrl } from "./secret.ts";

/** At hobby the database can be reached from anywhere: no task in between. */
export function direct(
  secrets: SecretsManagerClient,
  secretId: string,
  folder: string,
  signal: AbortSignal,
): DatabasePort {
  return {
    perform: async (asked) => {
      const client = await connect(await databaseUrl(secrets, secretId));
      // Without its client PostgreSQL rolls the transaction back.
      const leave = (): void => void client.connection.stream.destroy();
      signal.addEventListener("abort", leave);
      try {
        return await perform(client, folder, asked);
      } catch (error) {
        stopIfInterrupted(signal);
        throw error;
      } finally {
        signal.removeEventListener("abort", leave);
        if (!signal.aborted) await client.end();
      }
    },
  };
}
