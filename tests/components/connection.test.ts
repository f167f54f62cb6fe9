import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { connect } from "../../components/connection.ts";
import { run } from "./mocks.ts";

describe("connect", () => {
  it("opens both sides of one port and says why on each", async () => {
    const { recording } = await run(() =>
      connect(
        { label: "API service", securityGroupId: pulumi.output("sg-service") },
        { label: "database", securityGroupId: pulumi.output("sg-database"), port: 5432 },
        "queries",
      ),
    );
    const ports = { ipProtocol: "tcp", fromPort: 5432, toPort: 5432 };
    const description = "API service to database: queries";
    assert.deepEqual(recording.one("SecurityGroupEgressRule", "api-service-to-database-egress").inputs, {
      ...ports,
      description,
      securityGroupId: "sg-service",
      referencedSecurityGroupId: "sg-database",
    });
    assert.deepEqual(recording.one("SecurityGroupIngressRule", "api-service-to-database-ingress").inputs, {
      ...ports,
      description,
      securityGroupId: "sg-database",
      referencedSecurityGroupId: "sg-service",
    });
  });
});
