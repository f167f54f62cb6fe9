import assert from "node:assert/strict";
import { constructRepository, lifecycleRules } from "../../../../sandbox/cloud/awsx/repository.ts";
import { record } from "./recorder.ts";

describe("awsx:ecr:Repository in the stand-in cloud", () => {
  it("makes a repository and a policy that expires untagged images, both in lower case", async () => {
    const { children, outputs } = await record(constructRepository, "Images", {
      imageTagMutability: "IMMUTABLE",
    });
    const [repository, policy] = children;
    assert.deepEqual(
      children.map(({ name }) => name),
      ["images", "images"],
    );
    assert.deepEqual(repository?.inputs, { imageTagMutability: "IMMUTABLE" });
    assert.equal(policy?.inputs["repository"], "repository images.name");
    assert.deepEqual(JSON.parse(String(policy.inputs["policy"])), {
      rules: [
        {
          rulePriority: 1,
          description: "remove untagged images",
          selection: { tagStatus: "untagged", countType: "imageCountMoreThan", countNumber: 1 },
          action: { type: "expire" },
        },
      ],
    });
    assert.equal(outputs["url"], "repository images.repositoryUrl");
  });

  it("leaves the policy out when it is to be skipped", async () => {
    const { children } = await record(constructRepository, "images", { lifecyclePolicy: { skip: true } });
    assert.equal(children.length, 1);
  });

  it("puts the rule for any tag last and refuses rules that ECR could not take", () => {
    const any = { tagStatus: "any", maximumAgeLimit: 30 };
    const tagged = { tagStatus: "tagged", tagPrefixList: ["v"], maximumNumberOfImages: 10 };
    assert.deepEqual(
      lifecycleRules([any, tagged]).map(({ rulePriority, selection }) => [rulePriority, selection]),
      [
        [1, { tagStatus: "tagged", tagPrefixList: ["v"], countType: "imageCountMoreThan", countNumber: 10 }],
        [2, { tagStatus: "any", countType: "sinceImagePushed", countNumber: 30, countUnit: "days" }],
      ],
    );
    assert.throws(() => lifecycleRules([any, any]), /At most one/);
    assert.throws(() => lifecycleRules([{ ...tagged, tagPrefixList: [] }]), /tagPrefixList cannot be empty/);
    assert.throws(() => lifecycleRules([{ tagStatus: "untagged" }]), /must be provided with a rule/);
  });
});
