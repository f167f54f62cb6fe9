import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { Registry, type RegistryArgs } from "../../components/registry.ts";
import { accountId, kmsKeyArn, region } from "./examples.ts";
import { run, valueOf } from "./mocks.ts";
import { registry } from "./serving-examples.ts";

function make(changes: Partial<RegistryArgs> = {}) {
  return run(() => new Registry("registry", { ...registry, ...changes }), {
    outputs: {
      "awsx:ecr:Repository": ({ inputs }) => ({
        url: `${accountId}.dkr.ecr.${region}.amazonaws.com/${String(inputs["name"])}`,
        repository: {
          name: inputs["name"],
          arn: `arn:aws:ecr:${region}:${accountId}:repository/${String(inputs["name"])}`,
        },
      }),
    },
  });
}

describe("Registry", () => {
  it("makes each repository with fixed tags, scans and the stack's key", async () => {
    const { recording } = await make();
    const repositories = recording.all("awsx:ecr:Repository");
    assert.deepEqual(
      repositories.map(({ name, inputs }) => [name, inputs["name"]]),
      [
        ["registry-macro-ai-express-api", "macro-ai/express-api"],
        ["registry-macro-ai-client-ui", "macro-ai/client-ui"],
      ],
    );
    for (const { inputs } of repositories) {
      assert.partialDeepStrictEqual(inputs, {
        imageTagMutability: "IMMUTABLE",
        imageScanningConfiguration: { scanOnPush: true },
        encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: kmsKeyArn }],
        forceDelete: false,
      });
    }
  });

  it("forgets untagged images after two weeks and all but the newest of the others", async () => {
    const { recording } = await make({ keepImages: 20 });
    const [repository] = recording.all("awsx:ecr:Repository");
    const { rules } = repository?.inputs["lifecyclePolicy"] as { rules: Record<string, unknown>[] };
    assert.deepEqual(
      rules.map(({ tagStatus, maximumAgeLimit, maximumNumberOfImages }) => [
        tagStatus,
        maximumAgeLimit ?? maximumNumberOfImages,
      ]),
      [
        ["untagged", 14],
        ["any", 20],
      ],
    );
  });

  it("lets ECS and this account's functions pull, and nobody write", async () => {
    const { recording } = await make();
    const policies = recording.all("RepositoryPolicy");
    assert.equal(policies.length, 2);
    for (const policy of policies) {
      const statements = recording.statements(policy);
      assert.deepEqual(
        statements.map(({ principals }) => principals),
        [{ Service: "ecs-tasks.amazonaws.com" }, { Service: "lambda.amazonaws.com" }],
      );
      for (const { actions, conditions } of statements) {
        assert.deepEqual(actions, [
          "ecr:BatchCheckLayerAvailability",
          "ecr:BatchGetImage",
          "ecr:GetDownloadUrlForLayer",
        ]);
        const { ArnLike } = conditions as { ArnLike: Record<string, string> };
        assert.match(String(ArnLike["aws:SourceArn"]), new RegExp(`:${region}:${accountId}:`));
      }
    }
  });

  it("makes the same repositories in a second region, and then has ECR copy every image there", async () => {
    const there = { region: "us-west-2", kmsKeyArn: `arn:aws:kms:us-west-2:${accountId}:key/1` };
    const { recording, result } = await make({ replica: there });
    const copies = recording.all("awsx:ecr:Repository").filter(({ inputs }) => "region" in inputs);
    assert.deepEqual(
      copies.map(({ name, inputs }) => [name, inputs["name"]]),
      [
        ["registry-replica-macro-ai-express-api", "macro-ai/express-api"],
        ["registry-replica-macro-ai-client-ui", "macro-ai/client-ui"],
      ],
    );
    for (const { inputs } of copies)
      assert.partialDeepStrictEqual(inputs, {
        region: "us-west-2",
        imageTagMutability: "IMMUTABLE",
        encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: there.kmsKeyArn }],
      });
    const policies = recording
      .all("RepositoryPolicy")
      .filter(({ inputs }) => inputs["region"] === "us-west-2");
    assert.equal(policies.length, 2);
    for (const policy of policies)
      assert.match(JSON.stringify(recording.statements(policy)), /arn:aws:ecs:us-west-2:/);
    const replication = recording.one("ReplicationConfiguration");
    assert.equal(replication.inputs["region"], undefined, "it belongs to the first region");
    assert.deepEqual(replication.inputs["replicationConfiguration"], {
      rules: [
        {
          destinations: [{ region: "us-west-2", registryId: accountId }],
          repositoryFilters: registry.repositories.map((filter) => ({ filter, filterType: "PREFIX_MATCH" })),
        },
      ],
    });
    for (const { urn } of copies) assert.ok(replication.options.dependencies.includes(urn), urn);
    assert.match(await valueOf(result.repository("macro-ai/express-api").url), /\.us-east-1\./);
  });

  it("copies nothing unless asked to", async () => {
    assert.deepEqual((await make()).recording.all("ReplicationConfiguration"), []);
  });

  it("tells URLs and ARNs by repository name", async () => {
    const { result } = await make();
    const name = "macro-ai/express-api";
    assert.equal(
      await valueOf(result.repositoryUrls[name] ?? ""),
      `${accountId}.dkr.ecr.${region}.amazonaws.com/${name}`,
    );
    assert.equal(
      await valueOf(result.repositoryArns[name] ?? ""),
      `arn:aws:ecr:${region}:${accountId}:repository/${name}`,
    );
  });

  it("refuses names that ECR would refuse, and to keep nothing", () => {
    assert.throws(
      () =>
        new Registry("registry", {
          ...registry,
          repositories: ["ok", "Macro-AI/api", "a//b"],
          keepImages: 0,
        }),
      (error: unknown) => {
        assert.ok(pulumi.InputPropertiesError.isInstance(error));
        assert.deepEqual(
          error.errors.map(({ propertyPath }) => propertyPath),
          ["repositories[1]", "repositories[2]", "keepImages"],
        );
        return true;
      },
    );
  });
});
