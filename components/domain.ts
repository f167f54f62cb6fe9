import type * as awsTypes from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { AlarmDefinition } from "./alarm-definition.ts";
import { certificateAlarm, certificateEvent, type WatchedCertificate } from "./alarms/certificate.ts";
import { aws } from "./aws.ts";
import { CLOUDFRONT_REGION } from "./cloudfront-region.ts";
import type { EventDefinition } from "./event-definition.ts";
import { throwProblems, type Problem } from "./problems.ts";

/** The arguments of {@link Domain}. */
export interface DomainArgs {
  /** Without a trailing dot: `macro-ai.com`. */
  domain: string;
  /** The public zone that answers for `domain` or for a parent of it. */
  hostedZoneId: pulumi.Input<string>;
  /** The stack's region: where the load balancer's and the API's certificate lies. */
  region: string;
  /** Whether records of the same names are taken over from another stack; else AWS refuses. @default false */
  takeOver?: boolean;
}

/**
 * Certificates for a domain and everything one level below it, validated by a record in its hosted zone and renewed by
 * AWS as long as that record stands: one in the stack's region and, unless that is us-east-1, one there for CloudFront.
 * Certificates are free. A new domain replaces them; AWS refuses to delete one that is still in use.
 */
export class Domain extends pulumi.ComponentResource {
  /** Of the certificate in the stack's region, known once AWS has issued it. */
  public readonly certificateArn: pulumi.Output<string>;
  /** Of the certificate in us-east-1, known once AWS has issued it. */
  public readonly cloudfrontCertificateArn: pulumi.Output<string>;

  readonly #region: string;

  /** @throws pulumi.InputPropertiesError with every bad argument */
  constructor(name: string, args: DomainArgs, opts?: pulumi.ComponentResourceOptions) {
    throwProblems("Domain", name, problems(args));
    super("macro-ai:components:Domain", name, {}, opts);
    this.#region = args.region;
    const certificate = this.createCertificate(name, args.domain, args.region);
    const record = this.createValidationRecord(name, args, certificate);
    this.certificateArn = this.validate(name, certificate, record, args.region);
    this.cloudfrontCertificateArn =
      args.region === CLOUDFRONT_REGION
        ? this.certificateArn
        : this.validate(
            `${name}-cloudfront`,
            this.createCertificate(`${name}-cloudfront`, args.domain, CLOUDFRONT_REGION),
            // The same account and domain get the same validation record in every region.
            record,
            CLOUDFRONT_REGION,
          );
    this.registerOutputs({
      certificateArn: this.certificateArn,
      cloudfrontCertificateArn: this.cloudfrontCertificateArn,
    });
  }

  /** What deserves watching: each certificate where it lies. */
  public alarms(): AlarmDefinition[] {
    return this.watched().map(([name, certificate]) => certificateAlarm(name, certificate));
  }

  /** What AWS tells when it cannot renew one of them. */
  public events(): EventDefinition[] {
    return this.watched().map(([name, certificate]) => certificateEvent(name, certificate));
  }

  private watched(): [name: string, certificate: WatchedCertificate][] {
    const regional = { arn: this.certificateArn, region: this.#region };
    if (this.#region === CLOUDFRONT_REGION) return [["certificate", regional]];
    const cloudfront = { arn: this.cloudfrontCertificateArn, region: CLOUDFRONT_REGION };
    return [
      ["certificate", regional],
      ["certificate-cloudfront", cloudfront],
    ];
  }

  private createCertificate(name: string, domain: string, region: string): awsTypes.acm.Certificate {
    return new aws.acm.Certificate(
      name,
      {
        domainName: domain,
        subjectAlternativeNames: [`*.${domain}`],
        validationMethod: "DNS",
        keyAlgorithm: "RSA_2048",
        region,
      },
      { parent: this },
    );
  }

  /** One record validates the domain and its wildcard. */
  private createValidationRecord(
    name: string,
    args: DomainArgs,
    certificate: awsTypes.acm.Certificate,
  ): awsTypes.route53.Record {
    const option = certificate.domainValidationOptions.apply((options) => {
      const [first] = options;
      if (!first) throw new Error(`AWS offered no validation record for the certificate of ${args.domain}.`);
      return first;
    });
    return new aws.route53.Record(
      `${name}-validation`,
      {
        zoneId: args.hostedZoneId,
        name: option.resourceRecordName,
        type: option.resourceRecordType,
        records: [option.resourceRecordValue],
        ttl: 300,
        ...(args.takeOver && { allowOverwrite: true }),
      },
      { parent: this },
    );
  }

  private validate(
    name: string,
    certificate: awsTypes.acm.Certificate,
    record: awsTypes.route53.Record,
    region: string,
  ): pulumi.Output<string> {
    return new aws.acm.CertificateValidation(
      name,
      { certificateArn: certificate.arn, validationRecordFqdns: [record.fqdn], region },
      { parent: this },
    ).certificateArn;
  }
}

/** An AWS resource that a name can lead to. */
export interface AliasTarget {
  dnsName: pulumi.Input<string>;
  /** The hosted zone of `dnsName`, which is AWS's own. */
  zoneId: pulumi.Input<string>;
}

/** The arguments of {@link aliasRecords}. */
export interface AliasRecordsArgs {
  hostedZoneId: pulumi.Input<string>;
  /** The full name: `api.macro-ai.com`. */
  recordName: string;
  /** What the name leads to, by its own DNS name and hosted zone. */
  target: AliasTarget;
  /** Whether records of the same name are taken over from another stack; else AWS refuses. @default false */
  takeOver?: boolean;
}

/**
 * An A and an AAAA record that lead to an AWS resource. Queries for them are free; a new name replaces them. A target
 * that speaks IPv4 only gives the AAAA record no answer, and clients fall back to the A record.
 */
export function aliasRecords(
  name: string,
  args: AliasRecordsArgs,
  opts: pulumi.CustomResourceOptions,
): awsTypes.route53.Record[] {
  return (["A", "AAAA"] as const).map(
    (type) =>
      new aws.route53.Record(
        `${name}-${type.toLowerCase()}`,
        {
          zoneId: args.hostedZoneId,
          name: args.recordName,
          type,
          // With a single target there is nowhere else to send anybody.
          aliases: [{ name: args.target.dnsName, zoneId: args.target.zoneId, evaluateTargetHealth: false }],
          ...(args.takeOver && { allowOverwrite: true }),
        },
        opts,
      ),
  );
}

function problems(args: DomainArgs): Problem[] {
  const isDomain = /^(?=.{1,63}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}$/.test(args.domain);
  if (isDomain) return [];
  return [
    {
      path: "domain",
      message: `is "${args.domain}"; it must be a domain name in lower case of at most 63 characters without a trailing dot, for example macro-ai.com`,
    },
  ];
}
