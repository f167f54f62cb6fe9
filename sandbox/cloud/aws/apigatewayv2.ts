import type { Inputs, Rules } from "../rule.ts";
import { arnOf, check, integer, lengthOf, matches, needs, oneOf, when } from "./constraints.ts";
import { certificate, firstOf, refersTo } from "./references.ts";
import type { Reference } from "./references.ts";
import { arn, byInput, letters, text } from "./shapes.ts";

const API = "aws:apigatewayv2/api:Api";
const ROUTE = "aws:apigatewayv2/route:Route";
const STAGE = "aws:apigatewayv2/stage:Stage";
const DOMAIN = "aws:apigatewayv2/domainName:DomainName";
const INTEGRATION = "aws:apigatewayv2/integration:Integration";

const api: Reference = {
  types: [API],
  missing: (id) => `NotFoundException: Invalid API identifier specified ${id}`,
};

export const apigatewayv2: Rules = {
  [API]: {
    name: { property: "name", maxLength: 128, scope: "none", autoname: "hex" },
    id: (ctx) => letters(ctx, "api", 10),
    defaults: {
      apiKeySelectionExpression: "$request.header.x-api-key",
      disableExecuteApiEndpoint: false,
      routeSelectionExpression: "$request.method $request.path",
    },
    computed: (ctx) => ({
      apiEndpoint: `${text(ctx.inputs, "protocolType") === "WEBSOCKET" ? "wss" : "https"}://${ctx.id}.execute-api.${ctx.region}.amazonaws.com`,
      arn: `arn:${ctx.partition}:apigateway:${ctx.region}::/apis/${ctx.id}`,
      executionArn: arn(ctx, "execute-api", ctx.id),
      ipAddressType: "ipv4",
    }),
    replaceOn: ["protocolType"],
    updateOn: ["name"],
    check: check(
      oneOf("protocolType", "HTTP", "WEBSOCKET"),
      oneOf("ipAddressType", "ipv4", "dualstack"),
      integer("corsConfiguration.maxAge", -1, 86400),
      oneOf(
        "corsConfiguration.allowMethods[]",
        "*",
        "GET",
        "PUT",
        "POST",
        "PATCH",
        "DELETE",
        "HEAD",
        "OPTIONS",
      ),
      lengthOf("description", 0, 1024),
      (inputs) => corsWithCredentials(inputs),
    ),
  },
  [INTEGRATION]: {
    id: (ctx) => letters(ctx, "integration", 7),
    defaults: { connectionType: "INTERNET", payloadFormatVersion: "1.0" },
    computed: () => ({ integrationResponseSelectionExpression: "", timeoutMilliseconds: 30000 }),
    replaceOn: ["apiId", "integrationSubtype"],
    check: check(
      oneOf("integrationType", "AWS", "AWS_PROXY", "HTTP", "HTTP_PROXY", "MOCK"),
      oneOf("connectionType", "INTERNET", "VPC_LINK"),
      oneOf("payloadFormatVersion", "1.0", "2.0"),
      integer("timeoutMilliseconds", 50, 30000),
      when(
        (inputs) => inputs["integrationType"] === "AWS_PROXY" && inputs["integrationSubtype"] === undefined,
        needs("for AWS_PROXY", "integrationUri"),
      ),
    ),
    admit: refersTo({ apiId: api }),
  },
  [ROUTE]: {
    id: (ctx) => letters(ctx, "route", 7),
    defaults: { apiKeyRequired: false, authorizationType: "NONE" },
    computed: () => ({}),
    replaceOn: ["apiId"],
    check: check(
      matches(
        "routeKey",
        /^(\$default|\$connect|\$disconnect|(ANY|GET|PUT|POST|PATCH|DELETE|HEAD|OPTIONS) \/\S*|[\w-]+)$/,
        '"$default" or a method and a path such as "GET /items"',
      ),
      oneOf("authorizationType", "NONE", "AWS_IAM", "CUSTOM", "JWT"),
      when(
        (inputs) => inputs["authorizationType"] === "JWT" || inputs["authorizationType"] === "CUSTOM",
        needs("for this authorizationType", "authorizerId"),
      ),
      matches("target", /^integrations\/\S+$/, '"integrations/" and the id of an integration'),
    ),
    admit: firstOf(
      refersTo({ apiId: api }),
      ({ inputs, world }) => {
        const target = text(inputs, "target").replace("integrations/", "");
        return target !== "" && world.get(INTEGRATION, target) === undefined
          ? `BadRequestException: Invalid integration identifier specified ${target}`
          : undefined;
      },
      ({ inputs, world, id }) =>
        world
          .list(ROUTE)
          .some(
            (other) =>
              other.id !== id && ["apiId", "routeKey"].every((key) => other.inputs[key] === inputs[key]),
          )
          ? `ConflictException: Route with key ${text(inputs, "routeKey")} already exists for this API`
          : undefined,
    ),
  },
  [STAGE]: {
    name: {
      property: "name",
      pattern: /^(\$default|[a-zA-Z0-9_-]+)$/,
      allowed: '"$default", or letters, digits, hyphens and underscores',
      maxLength: 128,
      scope: "none",
      autoname: "hex",
    },
    // pulumi-aws gives the name alone, which two APIs can share; the API tells them apart in the cloud file.
    id: (ctx) => `${text(ctx.inputs, "apiId")}/${text(ctx.inputs, "name")}`,
    defaults: { autoDeploy: false },
    computed: (ctx) => {
      const apiId = text(ctx.inputs, "apiId");
      const name = text(ctx.inputs, "name");
      return {
        arn: `arn:${ctx.partition}:apigateway:${ctx.region}::/apis/${apiId}/stages/${name}`,
        deploymentId: letters(ctx, "deployment", 6),
        executionArn: arn(ctx, "execute-api", `${apiId}/${name}`),
        invokeUrl: `https://${apiId}.execute-api.${ctx.region}.amazonaws.com/${name === "$default" ? "" : name}`,
      };
    },
    replaceOn: ["apiId", "name"],
    check: check(
      arnOf("accessLogSettings.destinationArn", "(logs|firehose)"),
      integer("defaultRouteSettings.throttlingBurstLimit", 0, 5000),
      oneOf("defaultRouteSettings.loggingLevel", "ERROR", "INFO", "OFF"),
    ),
    admit: firstOf(
      refersTo({
        apiId: api,
        "accessLogSettings.destinationArn": {
          types: ["aws:cloudwatch/logGroup:LogGroup"],
          by: ["arn"],
          except: /:firehose:/,
          missing: (value) => `BadRequestException: Log group ${value} does not exist`,
        },
      }),
      ({ inputs, world, id }) =>
        world
          .list(STAGE)
          .some(
            (other) => other.id !== id && ["apiId", "name"].every((key) => other.inputs[key] === inputs[key]),
          )
          ? `ConflictException: Stage already exists`
          : undefined,
    ),
  },
  [DOMAIN]: {
    name: {
      property: "domainName",
      pattern: /^(\*\.)?([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/,
      allowed: "a domain name in lower case",
      maxLength: 512,
      scope: "region",
      autoname: "required",
      taken: (name) => `BadRequestException: The domain name you provided already exists: ${name}`,
    },
    id: byInput("domainName"),
    computed: (ctx) => ({
      apiMappingSelectionExpression: "$request.basepath",
      arn: `arn:${ctx.partition}:apigateway:${ctx.region}::/domainnames/${ctx.id}`,
      domainNameConfiguration: {
        targetDomainName: `d-${letters(ctx, "domain", 10)}.execute-api.${ctx.region}.amazonaws.com`,
        hostedZoneId: `Z${ctx.hex(13, "zone").toUpperCase()}`,
        ipAddressType: "ipv4",
        ownershipVerificationCertificateArn: "",
      },
      routingMode: "API_MAPPING_ONLY",
    }),
    completes: {
      domainNameConfiguration: [
        "targetDomainName",
        "hostedZoneId",
        "ipAddressType",
        "ownershipVerificationCertificateArn",
      ],
    },
    replaceOn: ["domainName"],
    check: check(
      oneOf("domainNameConfiguration.endpointType", "REGIONAL"),
      oneOf("domainNameConfiguration.securityPolicy", "TLS_1_2", "TLS_1_3"),
      arnOf("domainNameConfiguration.certificateArn", "acm"),
    ),
    admit: refersTo({ "domainNameConfiguration.certificateArn": certificate }),
  },
  "aws:apigatewayv2/apiMapping:ApiMapping": {
    id: (ctx) => letters(ctx, "mapping", 6),
    computed: () => ({}),
    replaceOn: ["domainName"],
    admit: firstOf(
      refersTo({
        apiId: api,
        domainName: {
          types: [DOMAIN],
          missing: (name) => `NotFoundException: Invalid domain name identifier specified ${name}`,
        },
      }),
      ({ inputs, world }) => {
        const stage = text(inputs, "stage").split("/").at(-1);
        return world
          .list(STAGE)
          .some((entry) => entry.inputs["apiId"] === inputs["apiId"] && entry.inputs["name"] === stage)
          ? undefined
          : `BadRequestException: Invalid stage identifier specified ${String(stage)}`;
      },
    ),
  },
};

function corsWithCredentials(inputs: Inputs) {
  const cors = inputs["corsConfiguration"] as Inputs | undefined;
  const origins = cors?.["allowOrigins"];
  return cors?.["allowCredentials"] === true && Array.isArray(origins) && origins.includes("*")
    ? [
        {
          property: "corsConfiguration.allowOrigins",
          reason: 'must not be "*" when allowCredentials is true',
        },
      ]
    : [];
}
