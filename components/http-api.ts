import type * as awsTypes from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { aws } from "./aws.ts";
import type { AliasTarget } from "./domain.ts";
import { logGroup, retentionProblems } from "./log-group.ts";
import { broken, throwProblems, type Problem } from "./problems.ts";

/** A name of one's own for an API. */
export interface ApiDomain {
  /** In full: `api.macro-ai.com`. */
  name: string;
  /** A certificate of the API's region. */
  certificateArn: pulumi.Input<string>;
}

/** How many requests an API lets through. */
export interface Throttle {
  requestsPerSecond: number;
  /** Requests let through at once. */
  burst: number;
}

/** The arguments of {@link HttpApi}. */
export interface HttpApiArgs {
  functionName: pulumi.Input<string>;
  functionInvokeArn: pulumi.Input<string>;
  throttle: Throttle;
  kmsKeyArn: pulumi.Input<string>;
  logRetentionDays: number;
  /** @default - the name that AWS gives it */
  domain?: ApiDomain;
}

/** One line for each request, without anything the caller sent but method and path. */
const ACCESS_LOG_FORMAT = JSON.stringify({
  requestId: "$context.requestId",
  time: "$context.requestTime",
  sourceIp: "$context.identity.sourceIp",
  method: "$context.httpMethod",
  path: "$context.path",
  status: "$context.status",
  responseLength: "$context.responseLength",
  latencyMs: "$context.responseLatency",
  integrationLatencyMs: "$context.integrationLatency",
  integrationError: "$context.integrationErrorMessage",
});

/**
 * An HTTP API that hands every request to one Lambda function: throttled, logged, with TLS 1.2 on its own domain. Who
 * may call what is for the application to decide, which checks Cognito's tokens. USD 1 per million requests, and the
 * log. A new domain replaces the domain's name; the API stays.
 */
export class HttpApi extends pulumi.ComponentResource {
  public readonly apiId: pulumi.Output<string>;
  /** Without a trailing slash. */
  public readonly url: pulumi.Output<string>;
  /** Where the records of its own domain must lead, if it has one. */
  public readonly target?: AliasTarget;

  /** @throws pulumi.InputPropertiesError with every bad argument */
  constructor(name: string, args: HttpApiArgs, opts?: pulumi.ComponentResourceOptions) {
    throwProblems("HttpApi", name, apiProblems(args));
    super("macro-ai:components:HttpApi", name, {}, opts);
    const api = new aws.apigatewayv2.Api(
      name,
      {
        protocolType: "HTTP",
        description: "Hands every request to one function",
        ipAddressType: "dualstack",
        // With a domain of its own there is one way in.
        disableExecuteApiEndpoint: args.domain !== undefined,
      },
      { parent: this },
    );
    this.createRoute(name, args, api);
    const stage = this.createStage(name, args, api);
    if (args.domain) this.target = this.createDomain(name, args.domain, api, stage);
    this.apiId = api.id;
    this.url = args.domain ? pulumi.output(`https://${args.domain.name}`) : api.apiEndpoint;
    this.registerOutputs({ apiId: this.apiId, url: this.url });
  }

  private createRoute(name: string, args: HttpApiArgs, api: awsTypes.apigatewayv2.Api): void {
    const integration = new aws.apigatewayv2.Integration(
      name,
      {
        apiId: api.id,
        integrationType: "AWS_PROXY",
        integrationUri: args.functionInvokeArn,
        payloadFormatVersion: "2.0",
      },
      { parent: this },
    );
    new aws.apigatewayv2.Route(
      name,
      { apiId: api.id, routeKey: "$default", target: pulumi.interpolate`integrations/${integration.id}` },
      { parent: this },
    );
    new aws.lambda.Permission(
      name,
      {
        function: args.functionName,
        action: "lambda:InvokeFunction",
        principal: "apigateway.amazonaws.com",
        sourceArn: pulumi.interpolate`${api.executionArn}/*/$default`,
      },
      { parent: this },
    );
  }

  private createStage(
    name: string,
    args: HttpApiArgs,
    api: awsTypes.apigatewayv2.Api,
  ): awsTypes.apigatewayv2.Stage {
    const log = logGroup(
      `${name}-access`,
      {
        // A prefix that the policy by which API Gateway may write already covers; that policy has a size limit.
        namePrefix: `/aws/vendedlogs/${name}-access-`,
        retentionDays: args.logRetentionDays,
        kmsKeyArn: args.kmsKeyArn,
      },
      { parent: this },
    );
    return new aws.apigatewayv2.Stage(
      name,
      {
        apiId: api.id,
        name: "$default",
        autoDeploy: true,
        accessLogSettings: { destinationArn: log.arn, format: ACCESS_LOG_FORMAT },
        defaultRouteSettings: {
          throttlingRateLimit: args.throttle.requestsPerSecond,
          throttlingBurstLimit: args.throttle.burst,
        },
      },
      { parent: this },
    );
  }

  private createDomain(
    name: string,
    domain: ApiDomain,
    api: awsTypes.apigatewayv2.Api,
    stage: awsTypes.apigatewayv2.Stage,
  ): AliasTarget {
    const domainName = new aws.apigatewayv2.DomainName(
      name,
      {
        domainName: domain.name,
        domainNameConfiguration: {
          certificateArn: domain.certificateArn,
          endpointType: "REGIONAL",
          securityPolicy: "TLS_1_2",
          ipAddressType: "dualstack",
        },
      },
      { parent: this },
    );
    new aws.apigatewayv2.ApiMapping(
      name,
      { apiId: api.id, domainName: domainName.id, stage: stage.name },
      { parent: this },
    );
    const { targetDomainName, hostedZoneId } = domainName.domainNameConfiguration;
    return { dnsName: targetDomainName, zoneId: hostedZoneId };
  }
}

/** What is wrong with the arguments that an API and whoever makes one have in common, if anything. */
export function apiProblems({
  throttle,
  domain,
  logRetentionDays,
}: {
  throttle?: Throttle;
  domain?: ApiDomain;
  logRetentionDays: number;
}): Problem[] {
  return [
    ...broken([
      {
        path: "throttle.requestsPerSecond",
        holds: throttle === undefined || throttle.requestsPerSecond > 0,
        message: `is ${throttle?.requestsPerSecond ?? ""}; give more than 0, or nobody gets through`,
      },
      {
        path: "throttle.burst",
        holds: throttle === undefined || (Number.isInteger(throttle.burst) && throttle.burst >= 1),
        message: `is ${throttle?.burst ?? ""}; give a whole number of requests, at least 1`,
      },
      {
        path: "domain.name",
        holds: domain === undefined || /^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/.test(domain.name),
        message: `is "${domain?.name ?? ""}"; give a full name in lower case, like "api.macro-ai.com"`,
      },
    ]),
    ...retentionProblems("logRetentionDays", logRetentionDays),
  ];
}
