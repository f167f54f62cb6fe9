import assert from "node:assert/strict";
import { SharedFiles } from "../../components/shared-files.ts";
import { kmsKeyArn } from "./examples.ts";
import { run } from "./mocks.ts";

const args = { vpcId: "vpc-1", subnetIds: ["subnet-1", "subnet-2", "subnet-3"], kmsKeyArn };

describe("SharedFiles", () => {
  it("are encrypted with the stack's key, backed up and mountable in every zone", async () => {
    const { recording } = await run(() => new SharedFiles("files", args));
    assert.partialDeepStrictEqual(recording.one("FileSystem").inputs, {
      encrypted: true,
      kmsKeyId: kmsKeyArn,
    });
    assert.deepEqual(recording.one("BackupPolicy").inputs["backupPolicy"], { status: "ENABLED" });
    assert.deepEqual(
      recording.all("MountTarget").map(({ inputs }) => [inputs["subnetId"], inputs["securityGroups"]]),
      args.subnetIds.map((subnetId) => [subnetId, ["files-id"]]),
    );
  });

  it("pin the directory and the user", async () => {
    const { recording } = await run(() => new SharedFiles("files", { ...args, userId: 2000 }));
    assert.partialDeepStrictEqual(recording.one("AccessPoint").inputs, {
      posixUser: { uid: 2000, gid: 2000 },
      rootDirectory: { creationInfo: { ownerUid: 2000, permissions: "0750" } },
    });
  });

  it("turn away whoever comes in plain text or around the access point", async () => {
    const { recording } = await run(() => new SharedFiles("files", args));
    const statements = recording.statements(recording.one("FileSystemPolicy"));
    assert.deepEqual(
      statements.map(({ sid, effect }) => [sid, effect]),
      [
        ["DenyPlaintext", "Deny"],
        ["DenyOtherWays", "Deny"],
      ],
    );
  });

  it("listen for NFS, and open nothing by themselves", async () => {
    const { recording, result } = await run(() => new SharedFiles("files", args));
    assert.equal(result.peer.port, 2049);
    assert.equal(recording.all("SecurityGroupIngressRule").length, 0);
  });
});
