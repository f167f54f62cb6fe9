/** The tokens of a bucket, the old one of @pulumi/aws 6 included. */
export const BUCKETS = ["aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"];
