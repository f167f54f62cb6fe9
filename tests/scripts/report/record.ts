/**
 * Takes a preview over as the fixture of these tests, without what no report reads:
 * `node tests/scripts/report/record.ts <preview.json>`. The one that is there was printed by `npm run sandbox -- preview --json
 * --show-sames --stack production` over an enterprise stack with `deletionProtection: false`, after `replicaRegion` was removed and
 * `database.instanceClass: db.r6g.large`, `cache.engine: redis` and `network.interfaceEndpoints: true` were set.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { gunzipSync, gzipSync } from "node:zlib";

const file = new URL("production.preview.json.gz", import.meta.url);
const noise = ["stackTrace", "sourcePosition", "created", "modified", "provider", "customTimeouts"];

/** The fixture, as `pulumi preview --json` printed it. */
export function recorded(): string {
  return gunzipSync(readFileSync(file)).toString("utf8");
}

if (import.meta.main) {
  const [preview = ""] = process.argv.slice(2);
  const trimmed = JSON.stringify(JSON.parse(readFileSync(preview, "utf8")), (key, value: unknown) =>
    noise.includes(key) ? undefined : value,
  );
  writeFileSync(file, gzipSync(trimmed, { level: 9 }));
}
