import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { aliasRecords, Domain } from "../../components/domain.ts";
import { run, valueOf } from "./mocks.ts";

const hostedZoneId = "Z0123456789ABCDEFGHIJ";

function make(region: string, changes: { takeOver?: boolean } = {}) {
  return run(() => new Domain("domain", { domain: "macro-ai.com", hostedZoneId, region, ...changes }), {
    outputs: {
      "aws:acm/certificate:Certificate": ({ name }) => ({
        arn: `arn:certificate/${name}`,
        domainValidationOptions: ["macro-ai.com", "*.macro-ai.com"].map((domainName) => ({
          domainName,
          resourceRecordName: "_abc.macro-ai.com.",
          resourceRecordType: "CNAME",
          resourceRecordValue: "_def.acm-validations.aws.",
        })),
      }),
    },
  });
}

describe("Domain", () => {
  it("has a certificate for the domain and its wildcard, validated by one record", async () => {
    const { recording, result } = await make("us-east-1");
    assert.partialDeepStrictEqual(recording.one("Certificate").inputs, {
      domainName: "macro-ai.com",
      subjectAlternativeNames: ["*.macro-ai.com"],
      validationMethod: "DNS",
      region: "us-east-1",
    });
    assert.deepEqual(recording.one("Record").inputs, {
      zoneId: hostedZoneId,
      name: "_abc.macro-ai.com.",
      type: "CNAME",
      records: ["_def.acm-validations.aws."],
      ttl: 300,
    });
    assert.equal(
      await valueOf(result.certificateArn),
      await valueOf(result.cloudfrontCertificateArn),
      "one certificate serves both in us-east-1",
    );
  });

  it("has a second one in us-east-1 for CloudFront when the stack is elsewhere, by the same record", async () => {
    const { recording, result } = await make("eu-west-2");
    assert.deepEqual(
      recording.all("Certificate").map(({ inputs }) => inputs["region"]),
      ["eu-west-2", "us-east-1"],
    );
    assert.equal(recording.all("Record").length, 1);
    assert.deepEqual(
      recording
        .all("CertificateValidation")
        .map(({ inputs }) => [inputs["certificateArn"], inputs["region"]]),
      [
        ["arn:certificate/domain", "eu-west-2"],
        ["arn:certificate/domain-cloudfront", "us-east-1"],
      ],
    );
    assert.equal(await valueOf(result.cloudfrontCertificateArn), "arn:certificate/domain-cloudfront");
  });

  it("hands out a certificate only when it is issued", async () => {
    const { result, recording } = await make("us-east-1");
    const dependencies = await Promise.all(
      [
        ...(await (
          result.certificateArn as unknown as {
            resources: () => Set<pulumi.Resource> | Promise<Set<pulumi.Resource>>;
          }
        ).resources()),
      ].map((resource) => valueOf(resource.urn)),
    );
    assert.ok(dependencies.includes(recording.one("CertificateValidation").urn));
  });

  it("warns 30 days before a certificate expires", async () => {
    const { result } = await make("us-east-1");
    assert.partialDeepStrictEqual(result.alarms(), [
      // An expired certificate is silent: its alarm stays as it was.
      { name: "certificate-expiry", threshold: 30, comparison: "below", missingData: "ignore" },
    ]);
  });

  it("watches each certificate where it lies", async () => {
    const { result } = await make("eu-west-2");
    const where = await Promise.all(
      result
        .alarms()
        .map(async ({ name, metric, region }) => [
          name,
          region,
          await valueOf(metric.dimensions["CertificateArn"] ?? ""),
        ]),
    );
    assert.deepEqual(where, [
      ["certificate-expiry", "eu-west-2", "arn:certificate/domain"],
      ["certificate-cloudfront-expiry", "us-east-1", "arn:certificate/domain-cloudfront"],
    ]);
    assert.deepEqual(
      result.events().map(({ name, region }) => [name, region]),
      [
        ["certificate-renewal", "eu-west-2"],
        ["certificate-cloudfront-renewal", "us-east-1"],
      ],
    );
  });

  it("tells when AWS needs help to renew a certificate, or could not", async () => {
    const { result } = await make("us-east-1");
    const [event, ...others] = result.events();
    assert.deepEqual(others, []);
    assert.deepEqual(await valueOf(pulumi.output(event?.pattern)), {
      source: ["aws.acm"],
      "detail-type": [
        "ACM Certificate Renewal Action Required",
        "ACM Certificate Expired",
        "ACM Certificate Revoked",
      ],
      resources: [await valueOf(result.certificateArn)],
    });
  });

  for (const domain of [
    "",
    "Macro-AI.com",
    "macro-ai.com.",
    "macro_ai.com",
    "localhost",
    "-a.com",
    `${"a".repeat(60)}.com`,
  ]) {
    it(`refuses "${domain}"`, () => {
      assert.throws(
        () => new Domain("domain", { domain, hostedZoneId, region: "us-east-1" }),
        (error: unknown) => pulumi.InputPropertiesError.isInstance(error),
      );
    });
  }
});

describe("a stack that takes another's place", () => {
  it("takes over the records of its names, and no others do", async () => {
    const target = { dnsName: "d111111abcdef8.cloudfront.net", zoneId: "Z2FDTNDATAQYW2" };
    const args = { hostedZoneId, recordName: "app.macro-ai.com", target };
    const overwrites = async (takeOver: boolean) => {
      const { recording: domain } = await make("us-west-2", { takeOver });
      const { recording: records } = await run(() => aliasRecords("app", { ...args, takeOver }, {}));
      return [...domain.all("Record"), ...records.all("Record")].map(
        ({ inputs }) => inputs["allowOverwrite"],
      );
    };
    assert.deepEqual(await overwrites(true), [true, true, true]);
    assert.deepEqual(await overwrites(false), [undefined, undefined, undefined]);
  });
});

describe("aliasRecords", () => {
  it("leads A and AAAA to the target", async () => {
    const target = { dnsName: "d111111abcdef8.cloudfront.net", zoneId: "Z2FDTNDATAQYW2" };
    const { recording } = await run(() =>
      aliasRecords("app", { hostedZoneId, recordName: "app.macro-ai.com", target }, {}),
    );
    assert.deepEqual(
      recording.all("Record").map(({ name, inputs }) => [name, inputs]),
      (["A", "AAAA"] as const).map((type) => [
        `app-${type.toLowerCase()}`,
        {
          zoneId: hostedZoneId,
          name: "app.macro-ai.com",
          type,
          aliases: [{ name: target.dnsName, zoneId: target.zoneId, evaluateTargetHealth: false }],
        },
      ]),
    );
  });
});
