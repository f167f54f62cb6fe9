import type * as awsTypes from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { AlarmDefinition } from "./alarm-definition.ts";
import { loadBalancerAlarms } from "./alarms/load-balancer.ts";
import { aws } from "./aws.ts";
import type { Peer } from "./connection.ts";
import { PrivateBucket } from "./private-bucket.ts";
import { broken, throwProblems, type Problem } from "./problems.ts";
import { securityGroup } from "./security-group.ts";

/** The arguments of {@link LoadBalancer}. */
export interface LoadBalancerArgs {
  vpcId: pulumi.Input<string>;
  /** Public subnets, at least two of them in different zones. */
  subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  /** A certificate of the same region. */
  certificateArn: pulumi.Input<string>;
  /** Whether AWS refuses to delete it, and its logs outlive it. */
  deletionProtection: boolean;
  /** A REGIONAL web ACL. @default - none */
  webAclArn?: pulumi.Input<string>;
  /** Days for which access logs are kept. */
  logRetentionDays: number;
  accountId: pulumi.Input<string>;
  region: string;
  /** `dualstack` needs subnets with IPv6 addresses. @default "ipv4" */
  ipAddressType?: "ipv4" | "dualstack";
}

/** AWS allows 32 characters, and Pulumi appends a hyphen and seven digits. */
const MAX_NAME_LENGTH = 24;

const TLS_POLICY = "ELBSecurityPolicy-TLS13-1-2-2021-06";

/** Who may call, by address type: everybody, this is the front door. */
const WORLD: Record<"ipv4" | "dualstack", Record<string, { cidrIpv4: string } | { cidrIpv6: string }>> = {
  ipv4: { ipv4: { cidrIpv4: "0.0.0.0/0" } },
  dualstack: { ipv4: { cidrIpv4: "0.0.0.0/0" }, ipv6: { cidrIpv6: "::/0" } },
};

const PORTS = [
  {
    scheme: "http",
    port: 80,
    reason: "Internet to load balancer: HTTP, answered only by a redirect to HTTPS",
  },
  {
    scheme: "https",
    port: 443,
    reason: "Internet to load balancer: HTTPS, the public entry to the services",
  },
];

/**
 * A public application load balancer that many services can share: TLS 1.2 and 1.3 only, HTTP redirected to HTTPS, a
 * plain 404 for what no service claims, malformed headers dropped, HSTS, access logs in a bucket of its own.
 *
 * USD 0.0225 an hour (16.43 a month) and 0.008 per LCU-hour, 3.65 a month for each zone's public IPv4 address, and the
 * storage of the logs. New subnets and settings are applied in place; a new `name` or VPC replaces it and changes its
 * DNS name.
 */
export class LoadBalancer extends pulumi.ComponentResource {
  public readonly arn: pulumi.Output<string>;
  /** How CloudWatch's dimensions name it. */
  public readonly arnSuffix: pulumi.Output<string>;
  public readonly dnsName: pulumi.Output<string>;
  /** The hosted zone of `dnsName`, for alias records. */
  public readonly zoneId: pulumi.Output<string>;
  /** Where services add their rules. */
  public readonly httpsListenerArn: pulumi.Output<string>;
  public readonly peer: Peer;

  /** @throws pulumi.InputPropertiesError with every bad argument */
  constructor(name: string, args: LoadBalancerArgs, opts?: pulumi.ComponentResourceOptions) {
    throwProblems("LoadBalancer", name, problems(name, args));
    super("macro-ai:components:LoadBalancer", name, {}, opts);
    const group = this.createSecurityGroup(name, args);
    const logBucketName = this.createLogBucket(name, args);
    const balancer = this.createBalancer(name, args, group, logBucketName);
    this.createRedirect(name, balancer);
    this.httpsListenerArn = this.createHttpsListener(name, args, balancer).arn;
    if (args.webAclArn !== undefined) {
      new aws.wafv2.WebAclAssociation(
        name,
        { resourceArn: balancer.arn, webAclArn: args.webAclArn },
        { parent: this },
      );
    }
    this.arn = balancer.arn;
    this.arnSuffix = balancer.arnSuffix;
    this.dnsName = balancer.dnsName;
    this.zoneId = balancer.zoneId;
    this.peer = { label: "load balancer", securityGroupId: group.id };
    this.registerOutputs({
      arn: this.arn,
      dnsName: this.dnsName,
      zoneId: this.zoneId,
      httpsListenerArn: this.httpsListenerArn,
    });
  }

  /** What deserves watching. */
  public alarms(): AlarmDefinition[] {
    return loadBalancerAlarms(this.arnSuffix);
  }

  private createSecurityGroup(name: string, args: LoadBalancerArgs): awsTypes.ec2.SecurityGroup {
    const group = securityGroup(
      name,
      { vpcId: args.vpcId, description: "Load balancer: the public entry to the services" },
      { parent: this },
    );
    for (const { scheme, port, reason } of PORTS) {
      for (const [family, source] of Object.entries(WORLD[args.ipAddressType ?? "ipv4"])) {
        new aws.vpc.SecurityGroupIngressRule(
          `${name}-${scheme}-${family}`,
          {
            securityGroupId: group.id,
            ipProtocol: "tcp",
            fromPort: port,
            toPort: port,
            description: reason,
            ...source,
          },
          { parent: this },
        );
      }
    }
    return group;
  }

  /** Returns the bucket's name, known only when the balancer may write to it. */
  private createLogBucket(name: string, args: LoadBalancerArgs): pulumi.Output<string> {
    const bucket = new PrivateBucket(
      `${name}-logs`,
      // No key: Elastic Load Balancing cannot write to a bucket encrypted with a customer's key.
      { expirationDays: args.logRetentionDays, forceDestroy: !args.deletionProtection },
      { parent: this },
    );
    return bucket.attachPolicy([
      {
        sid: "LoadBalancerLogs",
        principals: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
        actions: ["s3:PutObject"],
        resources: [pulumi.interpolate`${bucket.arn}/AWSLogs/${args.accountId}/*`],
        wildcard: "The load balancer names the files, below a prefix that AWS prescribes",
        conditions: {
          ArnLike: {
            "aws:SourceArn": pulumi.interpolate`arn:aws:elasticloadbalancing:${args.region}:${args.accountId}:loadbalancer/*`,
          },
        },
      },
    ]);
  }

  private createBalancer(
    name: string,
    args: LoadBalancerArgs,
    group: awsTypes.ec2.SecurityGroup,
    logBucketName: pulumi.Output<string>,
  ): awsTypes.lb.LoadBalancer {
    return new aws.lb.LoadBalancer(
      name,
      {
        loadBalancerType: "application",
        internal: false,
        ipAddressType: args.ipAddressType ?? "ipv4",
        securityGroups: [group.id],
        subnets: args.subnetIds,
        dropInvalidHeaderFields: true,
        desyncMitigationMode: "defensive",
        // A Node server must keep its idle connections for longer: see placeholder.ts.
        idleTimeout: 60,
        enableDeletionProtection: args.deletionProtection,
        accessLogs: { enabled: true, bucket: logBucketName },
      },
      { parent: this },
    );
  }

  private createRedirect(name: string, balancer: awsTypes.lb.LoadBalancer): void {
    new aws.lb.Listener(
      `${name}-http`,
      {
        loadBalancerArn: balancer.arn,
        port: 80,
        protocol: "HTTP",
        defaultActions: [
          { type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } },
        ],
      },
      { parent: this },
    );
  }

  private createHttpsListener(
    name: string,
    args: LoadBalancerArgs,
    balancer: awsTypes.lb.LoadBalancer,
  ): awsTypes.lb.Listener {
    return new aws.lb.Listener(
      `${name}-https`,
      {
        loadBalancerArn: balancer.arn,
        port: 443,
        protocol: "HTTPS",
        sslPolicy: TLS_POLICY,
        certificateArn: args.certificateArn,
        routingHttpResponseServerEnabled: false,
        routingHttpResponseStrictTransportSecurityHeaderValue: "max-age=63072000; includeSubDomains",
        defaultActions: [
          {
            type: "fixed-response",
            fixedResponse: { statusCode: "404", contentType: "text/plain", messageBody: "Not found" },
          },
        ],
      },
      { parent: this },
    );
  }
}

function problems(name: string, args: LoadBalancerArgs): Problem[] {
  return broken([
    {
      path: "name",
      holds: name.length <= MAX_NAME_LENGTH && !name.startsWith("internal-"),
      message: `is "${name}" (${name.length} characters); AWS leaves room for ${MAX_NAME_LENGTH}, and it must not begin with internal-`,
    },
    {
      path: "logRetentionDays",
      holds: Number.isInteger(args.logRetentionDays) && args.logRetentionDays >= 1,
      message: `is ${args.logRetentionDays}; give a whole number of days, at least 1`,
    },
  ]);
}
