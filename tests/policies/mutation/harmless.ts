import type { Mutant } from "./mutants.ts";

/** Mutants that leave everything as safe as it was, each with the reason; a survivor that stands here is none. */
const HARMLESS: readonly { type: RegExp; title: RegExp; reason: string }[] = [
  {
    type: /:(Vpc|Subnet)$/,
    title: /^(widen|split) cidrBlock$/,
    reason: 'AWS takes no block wider than /16 (VPC User Guide, "VPC CIDR blocks").',
  },
  {
    type: /:BucketServerSideEncryptionConfiguration$/,
    title: /^remove the resource$/,
    reason:
      'Of a bucket that may use S3\'s own keys: S3 encrypts with them by itself since January 2023 (S3 User Guide, "Default encryption").',
  },
];

export function isHarmless({ resource, title }: Mutant): boolean {
  return HARMLESS.some((entry) => entry.type.test(resource.type) && entry.title.test(title));
}
