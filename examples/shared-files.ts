import { SharedFiles } from "../components/shared-files.ts";
import { given } from "./given.ts";

const { vpcId, privateSubnetIds, kmsKeyArn } = given;

const files = new SharedFiles(
  "uploads",
  { vpcId, subnetIds: privateSubnetIds, kmsKeyArn },
  { protect: true },
);

export const { fileSystemId, accessPointId } = files;
