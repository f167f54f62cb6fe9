import type { Rule } from "./core/rule.ts";
import { domainTls } from "./rules/apigateway/domain-tls.ts";
import { originHttps } from "./rules/cloudfront/origin-https.ts";
import { tlsVersion } from "./rules/cloudfront/tls-version.ts";
import { viewerHttps } from "./rules/cloudfront/viewer-https.ts";
import { protectedTrail } from "./rules/cloudtrail/protected.ts";
import { logGroupEncrypted } from "./rules/cloudwatch/log-group-encrypted.ts";
import { logGroupRetention } from "./rules/cloudwatch/log-group-retention.ts";
import { defaultGroupEmpty } from "./rules/ec2/default-group-empty.ts";
import { networkAclAdminPorts } from "./rules/ec2/network-acl-admin-ports.ts";
import { noJoinedWorldIngress } from "./rules/ec2/no-joined-world-ingress.ts";
import { noUnrestrictedEgress } from "./rules/ec2/no-unrestricted-egress.ts";
import { noWorldIngress } from "./rules/ec2/no-world-ingress.ts";
import { worldOnlyToLoadBalancer } from "./rules/ec2/world-only-to-load-balancer.ts";
import { immutableScanned } from "./rules/ecr/immutable-scanned.ts";
import { containerHardening } from "./rules/ecs/container-hardening.ts";
import { noPublicAddress } from "./rules/ecs/no-public-address.ts";
import { noSecretInEnvironment } from "./rules/ecs/no-secret-in-environment.ts";
import { volumeEncryptedInTransit } from "./rules/ecs/volume-encrypted-in-transit.ts";
import { encryptedFileSystem } from "./rules/efs/encrypted.ts";
import { authenticated } from "./rules/elasticache/authenticated.ts";
import { encrypted } from "./rules/elasticache/encrypted.ts";
import { documentReadable } from "./rules/iam/document-readable.ts";
import { noAdministrator } from "./rules/iam/no-administrator.ts";
import { noPublicPrincipal } from "./rules/iam/no-public-principal.ts";
import { noServiceWildcard } from "./rules/iam/no-service-wildcard.ts";
import { rotation } from "./rules/kms/rotation.ts";
import { noSecretInFunctionEnvironment } from "./rules/lambda/no-secret-in-environment.ts";
import { runtime } from "./rules/lambda/runtime.ts";
import { urlAuthenticated } from "./rules/lambda/url-authenticated.ts";
import { dropInvalidHeaders } from "./rules/lb/drop-invalid-headers.ts";
import { listenerHttps } from "./rules/lb/listener-https.ts";
import { backups } from "./rules/rds/backups.ts";
import { forceTls } from "./rules/rds/force-tls.ts";
import { notPublic } from "./rules/rds/not-public.ts";
import { performanceInsightsEncrypted } from "./rules/rds/performance-insights-encrypted.ts";
import { proxyTls } from "./rules/rds/proxy-tls.ts";
import { storageEncrypted } from "./rules/rds/storage-encrypted.ts";
import { blockPublicAccess } from "./rules/s3/block-public-access.ts";
import { noPublicAcl } from "./rules/s3/no-public-acl.ts";
import { publicAccessBlockPresent } from "./rules/s3/public-access-block-present.ts";
import { bucketTlsOnly } from "./rules/s3/tls-only.ts";
import { customerKey } from "./rules/secretsmanager/customer-key.ts";
import { topicTlsOnly } from "./rules/sns/tls-only.ts";
import { topicEncrypted } from "./rules/sns/topic-encrypted.ts";
import { queueEncrypted } from "./rules/sqs/queue-encrypted.ts";

/** Every rule of the pack. */
export const rules: Rule[] = [
  domainTls,
  originHttps,
  tlsVersion,
  viewerHttps,
  protectedTrail,
  logGroupEncrypted,
  logGroupRetention,
  defaultGroupEmpty,
  networkAclAdminPorts,
  noJoinedWorldIngress,
  noUnrestrictedEgress,
  noWorldIngress,
  worldOnlyToLoadBalancer,
  immutableScanned,
  containerHardening,
  noPublicAddress,
  noSecretInEnvironment,
  volumeEncryptedInTransit,
  encryptedFileSystem,
  authenticated,
  encrypted,
  documentReadable,
  noAdministrator,
  noPublicPrincipal,
  noServiceWildcard,
  rotation,
  noSecretInFunctionEnvironment,
  runtime,
  urlAuthenticated,
  dropInvalidHeaders,
  listenerHttps,
  backups,
  forceTls,
  notPublic,
  performanceInsightsEncrypted,
  proxyTls,
  storageEncrypted,
  blockPublicAccess,
  noPublicAcl,
  publicAccessBlockPresent,
  bucketTlsOnly,
  customerKey,
  topicTlsOnly,
  topicEncrypted,
  queueEncrypted,
];
