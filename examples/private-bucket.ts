import { PrivateBucket } from "../components/private-bucket.ts";
import { given } from "./given.ts";

const bucket = new PrivateBucket("exports", { kmsKeyArn: given.kmsKeyArn, expirationDays: 90 });

// Once a bucket, even without statements: it adds the demand for TLS. The name is known when the policy is in force.
export const bucketName = bucket.attachPolicy([]);
