import type { Snapshot } from "../../../policies/core/snapshot.ts";
import { withValue } from "../harness.ts";
import {
  containerMutants,
  documentMutants,
  registeredContainerMutants,
  registeredMutants,
} from "./documents.ts";
import { operatorsFor } from "./operators.ts";
import { propertiesOf } from "./schema.ts";

type Declared = Snapshot["declared"][number];

/** A resource of the program with one thing made worse. */
export interface Mutant {
  resource: Declared;
  /** `remove kmsKeyId`, `widen policy.Statement[0].Action`. */
  title: string;
  /** The resource as it would be; undefined where it would be missing. */
  inputs: Record<string, unknown> | undefined;
  /** A second resource beside it, where one value is split in two. */
  beside?: Record<string, unknown>;
  /** Paths of its inputs that hold a secret, as the engine marks them. @default - no more than before */
  secrets?: readonly string[];
}

/** A secret of the program that gets where it does not belong. */
export interface Leak {
  value: string;
  /** A preview knows that it is a secret, and not what it is; an update is shown what it is. */
  by: "mark" | "value";
}

/** Types that only protect another resource: without them it stands open. */
const GUARDS =
  /:(BucketPublicAccessBlock|BucketServerSideEncryptionConfiguration|BucketVersioning|BucketLogging|BucketPolicy|FlowLog|WebAclAssociation|WebAclLoggingConfiguration|LifecyclePolicy|DefaultSecurityGroup|TopicPolicy|LogDelivery|LogDeliverySource|SecretRotation)$/;

const CIDRS = /^cidrIpv4$/;

/** Every mutant of a resource, from its type's properties; of a component, from the data that it registers. */
export function mutantsOf(resource: Declared, leak: Leak): Mutant[] {
  if (!resource.custom)
    return [...registeredMutants(resource), ...registeredContainerMutants(resource, leak)];
  return [
    ...propertyMutants(resource),
    ...documentMutants(resource),
    ...containerMutants(resource, leak),
    ...secretMutants(resource, leak),
    ...(GUARDS.test(resource.type) ? [{ resource, title: "remove the resource", inputs: undefined }] : []),
  ];
}

function propertyMutants(resource: Declared): Mutant[] {
  return propertiesOf(resource.type, resource.inputs).flatMap(({ steps, path, kind }) => {
    const value = steps.reduce<unknown>(
      (owner, step) => (owner as Record<string, unknown> | undefined)?.[step],
      resource.inputs,
    );
    const mutants: Mutant[] = operatorsFor(path, kind).flatMap(({ name, apply }) => {
      const bad = apply(value);
      return bad
        ? { resource, title: `${name} ${show(steps)}`, inputs: withValue(resource.inputs, steps, bad.value) }
        : [];
    });
    // Half the world and the other half are the world again.
    if (CIDRS.test(path) && value !== undefined && value !== "0.0.0.0/0")
      mutants.push({
        resource,
        title: `split ${show(steps)}`,
        inputs: withValue(resource.inputs, steps, "0.0.0.0/1"),
        beside: withValue(resource.inputs, steps, "128.0.0.0/1"),
      });
    // A rule that loses its group admits addresses instead.
    for (const mutant of mutants) {
      if (mutant.inputs && path === "referencedSecurityGroupId") mutant.inputs["cidrIpv4"] = "0.0.0.0/0";
    }
    return mutants;
  });
}

/** A secret where everybody can read it. */
function secretMutants(resource: Declared, { value, by }: Leak): Mutant[] {
  const types = propertiesOf(resource.type, resource.inputs).map(({ path }) => path);
  return ["description", "tags"]
    .filter((property) => types.includes(property) || property in resource.inputs)
    .map((property) => ({
      resource,
      title: `leak a secret into ${property}`,
      inputs: {
        ...resource.inputs,
        [property]: property === "tags" ? { ...(resource.inputs["tags"] as object), note: value } : value,
      },
      ...(by === "mark" && { secrets: [property === "tags" ? "tags.note" : property] }),
    }));
}

function show(steps: readonly (string | number)[]): string {
  return steps
    .map((step, index) => (typeof step === "number" ? `[${step}]` : index === 0 ? step : `.${step}`))
    .join("");
}
