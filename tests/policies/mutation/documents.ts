import type { Snapshot } from "../../../policies/core/snapshot.ts";
import type { Leak, Mutant } from "./mutants.ts";

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
    const document = parsed(json) as { Statement?: Statement[] | Statement } | undefined;
    if (!document) return [];
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

/** JSON; undefined where it is not known yet. */
function parsed(json: unknown): unknown {
  return typeof json === "string" && /^[[{]/.test(json) ? (JSON.parse(json) as unknown) : undefined;
}

/** The names of a statement's parts: in IAM's notation, and as a program registers them. */
const PARTS = {
  Sid: "sid",
  Effect: "effect",
  Principal: "principals",
  Action: "actions",
  Resource: "resources",
  Condition: "conditions",
};

/** Each statement that a component registers as data, made worse in each way that can be registered. */
export function registeredMutants(resource: Declared): Mutant[] {
  return Object.entries(resource.inputs).flatMap(([property, given]) => {
    if (!Array.isArray(given)) return [];
    const statements = given as Statement[];
    return statements.flatMap((statement, index) => {
      if (typeof statement !== "object" || !("actions" in statement)) return [];
      const named = Object.entries(PARTS).filter(([, part]) => part in statement);
      const asIam = Object.fromEntries(named.map(([name, part]) => [name, statement[part]]));
      return STATEMENTS.flatMap(({ name, worse }) => {
        const bad = worse(asIam, false);
        if (!bad || "NotAction" in bad) return [];
        const back = Object.entries(PARTS).filter(([iam]) => iam in bad);
        const registered = Object.fromEntries(back.map(([iam, part]) => [part, bad[iam]]));
        return {
          resource,
          title: `${name} in ${property}[${index}]`,
          inputs: { ...resource.inputs, [property]: statements.with(index, registered) },
        };
      });
    });
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

export function containerMutants(resource: Declared, { value, by }: Leak): Mutant[] {
  const { containerDefinitions, environment } = resource.inputs as {
    containerDefinitions?: unknown;
    environment?: { variables?: object };
  };
  const containers = parsed(containerDefinitions) as Container[] | undefined;
  if (containers)
    return worseContainers(containers, value).map(({ name, index, worse }) => ({
      resource,
      title: `${name} of containerDefinitions[${index}]`,
      inputs: { ...resource.inputs, containerDefinitions: JSON.stringify(worse) },
    }));
  // Of JSON with a secret in it a preview knows that it is a secret, and no more.
  if (containerDefinitions !== undefined && by === "mark")
    return [
      {
        resource,
        title: "leak a secret into containerDefinitions",
        inputs: resource.inputs,
        secrets: ["containerDefinitions"],
      },
    ];
  if (environment?.variables === undefined) return [];
  return [
    {
      resource,
      title: "leak a secret into environment.variables",
      inputs: {
        ...resource.inputs,
        environment: { variables: { ...environment.variables, COLOUR: value } },
      },
      ...(by === "mark" && { secrets: ["environment.variables.COLOUR"] }),
    },
  ];
}

/** The containers that a component registers as data. */
export function registeredContainerMutants(resource: Declared, { value, by }: Leak): Mutant[] {
  const { containers } = resource.inputs;
  if (!Array.isArray(containers)) return [];
  return worseContainers(containers as Container[], value).map(({ name, index, worse }) => {
    const added = (worse[index]?.["environment"] as object[] | undefined)?.length ?? 0;
    return {
      resource,
      title: `${name} of containers[${index}]`,
      inputs: { ...resource.inputs, containers: worse },
      ...(by === "mark" &&
        name.startsWith("leak") && { secrets: [`containers[${index}].environment[${added - 1}].value`] }),
    };
  });
}

function worseContainers(
  containers: Container[],
  secret: string,
): { name: string; index: number; worse: Container[] }[] {
  return containers.flatMap((container, index) =>
    CONTAINERS.map(({ name, worse }) => ({
      name,
      index,
      worse: containers.with(index, worse(container, secret)),
    })),
  );
}
