import "../../stacks/quiet-sdk.ts";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { readFileSync } from "node:fs";
import { aws } from "../../components/aws.ts";
import { places } from "../places.ts";
import { assetKind, type Constant } from "../constants.ts";

type Constructor = new (
  name: string,
  inputs: object,
  options: pulumi.CustomResourceOptions,
) => pulumi.Resource;

/** A component that does nothing but register itself. */
class Component extends pulumi.ComponentResource {
  constructor(type: string, name: string, options: pulumi.ComponentResourceOptions) {
    super(type, name, {}, options);
    this.registerOutputs({});
  }
}

const made = new Map<string, pulumi.Resource>();
for (const { type, name, urn, parent, inputs } of JSON.parse(
  readFileSync(places.constantResources, "utf8"),
) as Constant[]) {
  const owner = made.get(parent);
  const options = owner === undefined ? {} : { parent: owner };
  const Resource = inputs === undefined ? undefined : classOf(type);
  made.set(
    urn,
    Resource === undefined
      ? new Component(type, name, options)
      : new Resource(name, withAssets(inputs ?? {}), options),
  );
}

/** `aws:s3/bucketPolicy:BucketPolicy` is `aws.s3.BucketPolicy`. */
function classOf(type: string): Constructor {
  const [provider, module = "", name = ""] = type.split(":");
  const [service = ""] = module.split("/");
  const classes: unknown = provider === "random" ? random : Reflect.get(aws, service);
  const found: unknown = Reflect.get(classes as object, name);
  if (typeof found !== "function") throw new Error(`${type} has no class.`);
  return found as Constructor;
}

/** Of a file or a folder the state knows the hash alone: any content stands for it. */
function withAssets(inputs: Readonly<Record<string, unknown>>): object {
  const { StringAsset, AssetArchive } = pulumi.asset;
  const asset = () => new StringAsset("anything");
  const stands = { asset, archive: () => new AssetArchive({ "index.mjs": asset() }) };
  return Object.fromEntries(
    Object.entries(inputs).map(([key, value]) => {
      const kind = assetKind(value);
      return [key, kind === undefined ? value : stands[kind]()];
    }),
  );
}
