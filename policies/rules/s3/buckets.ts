import type { Graph, Node } from "../../core/graph.ts";

/** The tokens of a bucket, the old one of @pulumi/aws 6 included. */
export const BUCKETS = ["aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"];

/** Whether a resource of one of these types names the bucket in the property that stands with its type. */
export function isNamedBy(writers: Readonly<Record<string, string>>, bucket: Node, graph: Graph): boolean {
  return Object.entries(writers).some(([type, property]) => graph.naming(bucket, property, type).length > 0);
}
