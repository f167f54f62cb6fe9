import assert from "node:assert/strict";
import { Role } from "../../components/role.ts";
import { mountStatement, SharedFiles } from "../../components/shared-files.ts";
import { defaultRegion } from "../../stacks/config/region.ts";
import { run } from "../components/mocks.ts";
import { Account } from "./account.ts";
import { account, answer, inAws } from "./aws-names.ts";
import { type Context, decide, type Verdict } from "./simulate.ts";

/** No stack has shared files by itself: they are asked about alone, with one role that uses them and one that does not. */
describe("what IAM answers about shared files", () => {
  const place = { environment: "production", region: defaultRegion } as const;
  const point = String(
    answer(place, "aws:efs/accessPoint:AccessPoint", { name: "files", inputs: {} })["arn"],
  );
  const throughPoint = { "elasticfilesystem:AccessPointArn": point };
  const throughAnother = {
    "elasticfilesystem:AccessPointArn": point.replace(/fsap-.*$/, "fsap-00000000000000000"),
  };
  let stack: Account;

  before(async () => {
    const { recording } = await run(() => {
      const files = new SharedFiles("files", {
        vpcId: "vpc-1",
        subnetIds: ["subnet-private-1"],
        kmsKeyArn: `arn:aws:kms:${defaultRegion}:${account}:key/94b76ede-94b7-94b7-94b7-94b76ede7141`,
      });
      const service = "ecs-tasks.amazonaws.com";
      new Role("user", { description: "Mounts", service, statements: [mountStatement(files)] });
      new Role("other", { description: "Does not", service, statements: [] });
    }, inAws(place));
    stack = new Account(place, "enterprise", recording);
  });

  const rows: readonly (readonly [verdict: Verdict, who: string, action: string, context: Context])[] = [
    ["allowed", "user", "ClientMount", throughPoint],
    ["allowed", "user", "ClientWrite", throughPoint],
    ["denied", "user", "ClientMount", throughAnother],
    ["denied", "user", "ClientMount", {}],
    ["denied", "user", "ClientWrite", {}],
    ["denied", "user", "ClientRootAccess", throughPoint],
    ["denied", "user", "ClientMount", { ...throughPoint, "aws:SecureTransport": "false" }],
    ["denied", "other", "ClientMount", throughPoint],
    ["denied", "administrator", "ClientMount", {}],
    ["denied", "stranger", "ClientMount", throughPoint],
    ["denied", "anonymous", "ClientMount", throughPoint],
  ];

  for (const [verdict, who, action, context] of rows) {
    const under = Object.keys(context).join(", ") || "nothing";
    it(`${verdict}: ${who} ${action} under ${under}`, async () => {
      const resource = stack.arns.get("file-system files");
      assert.ok(resource);
      const request = { who, action: `elasticfilesystem:${action}`, resource, context };
      assert.equal((await decide(stack, [], request)).verdict, verdict);
    });
  }
});
