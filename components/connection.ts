import * as pulumi from "@pulumi/pulumi";
import { aws } from "./aws.ts";
import { broken, throwProblems, type Problem } from "./problems.ts";

/** One end of a connection: something with a security group. */
export interface Peer {
  /** What it is called in a rule's description: "API service". */
  label: string;
  securityGroupId: pulumi.Output<string>;
}

/** A peer that listens. */
export interface ListeningPeer extends Peer {
  port: number;
}

/** The arguments of {@link Connection}. */
export interface ConnectionArgs {
  from: Peer;
  to: ListeningPeer;
  /** Why the connection exists; both rules' descriptions say it. */
  reason: string;
}

/**
 * Lets one peer reach another: the source's egress rule and the target's ingress rule, made together so that no side is
 * ever open alone and no rule stands without its reason. Standalone rules, never inline: the graph stays visible in a
 * preview. Costs nothing; a change of port or peer replaces the rule it concerns.
 */
export class Connection extends pulumi.ComponentResource {
  /** @throws pulumi.InputPropertiesError with every bad argument */
  constructor(name: string, args: ConnectionArgs, opts?: pulumi.ComponentResourceOptions) {
    throwProblems("Connection", name, problems(args));
    super("macro-ai:components:Connection", name, {}, opts);
    const description = describe(args);
    const ports = { ipProtocol: "tcp", fromPort: args.to.port, toPort: args.to.port, description };
    new aws.vpc.SecurityGroupEgressRule(
      `${name}-egress`,
      {
        securityGroupId: args.from.securityGroupId,
        referencedSecurityGroupId: args.to.securityGroupId,
        ...ports,
      },
      { parent: this },
    );
    new aws.vpc.SecurityGroupIngressRule(
      `${name}-ingress`,
      {
        securityGroupId: args.to.securityGroupId,
        referencedSecurityGroupId: args.from.securityGroupId,
        ...ports,
      },
      { parent: this },
    );
    this.registerOutputs();
  }
}

function describe({ from, to, reason }: ConnectionArgs): string {
  return `${from.label} to ${to.label}: ${reason}`;
}

/** Source: EC2 API reference, IpPermission and IpRange. */
function problems(args: ConnectionArgs): Problem[] {
  const { port } = args.to;
  const description = describe(args);
  return broken([
    {
      path: "to.port",
      holds: Number.isInteger(port) && port >= 1 && port <= 65_535,
      message: `is ${port}; give 1 to 65535`,
    },
    {
      path: "reason",
      holds: args.reason.trim() !== "",
      message: "is empty; say why the connection exists",
    },
    {
      path: "reason",
      holds: /^[\w .:/()#,@[\]+=&;{}!$*-]*$/.test(description) && description.length <= 255,
      message: `makes the description "${description}"; EC2 takes up to 255 letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*`,
    },
  ]);
}

/** Opens the way between two peers, named after both. */
export function connect(
  from: Peer,
  to: ListeningPeer,
  reason: string,
  opts?: pulumi.ComponentResourceOptions,
): Connection {
  const name = `${from.label} to ${to.label}`.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  return new Connection(name, { from, to, reason }, opts);
}
