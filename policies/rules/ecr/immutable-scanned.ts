import type * as aws from "@pulumi/aws";
import { isCustomerKey, isTrue, isOneOf, expect, at } from "../../core/expectations.ts";
import { check, type ResourceRule } from "../../core/rule.ts";

export const immutableScanned: ResourceRule = {
  name: "ecr-immutable-scanned",
  description: "Image tags never move, images are scanned on push and encrypted with a KMS key.",
  severity: "high",
  group: "encryption",
  references: [
    "CKV_AWS_51",
    "CKV_AWS_136",
    "CKV_AWS_163",
    "FSBP ECR.1",
    "FSBP ECR.2",
    "AWS-0031",
    "AWS-0033",
  ],
  url: "https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html",
  checks: [
    check<aws.ecr.RepositoryArgs>("aws:ecr/repository:Repository", (repository) => [
      ...expect(repository.imageTagMutability, "imageTagMutability", isOneOf("IMMUTABLE")),
      ...expect(
        at(repository.imageScanningConfiguration, "scanOnPush"),
        "imageScanningConfiguration.scanOnPush",
        isTrue,
      ),
      ...expect(
        at(repository.encryptionConfigurations, "0.encryptionType"),
        "encryptionConfigurations[0].encryptionType",
        isOneOf("KMS", "KMS_DSSE"),
      ),
      ...expect(
        at(repository.encryptionConfigurations, "0.kmsKey"),
        "encryptionConfigurations[0].kmsKey",
        isCustomerKey,
      ),
    ]),
  ],
};
