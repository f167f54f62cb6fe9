import { authToken } from "../cache/auth-token.ts";
import { acceptsToken } from "../cache/connection.ts";
import { replicationGroup } from "../cache/replication-group.ts";
import { Settings } from "../settings.ts";
import { certificates } from "./certificates.ts";
import { rotationHandler } from "./handler.ts";

const settings = new Settings();
const ca = certificates(settings, "CACHE_CA", "public");
const groupId = settings.text("REPLICATION_GROUP_ID");

/** Rotates the AUTH token of the replication group `REPLICATION_GROUP_ID`. */
export const handler = rotationHandler((deadline) =>
  authToken(replicationGroup(groupId, deadline), acceptsToken(deadline, ca)),
);
