import * as z from "zod";
import type { Cli } from "./cli.ts";
import { gated } from "./cli.ts";

/** Types whose deletion or replacement takes data away. */
const HOLDS_DATA = new Set([
  "aws:cloudwatch/logGroup:LogGroup",
  "aws:ecr/repository:Repository",
  "aws:efs/fileSystem:FileSystem",
  "aws:elasticache/replicationGroup:ReplicationGroup",
  "aws:kms/key:Key",
  "aws:rds/instance:Instance",
  "aws:s3/bucket:Bucket",
  "aws:secretsmanager/secret:Secret",
  "aws:sqs/queue:Queue",
]);

const preview = z.looseObject({
  steps: z.array(
    z.looseObject({
      op: z.string(),
      urn: z.string(),
      oldState: z.looseObject({ type: z.string() }).optional(),
    }),
  ),
});

/** What of the stack's data an update would delete or replace; or why nobody can say. */
export async function losses(cli: Cli): Promise<string[]> {
  const { code, stdout, stderr } = await cli.read([
    "preview",
    "--json",
    "--stack",
    cli.stack,
    ...gated(cli.project),
    "--non-interactive",
  ]);
  if (code !== 0) return [`its preview fails: ${lastLine(stderr || stdout)}`];
  return preview
    .parse(JSON.parse(stdout))
    .steps.filter(
      ({ op, oldState }) => /^(?:delete|replace)$/.test(op) && HOLDS_DATA.has(oldState?.type ?? ""),
    )
    .map(({ op, urn }) => `it would ${op} ${urn.split("::").slice(2).join(" ")}`);
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}
