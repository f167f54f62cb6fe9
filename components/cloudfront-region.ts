/** CloudFront is run from here: its certificate, firewall, logs and metrics must lie here, wherever the stack is. */
export const CLOUDFRONT_REGION = "us-east-1";
