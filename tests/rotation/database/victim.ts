// A rotation in a process of its own, which dies after its k-th call to the outside: node victim.ts <JSON>
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { alternating } from "../../../rotation/database/alternating.ts";
import { connector } from "../../../rotation/database/connection.ts";
import { singleUser } from "../../../rotation/database/single-user.ts";
import { deadline } from "../../../rotation/deadline.ts";
import { rotate } from "../../../rotation/protocol.ts";
import { secretStore } from "../../../rotation/store.ts";
import { interruptedConnector, interruptedStore } from "../interruption.ts";
import type { Users } from "./world.ts";
import { steps } from "../steps.ts";
import { clientOf } from "../servers/aws-client.ts";

/** What the victim is told. */
export interface Orders {
  secretId: string;
  token: string;
  users: Users;
  endpoint: string;
  ca: string;
  master: { username: string; password: string };
  /** 0 dies before the first call. */
  dieAfter: number;
}

const { secretId, token, users, endpoint, ca, master, dieAfter } = JSON.parse(
  process.argv[2] ?? "",
) as Orders;
let calls = 0;
const after = (): void => {
  calls += 1;
  if (calls === dieAfter) process.kill(process.pid, "SIGKILL");
};
if (dieAfter === 0) process.kill(process.pid, "SIGKILL");

const time = deadline(60_000);
const client = new SecretsManagerClient(clientOf(endpoint));
const connect = interruptedConnector(connector(time, ca), after);
const strategy =
  users === "single"
    ? singleUser(connect, "verifier")
    : alternating(connect, () => Promise.resolve(master), "verifier");
for (const step of steps) {
  const store = interruptedStore(secretStore(secretId, time, client), after);
  await rotate({ SecretId: secretId, ClientRequestToken: token, Step: step }, store, strategy);
}
client.destroy();
