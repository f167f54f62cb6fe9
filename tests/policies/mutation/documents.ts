import type { Snapshot } from "../../../policies/core/snapshot.ts";
import type { Mutant } from "./mutants.ts";

type Declared = Snapshot["declared"][number];
type Statement = Record<string, unknown>;

/** Properties that hold JSON with statements, wherever they stand. */
const DOCUMENTS = ["policy", "assumeRolePolicy"];

/** Ways to widen a statement of a policy. */
const STATEMENTS: readonly {
  name: string;
  worse: (statement: Statement, isTrust: boolean) => Statement | undefined;
}[] = [
  {
    name: "widen Action to *",
    worse: (statement) => (allows(statement) ? { ...statement, Action: "*" } : undefined),
  },
  {
    name: "widen Action to its service",
    worse: (statement) => {
      const [first] = [statement["Action"]].flat() as string[];
      return allows(statement) && statement["Principal"] === undefined
        ? { ...statement, Action: `${first?.split(":")[0] ?? ""}:*` }
        : undefined;
    },
  },
  {
    name: "widen Principal to *",
    worse: (statement) =>
      allows(statement) && statement["Principal"] !== undefined
        ? { ...without(statement, "Condition"), Principal: "*" }
        : undefined,
  },
  {
    name: "turn Allow into everything but",
    worse: (statement) =>
      allows(statement) ? { ...without(statement, "Action"), NotAction: "iam:DeleteRole" } : undefined,
  },
  {
    name: "turn Deny into Allow",
    worse: (statement) => (allows(statement) ? undefined : { ...statement, Effect: "Allow" }),
  },
  {
    name: "narrow Deny to one action",
    worse: (statement) => (allows(statement) ? undefined : { ...statement, Action: "s3:GetBucketTagging" }),
  },
];

function without(record: Record<string, unknown>, key: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== key));
}

function allows(statement: Statement): boolean {
  return (statement["Effect"] ?? "Allow") === "Allow";
}

/** Each statement of each of a resource's documents, made worse in each way. */
export function documentMutants(resource: Declared): Mutant[] {
  return DOCUMENTS.flatMap((property) => {
    const json = resource.inputs[property];
    if (typeof json !== "string") return [];
    const document = JSON.parse(json) as { Statement?: Statement[] | Statement };
    // Not each policy has statements: a repository's says when images are deleted.
    const statements = [document.Statement ?? []].flat();
    return statements.flatMap((statement, index) =>
      STATEMENTS.flatMap(({ name, worse }) => {
        const bad = worse(statement, property === "assumeRolePolicy");
        if (!bad) return [];
        const Statement = statements.with(index, bad);
        return {
          resource,
          title: `${name} in ${property}.Statement[${index}]`,
          inputs: { ...resource.inputs, [property]: JSON.stringify({ ...document, Statement }) },
        };
      }),
    );
  });
}

type Container = Record<string, unknown>;

/** Ways to make a container worse. */
const CONTAINERS: readonly { name: string; worse: (container: Container, secret: string) => Container }[] = [
  { name: "invert privileged", worse: (container) => ({ ...container, privileged: true }) },
  {
    name: "invert readonlyRootFilesystem",
    worse: (container) => ({ ...container, readonlyRootFilesystem: false }),
  },
  { name: "widen user", worse: (container) => ({ ...container, user: "0" }) },
  { name: "remove logConfiguration", worse: (container) => without(container, "logConfiguration") },
  {
    name: "leak a secret into the environment",
    worse: (container, secret) => ({
      ...container,
      environment: [
        ...((container["environment"] as object[] | undefined) ?? []),
        { name: "COLOUR", value: secret },
      ],
    }),
  },
];

export function containerMutants(resource: Declared, secret: string): Mutant[] {
  const json = resource.inputs["containerDefinitions"];
  if (typeof json === "string") {
    const containers = JSON.parse(json) as Container[];
    return containers.flatMap((container, index) =>
      CONTAINERS.map(({ name, worse }) => ({
        resource,
        title: `${name} of containerDefinitions[${index}]`,
        inputs: {
          ...resource.inputs,
          containerDefinitions: JSON.stringify(containers.with(index, worse(container, secret))),
        },
      })),
    );
  }
  const { environment } = resource.inputs as { environment?: { variables?: object } };
  if (environment?.variables === undefined) return [];
  return [
    {
      resource,
      title: "leak a secret into environment.variables",
      inputs: {
        ...resource.inputs,
        environment: { variables: { ...environment.variables, COLOUR: secret } },
      },
    },
  ];
}
