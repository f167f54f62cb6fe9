import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Snapshot } from "../../policies/core/snapshot.ts";
import { rules } from "../../policies/rules.ts";
import { isHarmless } from "../policies/mutation/harmless.ts";
import type { Mutant } from "../policies/mutation/mutants.ts";
import { mutantsOfStack } from "../policies/mutation/stack.ts";
import { Trial } from "../policies/mutation/trial.ts";
import { Project, succeeded } from "./harness.ts";

for (const stack of ["staging", "production"]) {
  describe(`mutants of every resource of ${stack}`, function () {
    this.timeout(900_000);
    let previewed: Snapshot;
    let made: Snapshot;
    before(async () => {
      const project = await Project.ofCheckout();
      const file = join(project.directory, "snapshot.json");
      const record = async (...command: string[]): Promise<Snapshot> => {
        const flags = ["--non-interactive", "--stack", stack];
        succeeded(await project.sandboxWith({ MACRO_AI_POLICY_SNAPSHOT: file }, ...command, ...flags));
        return JSON.parse(await readFile(file, "utf8")) as Snapshot;
      };
      try {
        previewed = await record("preview");
        made = await record("up", "--yes", "--skip-preview");
      } finally {
        await project.remove();
      }
    });

    it("are refused, all of them, by a rule that names the resource or what it guards", () => {
      refuseAll(made);
    });

    it("are refused in a first preview, too, or wait for an update that refuses them", () => {
      assert.equal(previewed.occasion.preview, true);
      refuseAll(previewed);
    });
  });
}

function refuseAll(snapshot: Snapshot): void {
  const trial = new Trial(rules, snapshot);
  const mutants = mutantsOfStack(snapshot);
  const survivors: string[] = [];
  const misnamed: string[] = [];
  for (const mutant of mutants) {
    const verdicts = trial.judge(mutant);
    if (verdicts.length === 0 && !isHarmless(mutant)) survivors.push(show(mutant));
    const isNamed = verdicts.some(({ resource, finding }) =>
      names(mutant, snapshot, resource.urn, finding.is),
    );
    if (verdicts.length > 0 && mutant.inputs && !isNamed)
      misnamed.push(`${show(mutant)} blamed on ${verdicts.map(({ resource }) => resource.name).join(", ")}`);
  }
  assert.ok(mutants.length > 200, `${mutants.length} mutants`);
  assert.deepEqual(survivors, [], "survivors");
  assert.deepEqual(misnamed, [], "blamed on another resource");
}

/** A path through the network names the rule that opened it; what guards another resource may be named by that. */
function names({ resource }: Mutant, { finished }: Snapshot, urn: string, text: string): boolean {
  const dependencies =
    finished.find((candidate) => candidate.urn === resource.urn)?.propertyDependencies ?? {};
  const guarded = Object.values(dependencies).flat();
  return [resource.urn, `${resource.urn}-beside`, ...guarded].includes(urn) || text.includes(resource.name);
}

function show({ resource, title }: Mutant): string {
  return `${resource.name} (${resource.type}): ${title}`;
}
