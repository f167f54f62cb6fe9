import * as pulumi from "@pulumi/pulumi";
import type { Statement } from "../components/policy-document.ts";
import { DEFAULT_BRANCH, type Deployed, deployed, DRILLED, purposeOf } from "./environments.ts";
import { boundaryPolicy, FederatedRole, type FederatedRoleArgs } from "./federated-role.ts";
import { arnOf } from "./permissions/arn.ts";
import { boundaryStatements } from "./permissions/boundary.ts";
import {
  deployStatements,
  otherStacksDenied,
  REGIONS,
  separation,
  taggingAsAnotherDenied,
} from "./permissions/deploy.ts";
import { drillStatements } from "./permissions/drill.ts";
import { readActions } from "./permissions/reads.ts";
import { sharedStateStatements, stateStatements, type StateStore } from "./permissions/state.ts";

/** The arguments of {@link createRoles}. */
export interface RolesArgs {
  /** As GitHub's tokens write it. */
  repository: string;
  providerArn: pulumi.Input<string>;
  accountId: pulumi.Input<string>;
  store: StateStore;
}

const HOUR = 3600;

/** The roles per purpose; what binds each to a branch is said in docs/delivery.md. */
export function createRoles(
  { repository, providerArn, accountId, store }: RolesArgs,
  opts: pulumi.ComponentResourceOptions,
): { arns: Record<string, pulumi.Output<string>>; boundaries: Record<string, pulumi.Output<string>> } {
  const read: Statement = {
    sid: "ReadSettings",
    actions: [...readActions],
    resources: ["*"],
    wildcard: "How resources are set up, never what is in them; the provider looks before it knows their ids",
  };
  const subject = (rest: string): string => `repo:${repository}:${rest}`;
  const role = (
    name: string,
    args: Pick<FederatedRoleArgs, "description" | "subjects" | "policies"> & { sessionSeconds?: number },
  ) => new FederatedRole(name, { providerArn, sessionSeconds: HOUR, ...args }, opts).readyArn;

  const boundaries: Record<string, pulumi.Output<string>> = {};
  const arns: Record<string, pulumi.Output<string>> = {};
  for (const environment of deployed) {
    const { stack } = environment;
    const [preview, drift] = [purposeOf("preview", stack), purposeOf("drift", stack)];
    const readings = {
      read: [read, otherStacksDenied(stack)],
      state: [...sharedStateStatements(store, "read"), ...stateStatements(store, stack, "read")],
    };
    arns[preview] = role(preview, {
      description: `Pull requests and plans of ${stack}: pulumi preview reads`,
      subjects: [subject(`environment:${preview}`)],
      policies: readings,
    });
    arns[drift] = role(drift, {
      description: `Nightly drift detection of ${stack}: pulumi refresh reads`,
      subjects: [subject(`environment:${drift}`)],
      policies: {
        ...readings,
        contents: contentStatements(environment, accountId),
        decryption: decryption(accountId),
      },
    });
    const boundaryArn = boundaryPolicy(
      `workload-${stack}`,
      {
        description: `The most that a role of the stack ${stack} can do`,
        statements: boundaryStatements(environment, accountId),
      },
      opts,
    );
    boundaries[stack] = boundaryArn;
    arns[stack] = role(`deploy-${stack}`, {
      description: `Deployments of ${stack}: pulumi up writes`,
      subjects: [subject(`environment:${stack}`)],
      // A database in two zones and CloudFront together take more than the hour that is usual.
      sessionSeconds: 2 * HOUR,
      policies: {
        read: [read, ...separation(stack, store.keyArn)],
        state: [...sharedStateStatements(store, "write"), ...stateStatements(store, stack, "write")],
        ...deployStatements({ environment, accountId, boundaryArn }),
      },
    });
  }
  const { resources, encryption } = drillStatements(accountId, boundaries[DRILLED.stack] ?? "");
  arns["drill"] = role("drill", {
    description: `The restore drill: ${DRILLED.throwAway} is made of ${DRILLED.stack}'s backups, and deleted`,
    subjects: [subject(`ref:refs/heads/${DEFAULT_BRANCH}`)],
    // A large database is restored in hours, and must go again with the same session.
    sessionSeconds: 6 * HOUR,
    policies: {
      read: [read, taggingAsAnotherDenied(DRILLED.throwAway)],
      state: [
        ...sharedStateStatements(store, "write"),
        ...stateStatements(store, DRILLED.stack, "read"),
        ...stateStatements(store, DRILLED.throwAway, "write"),
      ],
      resources,
      encryption,
    },
  });
  return { arns, boundaries };
}

/**
 * A refresh also reads the resources that are contents: the values that secrets begin with, and the client's first page. Staging's
 * branch has no reviewer, so that its program gets staging's values alone.
 */
function contentStatements({ secretPath }: Deployed, accountId: pulumi.Input<string>): Statement[] {
  return [
    {
      sid: "ReadSecrets",
      actions: ["secretsmanager:GetSecretValue"],
      resources: [arnOf("secretsmanager", accountId, `secret:${secretPath}/*`)],
      wildcard: "All of this environment's secrets and no other's, whose ARNs end with what AWS draws",
    },
    {
      sid: "ReadTheFirstPage",
      actions: ["s3:GetObject", "s3:GetObjectTagging"],
      resources: ["arn:aws:s3:::website-assets-*/index.html"],
      wildcard: "Pulumi ends each name with digits that it draws when it makes the bucket",
    },
  ];
}

/** Apart, so that the exemption from iam-no-unbounded-power covers nothing else. */
function decryption(accountId: pulumi.Input<string>): Statement[] {
  return [
    {
      sid: "DecryptSecrets",
      actions: ["kms:Decrypt"],
      resources: [arnOf("kms", accountId, "key/*")],
      conditions: {
        StringEquals: {
          "kms:ViaService": ["s3", "secretsmanager"].flatMap((service) =>
            REGIONS.map((region) => `${service}.${region}.amazonaws.com`),
          ),
        },
      },
      wildcard: "AWS draws the ids of the stacks' keys; and only as part of a call of these services",
    },
  ];
}
