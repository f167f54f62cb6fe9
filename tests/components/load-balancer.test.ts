import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { LoadBalancer, type LoadBalancerArgs } from "../../components/load-balancer.ts";
import { accountId, region } from "./examples.ts";
import { run, valueOf } from "./mocks.ts";
import { balancerArn, loadBalancer } from "./serving-examples.ts";

function make(changes: Partial<LoadBalancerArgs> = {}) {
  return run(() => new LoadBalancer("balancer", { ...loadBalancer, ...changes }), {
    outputs: {
      "aws:lb/loadBalancer:LoadBalancer": () => ({
        arn: balancerArn,
        arnSuffix: "app/balancer/0123456789abcdef",
        dnsName: "balancer-1.us-east-1.elb.amazonaws.com",
        zoneId: "Z35SXDOTRQ7X7K",
      }),
    },
  });
}

describe("LoadBalancer", () => {
  it("faces the internet, drops malformed headers, cannot be deleted and logs", async () => {
    const { recording } = await make();
    assert.partialDeepStrictEqual(recording.one("aws:lb/loadBalancer:LoadBalancer").inputs, {
      internal: false,
      loadBalancerType: "application",
      dropInvalidHeaderFields: true,
      enableDeletionProtection: true,
      subnets: loadBalancer.subnetIds,
      securityGroups: ["balancer-id"],
      accessLogs: { enabled: true },
    });
  });

  it("has no name of its own", async () => {
    const { recording } = await make();
    const balancer = recording.all("aws:lb/loadBalancer:LoadBalancer")[0];
    assert.equal(balancer?.inputs["name"], undefined);
  });

  it("speaks TLS 1.2 and 1.3 only and answers 404 to what no service claims", async () => {
    const { recording } = await make();
    assert.partialDeepStrictEqual(recording.one("Listener", "balancer-https").inputs, {
      port: 443,
      protocol: "HTTPS",
      sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
      certificateArn: loadBalancer.certificateArn,
      routingHttpResponseServerEnabled: false,
      defaultActions: [{ type: "fixed-response", fixedResponse: { statusCode: "404" } }],
    });
  });

  it("answers HTTP with nothing but a redirect to HTTPS", async () => {
    const { recording } = await make();
    const { inputs } = recording.one("Listener", "balancer-http");
    assert.deepEqual(inputs["defaultActions"], [
      { type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } },
    ]);
  });

  it("admits the world on 80 and 443 alone, each with its reason", async () => {
    const { recording } = await make();
    const rules = recording.all("SecurityGroupIngressRule").map(({ inputs }) => inputs);
    assert.deepEqual(
      rules.map((rule) => [
        rule["cidrIpv4"],
        rule["cidrIpv6"],
        rule["fromPort"],
        rule["toPort"],
        rule["ipProtocol"],
      ]),
      [
        ["0.0.0.0/0", undefined, 80, 80, "tcp"],
        ["0.0.0.0/0", undefined, 443, 443, "tcp"],
      ],
    );
    for (const { description } of rules as { description: string }[]) {
      assert.match(description, /^Internet to load balancer: [a-zA-Z0-9. _\-:/()#,@[\]+=&;{}!$*]{1,220}$/);
    }
    assert.equal(recording.all("SecurityGroupEgressRule").length, 0);
  });

  it("admits IPv6 as well where the subnets have it", async () => {
    const { recording } = await make({ ipAddressType: "dualstack" });
    assert.deepEqual(
      recording.all("SecurityGroupIngressRule").map(({ inputs }) => inputs["cidrIpv4"] ?? inputs["cidrIpv6"]),
      ["0.0.0.0/0", "::/0", "0.0.0.0/0", "::/0"],
    );
  });

  it("logs into a bucket that only Elastic Load Balancing of this account may write, encrypted as ELB demands", async () => {
    const { recording } = await make();
    const encryption = recording.one("BucketServerSideEncryptionConfiguration", "balancer-logs");
    assert.deepEqual(encryption.inputs["rules"], [
      { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } },
    ]);
    const statements = recording.statements(recording.one("BucketPolicy", "balancer-logs"));
    assert.deepEqual(
      statements.map(({ sid }) => sid),
      ["DenyPlaintext", "LoadBalancerLogs"],
    );
    assert.partialDeepStrictEqual(statements[1], {
      principals: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
      actions: ["s3:PutObject"],
      conditions: {
        ArnLike: { "aws:SourceArn": `arn:aws:elasticloadbalancing:${region}:${accountId}:loadbalancer/*` },
      },
    });
  });

  it("is made only when its log bucket admits it", async () => {
    const { recording } = await make();
    const { dependencies } = recording.one("aws:lb/loadBalancer:LoadBalancer").options;
    assert.ok(dependencies.includes(recording.one("BucketPolicy", "balancer-logs").urn));
  });

  it("keeps its logs as long as it is protected itself", async () => {
    for (const deletionProtection of [true, false]) {
      const { recording } = await make({ deletionProtection });
      assert.equal(recording.one("Bucket", "balancer-logs").inputs["forceDestroy"], !deletionProtection);
    }
  });

  it("stands behind a firewall where there is one", async () => {
    const webAclArn = `arn:aws:wafv2:${region}:${accountId}:regional/webacl/firewall/1`;
    const { recording } = await make({ webAclArn });
    assert.deepEqual(recording.one("WebAclAssociation").inputs, { resourceArn: balancerArn, webAclArn });
    const { recording: without } = await make();
    assert.equal(without.all("WebAclAssociation").length, 0);
  });

  it("watches itself by the suffix of its ARN", async () => {
    const { result } = await make();
    for (const { metric } of result.alarms()) {
      assert.equal(metric.namespace, "AWS/ApplicationELB");
      assert.equal(await valueOf(metric.dimensions["LoadBalancer"] ?? ""), "app/balancer/0123456789abcdef");
    }
    assert.deepEqual(
      result.alarms().map(({ name }) => name),
      ["load-balancer-5xx", "load-balancer-rejected-connections", "load-balancer-tls-errors"],
    );
  });

  it("refuses a name that AWS would cut off, and a retention of nothing, in one error", () => {
    assert.throws(
      () => new LoadBalancer("internal-balancer-of-the-api", { ...loadBalancer, logRetentionDays: 0 }),
      (error: unknown) => {
        assert.ok(pulumi.InputPropertiesError.isInstance(error));
        assert.deepEqual(
          error.errors.map(({ propertyPath }) => propertyPath),
          ["name", "logRetentionDays"],
        );
        assert.match(
          error.message,
          /internal-balancer-of-the-api" \(28 characters\); AWS leaves room for 24/,
        );
        return true;
      },
    );
  });
});
