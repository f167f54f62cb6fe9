import * as pulumi from "@pulumi/pulumi";
import type { StackConfig } from "./config.ts";
import taggable from "./taggable.generated.json" with { type: "json" };

const taggableTypes = new Set<string>(taggable);

/**
 * Tags everything that can be tagged, whoever makes it: environment, scale, component, owner, cost centre. A resource's
 * component is the first word of its logical name. What awsx makes inherits the tags that its component is given.
 */
export function tagEverything(config: StackConfig): void {
  const common = {
    project: pulumi.getProject(),
    stack: pulumi.getStack(),
    environment: config.environment,
    scale: config.scale,
    owner: config.owner,
    "cost-centre": config.costCentre,
  };
  pulumi.runtime.registerStackTransformation(({ type, name, props, opts }) => {
    if (!taggableTypes.has(type)) return undefined;
    const [component] = name.split("-");
    // awsx names each of its children itself.
    const own = type.startsWith("aws:") ? { component, Name: name } : { component };
    const tagged = props as pulumi.Inputs & { tags?: object };
    return { props: { ...tagged, tags: { ...common, ...own, ...tagged.tags } }, opts };
  });
}
