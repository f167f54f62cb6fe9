import type { Rule } from "./core/rule.ts";
import { domainTls } from "./rules/apigateway/domain-tls.ts";
import { routeAuthorised } from "./rules/apigateway/route-authorised.ts";
import { stageObserved } from "./rules/apigateway/stage-observed.ts";
import { distributionLogged } from "./rules/cloudfront/access-logged.ts";
import { distributionFirewall } from "./rules/cloudfront/firewall.ts";
import { originAccess } from "./rules/cloudfront/origin-access.ts";
import { originHttps } from "./rules/cloudfront/origin-https.ts";
import { tlsVersion } from "./rules/cloudfront/tls-version.ts";
import { viewerHttps } from "./rules/cloudfront/viewer-https.ts";
import { trailFilesKept } from "./rules/cloudtrail/files-kept.ts";
import { protectedTrail } from "./rules/cloudtrail/protected.ts";
import { trailWatched } from "./rules/cloudtrail/watched.ts";
import { alarmActions } from "./rules/cloudwatch/alarm-actions.ts";
import { logGroupEncrypted } from "./rules/cloudwatch/log-group-encrypted.ts";
import { logGroupRetention } from "./rules/cloudwatch/log-group-retention.ts";
import { poolStrict } from "./rules/cognito/pool-strict.ts";
import { costPriced } from "./rules/cost/priced.ts";
import { costWithinBudget } from "./rules/cost/within-budget.ts";
import { dataGroupsClosed } from "./rules/ec2/data-groups-closed.ts";
import { defaultGroupAdopted } from "./rules/ec2/default-group-adopted.ts";
import { defaultGroupEmpty } from "./rules/ec2/default-group-empty.ts";
import { defaultGroupUnused } from "./rules/ec2/default-group-unused.ts";
import { flowLogs } from "./rules/ec2/flow-logs.ts";
import { instanceHardened } from "./rules/ec2/instance-metadata.ts";
import { networkAclAdminPorts } from "./rules/ec2/network-acl-admin-ports.ts";
import { networkAclNarrow } from "./rules/ec2/network-acl-narrow.ts";
import { noJoinedWorldEgress } from "./rules/ec2/no-joined-world-egress.ts";
import { noJoinedWorldIngress } from "./rules/ec2/no-joined-world-ingress.ts";
import { noPublicAddresses } from "./rules/ec2/no-public-addresses.ts";
import { noUnrestrictedEgress } from "./rules/ec2/no-unrestricted-egress.ts";
import { noWorldIngress } from "./rules/ec2/no-world-ingress.ts";
import { ruleDescribed } from "./rules/ec2/rule-described.ts";
import { ruleNarrow } from "./rules/ec2/rule-narrow.ts";
import { rulesNotMixed } from "./rules/ec2/rules-not-mixed.ts";
import { worldOnlyToLoadBalancer } from "./rules/ec2/world-only-to-load-balancer.ts";
import { immutableScanned } from "./rules/ecr/immutable-scanned.ts";
import { imagesForgotten } from "./rules/ecr/lifecycle.ts";
import { clusterObserved } from "./rules/ecs/cluster-observed.ts";
import { containerHardening } from "./rules/ecs/container-hardening.ts";
import { containerLogs } from "./rules/ecs/container-logs.ts";
import { distinctRoles } from "./rules/ecs/distinct-roles.ts";
import { noPublicAddress } from "./rules/ecs/no-public-address.ts";
import { noSecretInEnvironment } from "./rules/ecs/no-secret-in-environment.ts";
import { sessionsEncrypted } from "./rules/ecs/sessions-encrypted.ts";
import { volumeEncryptedInTransit } from "./rules/ecs/volume-encrypted-in-transit.ts";
import { accessPointBounded } from "./rules/efs/access-point.ts";
import { encryptedFileSystem } from "./rules/efs/encrypted.ts";
import { authenticated } from "./rules/elasticache/authenticated.ts";
import { cacheBackups } from "./rules/elasticache/backups.ts";
import { encrypted } from "./rules/elasticache/encrypted.ts";
import { cacheResilient } from "./rules/elasticache/resilient.ts";
import { denialWhole } from "./rules/iam/denial-whole.ts";
import { documentReadable } from "./rules/iam/document-readable.ts";
import { federationBounded } from "./rules/iam/federation-bounded.ts";
import { noAdministrator } from "./rules/iam/no-administrator.ts";
import { noManagedPolicy } from "./rules/iam/no-managed-policy.ts";
import { noPublicPrincipal } from "./rules/iam/no-public-principal.ts";
import { noServiceWildcard } from "./rules/iam/no-service-wildcard.ts";
import { noUnboundedPower } from "./rules/iam/no-unbounded-power.ts";
import { trustNamed } from "./rules/iam/trust-named.ts";
import { permitsServices } from "./rules/kms/permits-services.ts";
import { rotation } from "./rules/kms/rotation.ts";
import { functionEncrypted } from "./rules/lambda/environment-encrypted.ts";
import { interfacesDenied } from "./rules/lambda/interfaces-denied.ts";
import { noSecretInFunctionEnvironment } from "./rules/lambda/no-secret-in-environment.ts";
import { permissionBounded } from "./rules/lambda/permission-bounded.ts";
import { functionResilient } from "./rules/lambda/resilient.ts";
import { runtime } from "./rules/lambda/runtime.ts";
import { urlAuthenticated } from "./rules/lambda/url-authenticated.ts";
import { balancerProtected } from "./rules/lb/deletion-protection.ts";
import { dropInvalidHeaders } from "./rules/lb/drop-invalid-headers.ts";
import { balancerFirewall } from "./rules/lb/firewall.ts";
import { balancerLogged } from "./rules/lb/kept-and-logged.ts";
import { listenerHttps } from "./rules/lb/listener-https.ts";
import { dataReach } from "./rules/network/data-reach.ts";
import { internetReach } from "./rules/network/internet-reach.ts";
import { backups } from "./rules/rds/backups.ts";
import { databaseProtected } from "./rules/rds/deletion-protection.ts";
import { forceTls } from "./rules/rds/force-tls.ts";
import { highlyAvailable } from "./rules/rds/highly-available.ts";
import { databaseLogged } from "./rules/rds/logged.ts";
import { maintained } from "./rules/rds/maintained.ts";
import { notPublic } from "./rules/rds/not-public.ts";
import { parametersUsed } from "./rules/rds/parameters-used.ts";
import { performanceInsightsEncrypted } from "./rules/rds/performance-insights-encrypted.ts";
import { proxyTls } from "./rules/rds/proxy-tls.ts";
import { storageEncrypted } from "./rules/rds/storage-encrypted.ts";
import { accessLogged } from "./rules/s3/access-logged.ts";
import { blockPublicAccess } from "./rules/s3/block-public-access.ts";
import { bucketEncrypted } from "./rules/s3/encrypted.ts";
import { noPublicAcl } from "./rules/s3/no-public-acl.ts";
import { ownerEnforced } from "./rules/s3/owner-enforced.ts";
import { publicAccessBlockPresent } from "./rules/s3/public-access-block-present.ts";
import { bucketTlsOnly } from "./rules/s3/tls-only.ts";
import { versioned } from "./rules/s3/versioned.ts";
import { customerKey } from "./rules/secretsmanager/customer-key.ts";
import { secretPolicyGuarded } from "./rules/secretsmanager/policy-guarded.ts";
import { secretRotated } from "./rules/secretsmanager/rotated.ts";
import { topicTlsOnly } from "./rules/sns/tls-only.ts";
import { topicEncrypted } from "./rules/sns/topic-encrypted.ts";
import { queueEncrypted } from "./rules/sqs/queue-encrypted.ts";
import { queueTlsOnly } from "./rules/sqs/tls-only.ts";
import { knownBadInputs } from "./rules/wafv2/known-bad-inputs.ts";
import { firewallLogged } from "./rules/wafv2/logged.ts";

/** Every rule of the pack. */
export const rules: Rule[] = [
  domainTls,
  routeAuthorised,
  stageObserved,
  distributionLogged,
  distributionFirewall,
  originAccess,
  originHttps,
  tlsVersion,
  viewerHttps,
  trailFilesKept,
  protectedTrail,
  trailWatched,
  alarmActions,
  logGroupEncrypted,
  logGroupRetention,
  poolStrict,
  costPriced,
  costWithinBudget,
  dataGroupsClosed,
  defaultGroupAdopted,
  defaultGroupEmpty,
  defaultGroupUnused,
  flowLogs,
  instanceHardened,
  networkAclAdminPorts,
  networkAclNarrow,
  noJoinedWorldIngress,
  noJoinedWorldEgress,
  noPublicAddresses,
  noUnrestrictedEgress,
  noWorldIngress,
  ruleDescribed,
  ruleNarrow,
  rulesNotMixed,
  worldOnlyToLoadBalancer,
  immutableScanned,
  imagesForgotten,
  clusterObserved,
  containerHardening,
  containerLogs,
  distinctRoles,
  noPublicAddress,
  noSecretInEnvironment,
  sessionsEncrypted,
  volumeEncryptedInTransit,
  accessPointBounded,
  encryptedFileSystem,
  authenticated,
  cacheBackups,
  encrypted,
  cacheResilient,
  denialWhole,
  documentReadable,
  federationBounded,
  noAdministrator,
  noManagedPolicy,
  noPublicPrincipal,
  noServiceWildcard,
  noUnboundedPower,
  trustNamed,
  permitsServices,
  rotation,
  functionEncrypted,
  interfacesDenied,
  noSecretInFunctionEnvironment,
  permissionBounded,
  functionResilient,
  runtime,
  urlAuthenticated,
  balancerProtected,
  dropInvalidHeaders,
  balancerFirewall,
  balancerLogged,
  listenerHttps,
  dataReach,
  internetReach,
  backups,
  databaseProtected,
  forceTls,
  highlyAvailable,
  databaseLogged,
  maintained,
  notPublic,
  parametersUsed,
  performanceInsightsEncrypted,
  proxyTls,
  storageEncrypted,
  accessLogged,
  blockPublicAccess,
  bucketEncrypted,
  noPublicAcl,
  ownerEnforced,
  publicAccessBlockPresent,
  bucketTlsOnly,
  versioned,
  customerKey,
  secretPolicyGuarded,
  secretRotated,
  topicTlsOnly,
  topicEncrypted,
  queueEncrypted,
  queueTlsOnly,
  knownBadInputs,
  firewallLogged,
];
