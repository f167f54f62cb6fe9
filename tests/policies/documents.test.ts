import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DOCUMENT_PLACES, isNothingButDocument } from "../../policies/core/document-types.ts";
import { completeness, Scope } from "../../policies/core/scope.ts";
import { rules } from "../../policies/rules.ts";

const SDK = join(import.meta.dirname, "../../node_modules/@pulumi/aws");

/** How properties are called that hold a policy as text. */
const NAME = /^(content|\w*polic(y|ies)(Document|Body|Text)?|\w*document)$/i;

/** Text, alone or beside a document as an object. */
const TEXT = /^pulumi\.Input<string(\s\|\s(undefined|[\w.]*PolicyDocument))*>/;

/** Names under which no policy of IAM's is kept: other services' settings, by the choice that they leave. */
const SETTINGS = new Set([
  ...["indexDocument", "errorDocument", "fullDocument"],
  ...["alpnPolicy", "sslPolicy", "securityPolicy", "tlsPolicy", "tlsSecurityPolicy", "httpsPolicy"],
  ...["viewerProtocolPolicy", "originProtocolPolicy", "protocolPolicy", "webAppEndpointPolicy"],
  ...["contentSecurityPolicy", "referrerPolicy", "browserPolicy", "imagePullPolicy", "dnsPolicy"],
  ...["dnsRecordClientRoutingPolicy", "routingPolicy", "autoscalingPolicy", "lifecyclePolicy"],
  ...[
    "archivePolicy",
    "deliveryPolicy",
    "filterPolicy",
    "redrivePolicy",
    "redriveAllowPolicy",
    "replayPolicy",
  ],
  ...[
    "paddingPolicy",
    "sizingPolicy",
    "actionFailurePolicy",
    "languageSelectionPolicy",
    "notificationPolicy",
  ],
  ...["streamExceptionPolicy", "permissionPolicy", "dataDeletionPolicy", "deletePropagationPolicy"],
  ...["excessCapacityTerminationPolicy", "autoImportPolicy", "snapshotPolicy", "userContextPolicy"],
  ...[
    "newGameSessionProtectionPolicy",
    "gameServerProtectionPolicy",
    "defaultPolicy",
    "samlMetadataDocument",
  ],
]);

/** Places whose name tells of a policy, and that are out of scope, each with the reason. */
const OUT_OF_SCOPE: Readonly<Record<string, string>> = {
  "appconfig/configurationProfile validators.*.content": "a schema",
  "appconfig/hostedConfigurationVersion content": "a program's settings",
  "cfg/organizationCustomPolicyRule policyText": "Guard's own language: it judges, and grants nothing",
  "cloudformation/stack policyBody": "says which of a stack's resources an update may touch",
  "cloudwatch/logAccountPolicy policyDocument": "says what is masked, indexed or sent on",
  "cloudwatch/logDataProtectionPolicy policyDocument": "says what is masked",
  "cloudwatch/logIndexPolicy policyDocument": "names fields",
  "codecommit/approvalRuleTemplate content": "says how many must approve",
  "connect/contactFlow content": "a call's course",
  "connect/contactFlowModule content": "a call's course",
  "connect/vocabulary content": "words",
  "ecr/lifecyclePolicy policy": "says when images are deleted",
  "eks/podIdentityAssociation policy": "narrows what a role allows; the role's own are judged",
  "m2/application definition.content": "an application",
  "networkmanager/coreNetwork basePolicyDocument": "a network's segments",
  "networkmanager/coreNetworkPolicyAttachment policyDocument": "a network's segments",
  "opensearch/serverlessAccessPolicy policy": "a language of its own",
  "opensearch/serverlessLifecyclePolicy policy": "says when data is deleted",
  "opensearch/serverlessSecurityPolicy policy": "a language of its own",
  "organizations/policy content": "bounds accounts, and grants nothing",
  "rolesanywhere/profile sessionPolicy": "narrows what a role allows; the role's own are judged",
  "route53/trafficPolicy document": "says which answer a name gets",
  "s3/bucketObject content": "a file",
  "s3/bucketObjectv2 content": "a file",
  "sagemaker/humanTaskUI uiTemplate.content": "a page",
  "sagemaker/modelCard content": "a description",
  "schemas/schema content": "a schema",
  "ses/receiptFilter policy": "Block or Allow",
  "sns/dataProtectionPolicy policy": "says what is masked",
  "ssm/document content": "what a run does",
  "transfer/access policy": "narrows what a role allows; the role's own are judged",
  "transfer/user policy": "narrows what a role allows; the role's own are judged",
  "verifiedaccess/endpoint policyDocument": "Cedar, a language of its own",
  "verifiedaccess/group policyDocument": "Cedar, a language of its own",
  "wafv2/ruleGroup customResponseBodies.*.content": "a page",
  "wafv2/webAcl customResponseBodies.*.content": "a page",
};

interface Place {
  /** `s3/bucketPolicy policy` */
  at: string;
  type: string;
  path: string;
}

/** What an interface declares as text under such a name. */
function named(body: string): string[] {
  return [...body.matchAll(/^ +(\w+)\??: (.*);$/gm)].flatMap(([, name = "", type = ""]) =>
    NAME.test(name) && TEXT.test(type) ? [name] : [],
  );
}

/** Every place of the installed SDK's declarations, in a resource's own arguments or one level below. */
function declared(): Place[] {
  const inputs = readFileSync(join(SDK, "types/input.d.ts"), "utf8");
  const nested = new Map<string, string[]>();
  for (const [, module = "", body = ""] of inputs.matchAll(
    /^export declare namespace (\w+) \{\n([^]*?)^\}/gm,
  ))
    for (const [, name = "", members = ""] of body.matchAll(/^ {4}interface (\w+) \{\n([^]*?)^ {4}\}/gm))
      if (named(members).length > 0) nested.set(`inputs.${module}.${name}`, named(members));
  const modules = readdirSync(SDK, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return modules.flatMap(({ name: module }) =>
    readdirSync(join(SDK, module))
      .filter((file) => file.endsWith(".d.ts"))
      .flatMap((file) => {
        const text = readFileSync(join(SDK, module, file), "utf8");
        const args = /^export interface \w+Args \{\n([^]*?)^\}/m.exec(
          text.slice(text.indexOf("Args {") - 60),
        )?.[1];
        const type = /'(aws:[^']+)'/.exec(
          readFileSync(join(SDK, module, file.replace(/\.d\.ts$/, ".js")), "utf8"),
        )?.[1];
        if (args === undefined || type === undefined || file.startsWith("get")) return [];
        const below = [...args.matchAll(/^ {4}(\w+)\??: (.*);$/gm)].flatMap(([, property = "", of = ""]) => {
          const inner = nested.get(/inputs\.\w+\.\w+/.exec(of)?.[0] ?? "") ?? [];
          return inner.map((name) => `${property}${of.includes("[]") ? ".*" : ""}.${name}`);
        });
        return [...named(args), ...below].map((path) => ({
          at: `${module}/${file.replace(/\.d\.ts$/, "")} ${path}`,
          type,
          path,
        }));
      }),
  );
}

describe("documents", () => {
  const places = declared().filter(({ path }) => !SETTINGS.has(path.split(".").at(-1) ?? ""));
  const isRead = ({ type, path }: Place): boolean =>
    DOCUMENT_PLACES[type]?.some((place) => place.path === path) ?? false;

  it("are read wherever the SDK has one, but for what is named here", () => {
    const open = places.filter((place) => !isRead(place) && !(place.at in OUT_OF_SCOPE)).map(({ at }) => at);
    assert.deepEqual(open, []);
  });

  it("are read of nothing that the SDK lacks, and nothing stale is named here", () => {
    const known = places.map(({ type, path }) => `${type} ${path}`);
    const listed = Object.entries(DOCUMENT_PLACES).flatMap(([type, all]) =>
      all.map(({ path }) => `${type} ${path}`),
    );
    assert.deepEqual(
      listed.filter((place) => !known.includes(place)),
      [],
    );
    const stale = Object.keys(OUT_OF_SCOPE).filter(
      (at) => !places.some((place) => place.at === at && !isRead(place)),
    );
    assert.deepEqual(stale, []);
  });

  it("are not all that a type is judged by, where it is more than a document", () => {
    const judge = (type: string): string[] =>
      new Scope(rules).judge({ urn: "urn:x", name: "x", type }, {}).map(({ rule }) => rule.name);
    assert.deepEqual(judge("aws:opensearch/domain:Domain"), [completeness.name]);
    assert.deepEqual(judge("aws:opensearch/domainPolicy:DomainPolicy"), []);
    assert.ok(!isNothingButDocument("aws:iam/role:Role"));
  });
});
