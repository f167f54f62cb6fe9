import assert from "node:assert/strict";
import { partsOf } from "../../../sandbox/cli/components.ts";
import type { StateResource } from "../../../sandbox/cli/state.ts";

/** A resource by type and name; a component's type begins with `macro-ai:`. */
function resource(type: string, name: string, parent?: StateResource): StateResource {
  const urn = `urn:pulumi:one::macro-ai::${type}::${name}`;
  const custom = !type.startsWith("macro-ai:") && type !== "pulumi:pulumi:Stack";
  return { urn, type, custom, ...(parent === undefined ? {} : { parent: parent.urn }) };
}

const stack = resource("pulumi:pulumi:Stack", "macro-ai-one");
const component = (name: string, title: string) => resource(`macro-ai:components:${title}`, name, stack);
const parts = (...resources: StateResource[]) =>
  partsOf([stack, ...resources]).map(({ name, resources: count }) => `${name} ${count}`);

describe("parts of a stack", () => {
  const api = component("api", "Service");
  const role = resource("macro-ai:components:Role", "api-task", api);

  it("count what lies in a component at any depth, and leave out providers", () => {
    const inside = resource("aws:iam/role:Role", "x", role);
    const provider = resource("pulumi:providers:aws", "default", stack);
    assert.deepEqual(parts(api, role, inside, resource("aws:ecs/service:Service", "y", api), provider), [
      "Service 2",
    ]);
  });

  it("count components of one type together", () => {
    const [one, two] = [component("one", "EncryptionKey"), component("two", "EncryptionKey")];
    assert.deepEqual(
      parts(one, resource("aws:kms/key:Key", "a", one), two, resource("aws:kms/key:Key", "b", two)),
      ["EncryptionKey 2"],
    );
  });

  it("take in what stands beside the component that its name begins with, whichever comes first", () => {
    const website = component("api-website", "Website");
    const strays = ["api-logs", "api-website-a", "api"].map((name) =>
      resource("aws:route53/record:Record", name, stack),
    );
    assert.deepEqual(parts(...strays, api, website), ["Service 1", "Website 1", "other 1"]);
  });

  it("name no types of what belongs to none: it comes last, as others", () => {
    const strays = ["apis-logs", "token"].map((name) => resource("aws:sqs/queue:Queue", name, stack));
    assert.deepEqual(parts(...strays, api, resource("aws:iam/role:Role", "x", api)), [
      "Service 1",
      "other 2",
    ]);
    assert.deepEqual(parts(), []);
  });
});
