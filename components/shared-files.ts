import type * as awsTypes from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { aws } from "./aws.ts";
import type { ListeningPeer } from "./connection.ts";
import { denyPlaintext, PolicyDocument, type Statement } from "./policy-document.ts";
import { broken, throwProblems, type Problem } from "./problems.ts";
import { securityGroup } from "./security-group.ts";

/** A directory that all tasks of a service can share: one access point of an EFS file system. */
export interface SharedDirectory {
  fileSystemId: pulumi.Input<string>;
  fileSystemArn: pulumi.Input<string>;
  accessPointId: pulumi.Input<string>;
  accessPointArn: pulumi.Input<string>;
}

/** The arguments of {@link SharedFiles}. */
export interface SharedFilesArgs {
  vpcId: pulumi.Input<string>;
  /** One private subnet for each zone, as plainly many as there are zones: each gets a mount target. */
  subnetIds: pulumi.Input<string>[];
  kmsKeyArn: pulumi.Input<string>;
  /** User and group id of whoever uses it. @default 1000, the user of the Node images */
  userId?: number;
}

const NFS_PORT = 2049;

const DEFAULT_USER_ID = 1000;

/**
 * A file system that outlives tasks, for the rare service that must keep files: EFS, encrypted at rest and on the way,
 * backed up, reachable by one access point that pins the directory and the user. USD 0.30 per GB and month. A new key
 * replaces it and its files are gone: give it `protect`.
 */
export class SharedFiles extends pulumi.ComponentResource implements SharedDirectory {
  public readonly fileSystemId: pulumi.Output<string>;
  public readonly fileSystemArn: pulumi.Output<string>;
  /** Known once every zone can mount it. */
  public readonly accessPointId: pulumi.Output<string>;
  public readonly accessPointArn: pulumi.Output<string>;
  public readonly peer: ListeningPeer;

  /** @throws pulumi.InputPropertiesError with every bad argument */
  constructor(name: string, args: SharedFilesArgs, opts?: pulumi.ComponentResourceOptions) {
    throwProblems("SharedFiles", name, problems(args));
    super("macro-ai:components:SharedFiles", name, {}, opts);
    const files = new aws.efs.FileSystem(
      name,
      { encrypted: true, kmsKeyId: args.kmsKeyArn, lifecyclePolicies: [{ transitionToIa: "AFTER_30_DAYS" }] },
      { parent: this },
    );
    new aws.efs.BackupPolicy(
      name,
      { fileSystemId: files.id, backupPolicy: { status: "ENABLED" } },
      { parent: this },
    );
    const group = securityGroup(
      name,
      { vpcId: args.vpcId, description: "Shared files: their mount targets" },
      { parent: this },
    );
    const point = this.createAccessPoint(name, args, files);
    this.createPolicy(name, files, point);
    const targets = args.subnetIds.map(
      (subnetId, index) =>
        new aws.efs.MountTarget(
          `${name}-${index + 1}`,
          { fileSystemId: files.id, subnetId, securityGroups: [group.id] },
          { parent: this },
        ),
    );
    this.fileSystemId = files.id;
    this.fileSystemArn = files.arn;
    this.accessPointId = pulumi.all([point.id, pulumi.all(targets.map(({ id }) => id))]).apply(([id]) => id);
    this.accessPointArn = point.arn;
    this.peer = { label: "shared files", securityGroupId: group.id, port: NFS_PORT };
    this.registerOutputs({ fileSystemId: this.fileSystemId, accessPointId: this.accessPointId });
  }

  private createAccessPoint(
    name: string,
    args: SharedFilesArgs,
    files: awsTypes.efs.FileSystem,
  ): awsTypes.efs.AccessPoint {
    const id = args.userId ?? DEFAULT_USER_ID;
    return new aws.efs.AccessPoint(
      name,
      {
        fileSystemId: files.id,
        posixUser: { uid: id, gid: id },
        rootDirectory: { path: "/shared", creationInfo: { ownerUid: id, ownerGid: id, permissions: "0750" } },
      },
      { parent: this },
    );
  }

  /** By itself EFS lets in whoever reaches it: with a policy that says nothing else, only roles that may mount. */
  private createPolicy(name: string, files: awsTypes.efs.FileSystem, point: awsTypes.efs.AccessPoint): void {
    const document = new PolicyDocument(
      `${name}-policy`,
      {
        statements: [
          denyPlaintext(["elasticfilesystem:*"], [files.arn]),
          {
            sid: "DenyOtherWays",
            effect: "Deny",
            principals: { AWS: "*" },
            // What clients do: the other actions administer the file system, and know no access point.
            actions: [
              "elasticfilesystem:ClientMount",
              "elasticfilesystem:ClientRootAccess",
              "elasticfilesystem:ClientWrite",
            ],
            resources: [files.arn],
            conditions: { StringNotEquals: { "elasticfilesystem:AccessPointArn": point.arn } },
            wildcard: "A denial must reach every caller",
          },
        ],
      },
      { parent: this },
    );
    new aws.efs.FileSystemPolicy(
      name,
      { fileSystemId: files.id, policy: document.json },
      { parent: document },
    );
  }
}

/** Lets a role use the directory through its access point. */
export function mountStatement(directory: SharedDirectory): Statement {
  return {
    sid: "UseSharedFiles",
    actions: ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
    resources: [directory.fileSystemArn],
    conditions: { StringEquals: { "elasticfilesystem:AccessPointArn": directory.accessPointArn } },
  };
}

/** Source: EFS API reference, PosixUser. */
function problems({ subnetIds, userId = DEFAULT_USER_ID }: SharedFilesArgs): Problem[] {
  return broken([
    {
      path: "subnetIds",
      holds: subnetIds.length > 0,
      message: "is empty; give one private subnet for each zone",
    },
    {
      path: "userId",
      holds: Number.isInteger(userId) && userId >= 1 && userId <= 4_294_967_295,
      message: `is ${userId}; give 1 to 4294967295: 0 is root`,
    },
  ]);
}
