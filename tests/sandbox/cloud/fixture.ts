/** A small cloud of its own for the tests of the core, with a client that speaks as the engine does. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import grpc from "@grpc/grpc-js";
import type { ServiceError } from "@grpc/grpc-js";
import services from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import pb from "@pulumi/pulumi/proto/provider_pb.js";
import { startCloud } from "../../../sandbox/cloud/cloud.ts";
import type { Cloud, CloudOptions, Tables } from "../../../sandbox/cloud/cloud.ts";
import type { Inputs, Invokes, Outputs, Rules } from "../../../sandbox/cloud/rule.ts";
import { decode, encode } from "../../../sandbox/cloud/wire.ts";
import { deriveSchema } from "../../../sandbox/schema/derivation.ts";

export const types = {
  vpc: "aws:ec2/vpc:Vpc",
  subnet: "aws:ec2/subnet:Subnet",
  group: "aws:ec2/securityGroup:SecurityGroup",
  database: "aws:rds/instance:Instance",
  secret: "aws:secretsmanager/secret:Secret",
  role: "aws:iam/rolePolicy:RolePolicy",
  password: "random:index/randomPassword:RandomPassword",
} as const;

const rules: Rules = {
  [types.vpc]: {
    id: ({ hex }) => `vpc-${hex(17)}`,
    computed: ({ id, region, accountId, hex }) => ({
      arn: `arn:aws:ec2:${region}:${accountId}:vpc/${id}`,
      mainRouteTableId: `rtb-${hex(17, "rtb")}`,
    }),
    defaults: { enableDnsSupport: true },
    replaceOn: ["cidrBlock"],
    guardDelete: ({ id, world }) =>
      world.find(types.subnet, "vpcId", id) === undefined
        ? undefined
        : `DependencyViolation: the vpc '${id}' has dependencies`,
  },
  [types.subnet]: {
    id: ({ hex }) => `subnet-${hex(17)}`,
    computed: ({ id }) => ({ arn: `arn:aws:ec2:us-east-1:123456789012:subnet/${id}` }),
    replaceOn: ["cidrBlock", "vpcId"],
    admit: ({ inputs, world }) =>
      world.get(types.vpc, String(inputs["vpcId"])) === undefined ? "InvalidVpcID.NotFound" : undefined,
  },
  [types.group]: {
    name: { property: "name", maxLength: 255, scope: "region", autoname: "hex" },
    id: ({ hex }) => `sg-${hex(17)}`,
    computed: ({ id }) => ({ arn: `arn:aws:ec2:us-east-1:123456789012:security-group/${id}` }),
    defaults: { description: "Managed by Pulumi" },
    replaceOn: ["description"],
    sets: ["ingress", "ingress[*].cidrBlocks"],
  },
  [types.database]: {
    name: {
      property: "identifier",
      pattern: /[a-z][a-z0-9-]*/,
      allowed: "lower-case letters, digits and hyphens",
      maxLength: 63,
      scope: "region",
      autoname: "hex",
      autonameCase: "lower",
    },
    id: ({ hex }) => `db-${hex(26).toUpperCase()}`,
    computed: ({ inputs, hex }) => ({
      endpoint: `${String(inputs["identifier"])}.${hex(12)}.us-east-1.rds.amazonaws.com:${Number(inputs["port"] ?? 5432)}`,
      status: "available",
    }),
    volatile: ["endpoint"],
    writeOnly: ["password", "skipFinalSnapshot"],
    replaceOn: ["storageEncrypted"],
    check: ({ backupRetentionPeriod: days }) =>
      typeof days === "number" && days > 35
        ? [{ property: "backupRetentionPeriod", reason: `${days} is out of range; AWS allows 0 to 35` }]
        : [],
    guardDelete: ({ state }) =>
      state?.["deletionProtection"] === true
        ? "InvalidParameterCombination: deletion protection is on"
        : undefined,
  },
  [types.secret]: {
    name: { property: "name", maxLength: 512, scope: "region", autoname: "hex" },
    id: ({ inputs, hex, region }) =>
      `arn:aws:secretsmanager:${region}:123456789012:secret:${String(inputs["name"])}-${hex(6)}`,
    computed: ({ id }) => ({ arn: id }),
    defaults: { recoveryWindowInDays: 30 },
    onDelete: ({ inputs, state, world }) =>
      world.reserve(types.secret, String(inputs["name"]), Number(state?.["recoveryWindowInDays"] ?? 30)),
  },
  [types.role]: {
    name: { property: "name", maxLength: 128, scope: "none", autoname: "hex" },
    id: ({ inputs }) => `${String(inputs["role"])}:${String(inputs["name"])}`,
    computed: () => ({}),
  },
};

const randomRules: Rules = {
  [types.password]: {
    id: () => "none",
    computed: ({ inputs, hex }) => ({ result: hex(Number(inputs["length"])), bcryptHash: hex(60, "hash") }),
    replaceOn: ["length", "keepers"],
  },
};

const invokes: Invokes = {
  "aws:index/getAvailabilityZones:getAvailabilityZones": (_, { region }) => ({
    names: ["a", "b", "c"].map((zone) => region + zone),
  }),
};

/** Tables of a handful of types, with the declarations of the installed SDKs. */
export const tables: Tables = {
  aws: {
    rules,
    invokes,
    schema: deriveSchema({
      sdk: "@pulumi/aws",
      resources: Object.keys(rules),
      functions: Object.keys(invokes),
    }),
  },
  awsx: { components: {}, schema: deriveSchema({ sdk: "@pulumi/awsx", resources: [], functions: [] }) },
  random: {
    rules: randomRules,
    schema: deriveSchema({ sdk: "@pulumi/random", resources: Object.keys(randomRules), functions: [] }),
  },
};

/** The URN of a resource of this type and logical name. */
export function urnOf(type: string, name: string): string {
  return `urn:pulumi:test::project::${type}::${name}`;
}

export interface Checked {
  readonly inputs: Inputs;
  /** `property: reason` */
  readonly problems: readonly string[];
}

/** Speaks with one provider of a running cloud. */
export class Client {
  readonly #client: services.ResourceProviderClient;

  constructor(port: number) {
    this.#client = new services.ResourceProviderClient(
      `127.0.0.1:${port}`,
      grpc.credentials.createInsecure(),
      // A connection of its own, as each provider resource has one.
      { "grpc.use_local_subchannel_pool": 1 },
    );
  }

  close(): void {
    this.#client.close();
  }

  async configure(args: Inputs): Promise<void> {
    await call((done) => this.#client.configure(new pb.ConfigureRequest().setArgs(encode(args)), done));
  }

  async check(type: string, name: string, inputs: Inputs, olds?: Inputs, seed = "seed"): Promise<Checked> {
    const request = new pb.CheckRequest()
      .setUrn(urnOf(type, name))
      .setType(type)
      .setNews(encode(inputs))
      .setRandomseed(Buffer.from(seed));
    if (olds !== undefined) request.setOlds(encode(olds));
    const response = await call<pb.CheckResponse>((done) => this.#client.check(request, done));
    return {
      inputs: decode(response.getInputs()),
      problems: response
        .getFailuresList()
        .map((failure) => `${failure.getProperty()}: ${failure.getReason()}`),
    };
  }

  /** The changed paths with their kind, e.g. `cidrBlock: UPDATE_REPLACE`. */
  async diff(type: string, olds: Inputs, news: Inputs, state: Inputs = olds) {
    const request = new pb.DiffRequest()
      .setUrn(urnOf(type, "x"))
      .setType(type)
      .setOlds(encode(state))
      .setOldInputs(encode(olds))
      .setNews(encode(news));
    const response = await call<pb.DiffResponse>((done) => this.#client.diff(request, done));
    const kinds = Object.entries(pb.PropertyDiff.Kind);
    const changes: Record<string, string | undefined> = {};
    response.getDetaileddiffMap().forEach((detail, path) => {
      changes[path] = kinds.find(([, value]) => value === detail.getKind())?.[0];
    });
    return {
      changes,
      replaces: response.getReplacesList(),
      some: response.getChanges() === pb.DiffResponse.DiffChanges.DIFF_SOME,
      deleteBeforeReplace: response.getDeletebeforereplace(),
    };
  }

  async create(
    type: string,
    name: string,
    inputs: Inputs,
  ): Promise<{ id: string; state: Outputs; inputs: Inputs }> {
    const checked = await this.check(type, name, inputs);
    if (checked.problems.length > 0) throw new Error(checked.problems.join("\n"));
    return { ...(await this.#create(type, name, checked.inputs, "create")), inputs: checked.inputs };
  }

  previewCreate(type: string, name: string, inputs: Inputs): Promise<{ id: string; state: Outputs }> {
    return this.#create(type, name, inputs, "preview");
  }

  async #create(type: string, name: string, inputs: Inputs, mode: "create" | "preview") {
    const request = new pb.CreateRequest()
      .setUrn(urnOf(type, name))
      .setType(type)
      .setProperties(encode(inputs))
      .setPreview(mode === "preview");
    const response = await call<pb.CreateResponse>((done) => this.#client.create(request, done));
    return { id: response.getId(), state: decode(response.getProperties()) };
  }

  async read(type: string, id: string, known: { readonly inputs?: Inputs; readonly state?: Inputs } = {}) {
    const request = new pb.ReadRequest()
      .setId(id)
      .setUrn(urnOf(type, "x"))
      .setType(type)
      .setInputs(encode(known.inputs ?? {}))
      .setProperties(encode(known.state ?? {}));
    const response = await call<pb.ReadResponse>((done) => this.#client.read(request, done));
    return {
      id: response.getId(),
      state: decode(response.getProperties()),
      inputs: decode(response.getInputs()),
    };
  }

  async update(
    type: string,
    id: string,
    inputs: Inputs,
    state: Inputs,
    mode: "update" | "preview" = "update",
  ) {
    const request = new pb.UpdateRequest()
      .setId(id)
      .setUrn(urnOf(type, "x"))
      .setType(type)
      .setOlds(encode(state))
      .setNews(encode(inputs))
      .setPreview(mode === "preview");
    const response = await call<pb.UpdateResponse>((done) => this.#client.update(request, done));
    return decode(response.getProperties());
  }

  async delete(type: string, id: string, state: Inputs): Promise<void> {
    const request = new pb.DeleteRequest()
      .setId(id)
      .setUrn(urnOf(type, "x"))
      .setType(type)
      .setProperties(encode(state));
    await call((done) => this.#client.delete(request, done));
  }

  async invoke(token: string, args: Inputs): Promise<Outputs> {
    const request = new pb.InvokeRequest().setTok(token).setArgs(encode(args));
    const response = await call<pb.InvokeResponse>((done) => this.#client.invoke(request, done));
    const [failure] = response.getFailuresList();
    if (failure !== undefined) throw new Error(`${failure.getProperty()}: ${failure.getReason()}`);
    return decode(response.getReturn());
  }
}

function call<Response>(
  method: (done: (error: ServiceError | null, response: Response) => void) => unknown,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    method((error, response) => {
      if (error === null) resolve(response);
      else reject(new Error(error.details));
    });
  });
}

/** A running cloud in a folder of its own, with clients. */
export interface Sandbox {
  readonly folder: string;
  readonly file: string;
  readonly cloud: Cloud;
  readonly aws: Client;
  readonly random: Client;
  end(): Promise<void>;
}

export async function startSandbox(options: Partial<CloudOptions> = {}): Promise<Sandbox> {
  const folder = mkdtempSync(join(tmpdir(), "cloud-"));
  const file = options.file ?? join(folder, "cloud.json");
  const cloud = await startCloud({ tables, hangMilliseconds: 20, ...options, file });
  const aws = new Client(cloud.ports.aws);
  const random = new Client(cloud.ports.random);
  return {
    folder,
    file,
    cloud,
    aws,
    random,
    end: async () => {
      aws.close();
      random.close();
      await cloud.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
