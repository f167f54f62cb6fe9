import assert from "node:assert/strict";
import { scales } from "../../stacks/environments.ts";
import { differences, listFile, resourceList, reviewedList } from "./resources.ts";

describe("the resources", function () {
  this.timeout(60_000);

  for (const scale of scales) {
    it(`at ${scale} scale are those that were reviewed`, async () => {
      const changes = differences(await reviewedList(scale), await resourceList(scale));
      if (changes.length === 0) return;
      assert.fail(
        `${listFile(scale)} is not what the program makes:\n\n${changes.join("\n")}\n\n` +
          'If that is what you meant: "npm run docs:resources", and commit the lists with your change.',
      );
    });
  }

  it("that differ are told with what they lie in", () => {
    const reviewed = "Cache cache\n  aws:cloudwatch:LogGroup slow\nVpc network\n";
    const now = "Cache cache\n  aws:cloudwatch:LogGroup fast\nVpc network\n  aws:ec2:FlowLog slow\n";
    assert.deepEqual(differences(reviewed, now), [
      "- Cache cache > aws:cloudwatch:LogGroup slow",
      "+ Cache cache > aws:cloudwatch:LogGroup fast",
      "+ Vpc network > aws:ec2:FlowLog slow",
    ]);
    assert.deepEqual(differences(now, now), []);
  });
});
