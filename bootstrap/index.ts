import "../stacks/quiet-sdk.ts";
import * as pulumi from "@pulumi/pulumi";
import { aws } from "../components/aws.ts";
import { requireConfig } from "./config.ts";
import { deployed } from "./environments.ts";
import { AUDIENCE, ISSUER } from "./federated-role.ts";
import { createRoles } from "./roles.ts";
import { StateStore } from "./state-store.ts";

const config = requireConfig();
const accountId = aws.getCallerIdentityOutput().accountId;

// First of all, because an account can have one only: a second bootstrap ends here, before it has made anything.
const provider = config.existingProvider
  ? undefined
  : new aws.iam.OpenIdConnectProvider("github", { url: `https://${ISSUER}`, clientIdLists: [AUDIENCE] });
const providerArn = provider?.arn ?? pulumi.interpolate`arn:aws:iam::${accountId}:oidc-provider/${ISSUER}`;
const after = { dependsOn: provider ? [provider] : [] };

const store = new StateStore("state", { accountId, region: config.region }, after);
const roles = createRoles({ repository: config.repository, providerArn, accountId, store }, after);

/** What `pulumi login` takes. */
export const backendUrl = pulumi.interpolate`s3://${store.bucketName}?region=${config.region}`;
/** What `--secrets-provider` takes, by stack. */
export const secretsProviders = Object.fromEntries(
  [...deployed.map(({ stack }) => stack), pulumi.getStack()].map((stack) => [
    stack,
    pulumi.interpolate`awskms:///${store.keyArn}?region=${config.region}&context_stack=${stack}`,
  ]),
);
/** What workflows assume, by purpose. */
export const roleArns = roles.arns;
/** What `macro-ai:permissionsBoundary` takes, by stack. */
export const permissionsBoundaries = roles.boundaries;
