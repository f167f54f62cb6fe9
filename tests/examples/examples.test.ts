import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { openSession, policyPack, type Session } from "../../sandbox/cli/session.ts";
import { checkout, Project, refused, succeeded } from "../engine/harness.ts";

/** Which component is told of which other ones as its arguments: its example has to make them. */
const needs: Readonly<Record<string, readonly string[]>> = { TaskDefinition: ["Role"] };
const prefix = "macro-ai:components:";

/** What the tests read of `pulumi preview --json`. */
interface Preview {
  readonly steps: readonly { readonly newState?: { readonly type: string; readonly parent?: string } }[];
}

/** The components by the name of their file. */
async function components(): Promise<Map<string, string>> {
  const folder = join(checkout, "components");
  const files = (await readdir(folder)).filter((file) => file.endsWith(".ts"));
  const found = files.map(async (file): Promise<[string, string | undefined]> => {
    const source = await readFile(join(folder, file), "utf8");
    return [file.replace(".ts", ""), /class (\w+) extends pulumi\.ComponentResource/.exec(source)?.[1]];
  });
  return new Map((await Promise.all(found)).filter((entry): entry is [string, string] => !!entry[1]));
}

const byFile = await components();

describe("the examples", function () {
  this.timeout(900_000);
  let project: Project;
  before(async () => {
    project = await Project.ofExamples();
  });
  after(() => project.remove());

  it("show every component there is, each in a file of the component's name", async () => {
    const files = (await readdir(join(checkout, "examples"))).filter((file) => file.endsWith(".ts"));
    const examples = files.filter((file) => !["given.ts", "index.ts"].includes(file));
    assert.deepEqual(examples, [...byFile.keys()].map((file) => `${file}.ts`).sort());
  });

  describe("on the engine", () => {
    const stack = "one";
    let session: Session;
    let pack: string;
    before(async () => {
      const { directory, paths } = project;
      session = await openSession({ project: directory, directory: paths.directory, command: "npm test" });
      await session.stacks.ready(stack);
      const found = await policyPack(session.paths);
      assert.ok(found);
      pack = found;
    });
    after(() => session.close());

    for (const [example, component] of byFile) {
      it(`preview ${component} by itself, without a finding of the policies`, async () => {
        const preview = (...flags: readonly string[]) =>
          session.pulumi(
            [
              "preview",
              "--config",
              `example=${example}`,
              "--policy-pack",
              pack,
              ...flags,
              "--non-interactive",
            ],
            stack,
          );
        const { code, stdout } = await preview("--json");
        // As JSON, a preview does not say what the policies found.
        if (code !== 0) assert.fail((await preview()).stdout);
        const { steps } = JSON.parse(stdout) as Preview;
        const isTop = (parent: string | undefined) => parent?.includes("pulumi:pulumi:Stack::") === true;
        const top = steps.flatMap(({ newState }) =>
          newState?.type.startsWith(prefix) && isTop(newState.parent) ? [newState.type] : [],
        );
        const made = new Set(top.map((type) => type.slice(prefix.length)));
        assert.deepEqual([...made].sort(), [component, ...(needs[component] ?? [])].sort());
      });
    }
  });

  describe("one after the other, each told the outputs of those before it", () => {
    const config: Record<string, unknown> = {};
    const up = async (example: string): Promise<Readonly<Record<string, unknown>>> => {
      await project.configure(example, { ...config, "macro-ai-examples:example": example });
      succeeded(await project.sandbox("up", "--yes", "--skip-preview", "--stack", example));
      const { resources } = await project.state(example);
      return resources.find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs ?? {};
    };
    const give = (values: Readonly<Record<string, unknown>>): void => {
      for (const [key, value] of Object.entries(values)) config[`macro-ai-examples:${key}`] = value;
    };

    it("come up", async () => {
      give({ kmsKeyArn: (await up("encryption-key"))["arn"] });
      const { vpcId, privateSubnetIds, isolatedSubnetIds } = await up("vpc");
      give({ vpcId, privateSubnetIds, isolatedSubnetIds });
      for (const example of ["cache", "registry", "website"]) await up(example);
      const stacks = ["encryption-key", "vpc", "cache", "registry", "website"];
      assert.deepEqual(await project.differences(...stacks), []);
    });

    it("preview without changes, and go again; what is protected stays", async () => {
      for (const example of ["cache", "vpc"])
        succeeded(await project.sandbox("preview", "--expect-no-changes", "--stack", example));
      for (const example of ["website", "registry", "cache", "vpc"])
        succeeded(await project.sandbox("destroy", "--yes", "--skip-preview", "--stack", example));
      refused(await project.sandbox("destroy", "--yes", "--skip-preview", "--stack", "encryption-key"));
      assert.deepEqual([...new Set(project.cloud().map(({ type }) => type))].sort(), [
        "aws:kms/alias:Alias",
        "aws:kms/key:Key",
      ]);
    });
  });
});
