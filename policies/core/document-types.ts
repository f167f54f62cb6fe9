/**
 * Of what a document speaks: an identity may do something to named resources; somebody named may do something to the resource
 * that holds it; somebody named may assume the role that holds it; who is inside a network may reach something through it.
 */
export type DocumentKind = "identity" | "resource" | "trust" | "endpoint";

/** Where a resource keeps a document as JSON; `*` stands for each entry of a list. */
export interface DocumentPlace {
  path: string;
  kind: DocumentKind;
}

const identity = (path: string): DocumentPlace[] => [{ path, kind: "identity" }];
const resource = (path: string): DocumentPlace[] => [{ path, kind: "resource" }];
const endpoint = (...paths: string[]): DocumentPlace[] => paths.map((path) => ({ path, kind: "endpoint" }));

/** Resources that are a document and nothing else, by type. */
const DOCUMENTS: Readonly<Record<string, DocumentPlace[]>> = {
  "aws:acmpca/policy:Policy": resource("policy"),
  "aws:amp/resourcePolicy:ResourcePolicy": resource("policyDocument"),
  "aws:apigateway/restApiPolicy:RestApiPolicy": resource("policy"),
  "aws:backup/vaultPolicy:VaultPolicy": resource("policy"),
  "aws:bedrock/agentcoreResourcePolicy:AgentcoreResourcePolicy": resource("policy"),
  "aws:cloudsearch/domainServiceAccessPolicy:DomainServiceAccessPolicy": resource("accessPolicy"),
  "aws:cloudwatch/eventBusPolicy:EventBusPolicy": resource("policy"),
  "aws:cloudwatch/logDeliveryDestinationPolicy:LogDeliveryDestinationPolicy":
    resource("deliveryDestinationPolicy"),
  "aws:cloudwatch/logDestinationPolicy:LogDestinationPolicy": resource("accessPolicy"),
  "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": resource("policyDocument"),
  "aws:codeartifact/domainPermissions:DomainPermissions": resource("policyDocument"),
  "aws:codeartifact/repositoryPermissionsPolicy:RepositoryPermissionsPolicy": resource("policyDocument"),
  "aws:codebuild/resourcePolicy:ResourcePolicy": resource("policy"),
  "aws:dsql/clusterPolicy:ClusterPolicy": resource("policy"),
  "aws:dynamodb/resourcePolicy:ResourcePolicy": resource("policy"),
  "aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy": endpoint("policy"),
  "aws:ecr/registryPolicy:RegistryPolicy": resource("policy"),
  "aws:ecr/repositoryPolicy:RepositoryPolicy": resource("policy"),
  "aws:ecrpublic/repositoryPolicy:RepositoryPolicy": resource("policy"),
  "aws:efs/fileSystemPolicy:FileSystemPolicy": resource("policy"),
  "aws:elasticsearch/domainPolicy:DomainPolicy": resource("accessPolicies"),
  "aws:glacier/vaultLock:VaultLock": resource("policy"),
  "aws:glue/resourcePolicy:ResourcePolicy": resource("policy"),
  "aws:iam/groupPolicy:GroupPolicy": identity("policy"),
  "aws:iam/policy:Policy": identity("policy"),
  "aws:iam/rolePolicy:RolePolicy": identity("policy"),
  "aws:iam/userPolicy:UserPolicy": identity("policy"),
  "aws:iot/policy:Policy": identity("policy"),
  "aws:kinesis/resourcePolicy:ResourcePolicy": resource("policy"),
  "aws:kms/keyPolicy:KeyPolicy": resource("policy"),
  "aws:lambda/resourcePolicy:ResourcePolicy": resource("policy"),
  "aws:mediastore/containerPolicy:ContainerPolicy": resource("policy"),
  "aws:msk/clusterPolicy:ClusterPolicy": resource("policy"),
  "aws:networkfirewall/resourcePolicy:ResourcePolicy": resource("policy"),
  "aws:oam/sinkPolicy:SinkPolicy": resource("policy"),
  "aws:opensearch/domainPolicy:DomainPolicy": resource("accessPolicies"),
  "aws:opensearchingest/resourcePolicy:ResourcePolicy": resource("policy"),
  "aws:organizations/resourcePolicy:ResourcePolicy": resource("content"),
  "aws:pinpoint/smsvoicev2ResourcePolicy:Smsvoicev2ResourcePolicy": resource("policy"),
  "aws:redshift/resourcePolicy:ResourcePolicy": resource("policy"),
  "aws:redshiftserverless/resourcePolicy:ResourcePolicy": resource("policy"),
  "aws:s3/bucketPolicy:BucketPolicy": resource("policy"),
  "aws:s3/filesFileSystemPolicy:FilesFileSystemPolicy": resource("policy"),
  "aws:s3/vectorsVectorBucketPolicy:VectorsVectorBucketPolicy": resource("policy"),
  "aws:s3control/accessGrantsInstanceResourcePolicy:AccessGrantsInstanceResourcePolicy": resource("policy"),
  "aws:s3control/accessPointPolicy:AccessPointPolicy": resource("policy"),
  "aws:s3control/bucketPolicy:BucketPolicy": resource("policy"),
  "aws:s3control/multiRegionAccessPointPolicy:MultiRegionAccessPointPolicy": resource("details.policy"),
  "aws:s3control/objectLambdaAccessPointPolicy:ObjectLambdaAccessPointPolicy": resource("policy"),
  "aws:s3tables/tableBucketPolicy:TableBucketPolicy": resource("resourcePolicy"),
  "aws:s3tables/tablePolicy:TablePolicy": resource("resourcePolicy"),
  "aws:sagemaker/modelPackageGroupPolicy:ModelPackageGroupPolicy": resource("resourcePolicy"),
  "aws:schemas/registryPolicy:RegistryPolicy": resource("policy"),
  "aws:secretsmanager/secretPolicy:SecretPolicy": resource("policy"),
  "aws:ses/identityPolicy:IdentityPolicy": resource("policy"),
  "aws:sesv2/emailIdentityPolicy:EmailIdentityPolicy": resource("policy"),
  "aws:sns/topicPolicy:TopicPolicy": resource("policy"),
  "aws:sqs/queuePolicy:QueuePolicy": resource("policy"),
  "aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy": identity("inlinePolicy"),
  "aws:vpclattice/authPolicy:AuthPolicy": resource("policy"),
  "aws:vpclattice/resourcePolicy:ResourcePolicy": resource("policy"),
  "aws:xray/resourcePolicy:ResourcePolicy": resource("policyDocument"),
};

/** Resources that hold a document beside other things, about which its rules say nothing. */
const HOLDERS: Readonly<Record<string, DocumentPlace[]>> = {
  "aws:apigateway/domainName:DomainName": resource("policy"),
  "aws:apigateway/restApi:RestApi": resource("policy"),
  "aws:ec2/vpcEndpoint:VpcEndpoint": endpoint("policy"),
  "aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate": resource("repositoryPolicy"),
  "aws:elasticsearch/domain:Domain": resource("accessPolicies"),
  "aws:fsx/s3AccessPointAttachment:S3AccessPointAttachment": resource("s3AccessPoint.policy"),
  "aws:glacier/vault:Vault": resource("accessPolicy"),
  "aws:iam/role:Role": [{ path: "assumeRolePolicy", kind: "trust" }, ...identity("inlinePolicies.*.policy")],
  "aws:kms/externalKey:ExternalKey": resource("policy"),
  "aws:kms/key:Key": resource("policy"),
  "aws:kms/replicaExternalKey:ReplicaExternalKey": resource("policy"),
  "aws:kms/replicaKey:ReplicaKey": resource("policy"),
  "aws:odb/network:Network": endpoint("s3PolicyDocument", "kmsPolicyDocument", "stsPolicyDocument"),
  "aws:opensearch/domain:Domain": resource("accessPolicies"),
  "aws:s3/accessPoint:AccessPoint": resource("policy"),
  "aws:s3/bucket:Bucket": resource("policy"),
  "aws:s3/bucketV2:BucketV2": resource("policy"),
  "aws:secretsmanager/secret:Secret": resource("policy"),
  "aws:sns/topic:Topic": resource("policy"),
  "aws:sqs/queue:Queue": resource("policy"),
};

/** Every type that holds documents, with their places. */
export const DOCUMENT_PLACES: Readonly<Record<string, DocumentPlace[]>> = { ...DOCUMENTS, ...HOLDERS };

/** Whether a type is judged as a whole where its documents are. */
export function isNothingButDocument(type: string): boolean {
  return type in DOCUMENTS;
}
