import assert from "node:assert/strict";
import { nameOf, printed, Project, outcome, refused, succeeded } from "./harness.ts";
import { strikeAll, struckTypes, typesOf, upWithFaults } from "./faults.ts";

/** Everything that a stack can make: both scales in one, as far as that goes. */
const config = (scale: string) => ({
  "macro-ai:environment": "development",
  "macro-ai:scale": scale,
  "macro-ai:domain": "macro-ai.com",
  "macro-ai:hostedZoneId": "Z0123456789EXAMPLE",
  "macro-ai:alertEmail": "alerts@macro-ai.com",
  "macro-ai:features": { auditTrail: true },
});

describe("a deployment in which the first creation of every resource type fails", function () {
  this.timeout(900_000);
  /** Types that have failed already at the other scale. */
  const covered = new Set<string>();

  for (const [scale, kind] of [
    ["hobby", "error-after"],
    ["enterprise", "error"],
  ] as const) {
    it(`converges at ${scale} scale (${kind})`, async () => {
      const stack = scale;
      const project = await Project.ofCheckout({ [stack]: config(scale) });
      try {
        const planned = await plannedTypes(project, stack);
        const types = planned.filter((type) => !covered.has(type));
        assert.ok(types.length > 30, types.join());
        const updates = await strikeAll(project, stack, { types, kind });
        assert.ok(updates < 15, `${updates} updates`);
        for (const type of types) covered.add(type);
        succeeded(await project.start("--stack", stack));
        assert.deepEqual(await project.differences(stack), []);
        assert.deepEqual(typesOf((await project.state(stack)).resources).sort(), [...planned].sort());
        const again = succeeded(await project.start("--stack", stack, "--preview"));
        assert.match(outcome(again, stack), /^nothing changed/);
      } finally {
        await project.remove();
      }
    });
  }
});

describe("one fault", function () {
  this.timeout(900_000);
  const stack = "one";
  let project: Project;
  beforeEach(async () => {
    project = await Project.ofCheckout({ [stack]: config("hobby") });
  });
  afterEach(() => project.remove());

  const converges = async () => {
    const ended = succeeded(await project.start());
    assert.deepEqual(await project.differences(stack), [], printed(ended));
    assert.match(outcome(succeeded(await project.start("--preview")), stack), /^nothing changed/);
    return ended;
  };

  it("is outlived: throttling is retried, a time-out and a lost answer are made good by the next run", async () => {
    const ended = refused(
      await upWithFaults(project, stack, [
        "create:aws:kms/alias:Alias=throttle",
        "create:aws:sqs/queue:Queue=timeout",
        "create:aws:secretsmanager/secret:Secret#2=error-after",
      ]),
    );
    assert.deepEqual([...struckTypes(ended)].sort(), [
      "aws:secretsmanager/secret:Secret",
      "aws:sqs/queue:Queue",
    ]);
    assert.match(ended.stdout, /timeout while waiting/);
    assert.ok(project.cloud().some(({ type }) => type === "aws:kms/alias:Alias"));
    const { stderr } = await converges();
    assert.match(stderr, /removed aws:secretsmanager\/secret:Secret \S+ from the cloud/);
  });

  it("by which everything is killed is made good by the next run, at whatever point it comes", async () => {
    let before = 0;
    for (const point of [1, 9, 20, 12]) {
      const killed = await project.start("--fault", `create:*#${point}=die`);
      assert.equal(killed.code, null, printed(killed));
      const made = project.cloud().length;
      // How many of the others were still under way depends on the machine.
      assert.ok(point === 1 || made > before, `${made} after ${before}`);
      before = made;
    }
    const { stderr } = await converges();
    assert.match(stderr, /one: released the lock of a command that was killed/);
  });

  it("in updates and deletions is made good as well", async () => {
    succeeded(await project.start());
    await project.sandbox("config", "set", "macro-ai:owner", "somebody else", "--stack", stack);
    assert.equal((await project.start("--fault", "update:*#7=die")).code, null);
    refused(await project.start("--fault", "update:*#3=error", "--fault", "update:*#6=error-after"));
    await converges();
    assert.equal((await project.start("--destroy", "--fault", "delete:*#11=die")).code, null);
    refused(await project.start("--destroy", "--fault", "delete:*#5=error"));
    succeeded(await project.start("--destroy"));
    // The trail's files are for nobody to delete.
    assert.deepEqual([...new Set(project.cloud().map(nameOf))], ["trail-files"]);
  });
});

/** The types that an update would make. */
async function plannedTypes(project: Project, stack: string): Promise<string[]> {
  const { stdout } = succeeded(
    await project.sandbox("preview", "--json", "--non-interactive", "--stack", stack),
  );
  const { steps } = JSON.parse(stdout) as {
    steps: { op: string; newState?: { type: string; custom?: boolean } }[];
  };
  const types = steps.flatMap(({ newState }) => (newState?.custom === true ? [newState.type] : []));
  return [...new Set(types)].filter((type) => !type.startsWith("pulumi:"));
}
