import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { runSimulation, type Simulation } from "@cloud-copilot/iam-simulate";
import { type Recording, run } from "../components/mocks.ts";

export const account = "123456789012";
const repository = "macro-ai/infrastructure";

interface Document {
  readonly Version: string;
  readonly Statement: Record<string, unknown>[];
}

/** The bootstrap's program, evaluated once. */
export class Bootstrap {
  readonly recording: Recording;

  static #made: Promise<Bootstrap> | undefined;

  static make(): Promise<Bootstrap> {
    Bootstrap.#made ??= Bootstrap.#evaluate();
    return Bootstrap.#made;
  }

  static async #evaluate(): Promise<Bootstrap> {
    const { recording } = await run(
      async () => {
        pulumi.runtime.setAllConfig({ "macro-ai:repository": repository, "aws:region": "us-west-2" });
        await import("../../bootstrap/index.ts");
      },
      {
        stack: "account",
        outputs: {
          "aws:s3/bucket:Bucket": ({ name }) => ({
            arn: `arn:aws:s3:::${name}-1a2b3c4`,
            bucket: `${name}-1a2b3c4`,
          }),
          "aws:kms/key:Key": () => ({ arn: stateKey }),
          "aws:iam/policy:Policy": ({ name, inputs }) => ({
            arn: `arn:aws:iam::${account}:policy/${typeof inputs["name"] === "string" ? inputs["name"] : name}`,
          }),
        },
      },
    );
    return new Bootstrap(recording);
  }

  private constructor(recording: Recording) {
    this.recording = recording;
  }

  /** The documents of the role's policies, by name; of a boundary itself, to ask what it leaves. */
  policies(role: string): Map<string, Document> {
    if (role.startsWith("workload-")) return new Map([[role, this.document(role)]]);
    const attached = this.recording
      .all("RolePolicyAttachment")
      .filter(({ inputs }) => inputs["role"] === `macro-ai-${role}`)
      .map(({ name }) => name);
    assert.ok(attached.length > 0, `${role} has no policies`);
    return new Map(attached.map((name) => [name, this.document(name)]));
  }

  /** A managed policy. */
  document(name: string): Document {
    return JSON.parse(String(this.recording.one("aws:iam/policy:Policy", name).inputs["policy"])) as Document;
  }

  trust(role: string): Document {
    return JSON.parse(
      String(this.recording.one("aws:iam/role:Role", role).inputs["assumeRolePolicy"]),
    ) as Document;
  }

  /** Whether AWS would let the role do it. */
  async allows(
    role: string,
    action: string,
    resource: string,
    context: Record<string, string> = {},
  ): Promise<boolean> {
    const translate = (text: string) =>
      text.replaceAll('"kms:EncryptionContext:', '"aws:PrincipalTag/kms:EncryptionContext:');
    const simulation: Simulation = {
      request: {
        principal: `arn:aws:sts::${account}:assumed-role/macro-ai-${role}/session`,
        action,
        resource: { resource, accountId: account },
        contextVariables: { "aws:SecureTransport": "true", "aws:PrincipalAccount": account, ...context },
      },
      identityPolicies: [...this.policies(role)].map(([name, policy]) => ({ name, policy })),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      ...(action.startsWith("kms:") && { resourcePolicy: accountDecides }),
    };
    const { resultType, ...answer } = await runSimulation(
      JSON.parse(translate(JSON.stringify(simulation))) as Simulation,
      {},
    );
    assert.ok(resultType === "single", `${role} ${action} ${resource}: ${JSON.stringify(answer)}`);
    const { result } = answer as { result: { analysis: { result: string }; ignoredContextKeys?: string[] } };
    const ignored = (result.ignoredContextKeys ?? []).filter((key) => key in context);
    assert.deepEqual(ignored, [], `${action}: AWS sends no such keys`);
    return result.analysis.result === "Allowed";
  }
}

export const stateKey = `arn:aws:kms:us-west-2:${account}:key/0a1b2c3d-0000-4000-8000-000000000000`;

/** The key policy of every key here: IAM decides. */
const accountDecides = {
  Version: "2012-10-17",
  Statement: [
    {
      Sid: "Account",
      Effect: "Allow",
      Principal: { AWS: `arn:aws:iam::${account}:root` },
      Action: "kms:*",
      Resource: "*",
    },
  ],
};
