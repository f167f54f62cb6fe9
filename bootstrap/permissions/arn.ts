import * as pulumi from "@pulumi/pulumi";

/** Services whose ARNs name no region. */
const GLOBAL = ["iam"];

/** An ARN of this account, in whatever region. */
export function arnOf(service: string, accountId: pulumi.Input<string>, rest: string): pulumi.Output<string> {
  return pulumi.interpolate`arn:aws:${service}:${GLOBAL.includes(service) ? "" : "*"}:${accountId}:${rest}`;
}
