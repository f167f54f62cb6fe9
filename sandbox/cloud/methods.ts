/** The gRPC face of the resources of one provider. */

import empty from "google-protobuf/google/protobuf/empty_pb.js";
import pb from "@pulumi/pulumi/proto/provider_pb.js";
import type { Difference } from "./diff.ts";
import { topLevel } from "./diff.ts";
import { logicalName } from "./context.ts";
import { defaultsKey } from "./names.ts";
import type { Autonaming } from "./names.ts";
import type { Provider, Resources, Settings } from "./resources.ts";
import type { Problem } from "./rule.ts";
import type { Methods } from "./server.ts";
import type { Store } from "./store.ts";
import type { Tags } from "./tags.ts";
import { decode, encode, pick } from "./wire.ts";

/** Answers for a provider. Each connection has the settings of the provider resource that configured it. */
export function resourceMethods(
  provider: Provider,
  resources: Resources,
  store: Store,
  region: string,
): Methods {
  const configured = new Map<string, Settings>();
  let latest: Settings = { region, defaultTags: {} };
  const settingsOf = (peer: string): Settings => configured.get(peer) ?? latest;

  return {
    // Secrets and outputs come unwrapped, and the engine wraps again what came from a secret.
    handshake: () => new pb.ProviderHandshakeResponse().setSupportsAutonamingConfiguration(true),

    configure: (request, peer) => {
      store.reload();
      latest = readSettings(request, region);
      configured.set(peer, latest);
      return new pb.ConfigureResponse().setSupportspreview(true).setSupportsAutonamingConfiguration(true);
    },

    check: (request) => {
      const type = typeOf(request);
      const { inputs, problems } = resources.check(type, {
        name: logicalName(request.getUrn()),
        inputs: decode(request.getNews()),
        oldInputs: pick(request.getOlds(), [defaultsKey, provider.rules[type]?.name?.property ?? ""]),
        seed: request.getRandomseed_asU8(),
        autonaming: autonamingOf(request),
      });
      return new pb.CheckResponse().setInputs(encode(inputs)).setFailuresList(failures(problems));
    },

    diff: (request, peer) => {
      const inputs = decode(request.hasOldInputs() ? request.getOldInputs() : request.getOlds());
      const state = pick(request.getOlds(), ["region", "tagsAll"]);
      const change = { inputs, state, news: decode(request.getNews()) };
      return diffResponse(resources.diff(typeOf(request), change, settingsOf(peer)));
    },

    create: async (request, peer) => {
      const type = typeOf(request);
      const inputs = decode(request.getProperties());
      const { id, state } = request.getPreview()
        ? resources.previewCreate(type, inputs, settingsOf(peer))
        : await resources.create(type, request.getUrn(), inputs, settingsOf(peer));
      return new pb.CreateResponse().setId(id).setProperties(encode(state));
    },

    read: async (request, peer) => {
      const properties = request.getProperties();
      const known = {
        inputs: decode(request.getInputs()),
        state: provider.keeps === "engine" ? decode(properties) : pick(properties, ["region"]),
      };
      const { id, state, inputs } = await resources.read(
        typeOf(request),
        request.getId(),
        known,
        settingsOf(peer),
      );
      const response = new pb.ReadResponse().setId(id);
      return id === "" ? response : response.setProperties(encode(state)).setInputs(encode(inputs));
    },

    update: async (request, peer) => {
      const type = typeOf(request);
      const inputs = decode(request.getNews());
      const settings = settingsOf(peer);
      const outputs =
        request.getPreview() || provider.keeps === "engine"
          ? resources.previewUpdate(
              type,
              request.getId(),
              { inputs, state: decode(request.getOlds()) },
              settings,
            )
          : await resources.update(type, request.getId(), inputs, settings);
      return new pb.UpdateResponse().setProperties(encode(outputs));
    },

    delete: async (request, peer) => {
      const state = pick(request.getProperties(), ["region"]);
      await resources.delete(typeOf(request), request.getId(), state, settingsOf(peer));
      return new empty.Empty();
    },

    invoke: (request, peer) => {
      const { outputs, problems } = resources.invoke(
        request.getTok(),
        decode(request.getArgs()),
        settingsOf(peer),
      );
      return new pb.InvokeResponse().setReturn(encode(outputs)).setFailuresList(failures(problems));
    },
  };
}

/** Older engines name the type in the URN only. */
function typeOf(request: { getType(): string; getUrn(): string }): string {
  const qualified = request.getUrn().split("::")[2] ?? "";
  return request.getType() || qualified.slice(qualified.lastIndexOf("$") + 1);
}

function failures(problems: readonly Problem[]): pb.CheckFailure[] {
  return problems.map(({ property, reason }) =>
    new pb.CheckFailure().setProperty(property).setReason(reason),
  );
}

function autonamingOf(request: pb.CheckRequest): Autonaming | undefined {
  const options = request.getAutonaming();
  if (options === undefined) return undefined;
  const { ENFORCE, DISABLE } = pb.CheckRequest.AutonamingOptions.Mode;
  const mode = options.getMode();
  const asked = mode === ENFORCE ? "enforce" : mode === DISABLE ? "disable" : "propose";
  return { mode: asked, proposed: options.getProposedName() };
}

/** Provider configuration: nested values come as JSON. */
function readSettings(request: pb.ConfigureRequest, fallback: string): Settings {
  const args = decode(request.getArgs());
  const region = args["region"];
  const defaultTags = parsed(args["defaultTags"]) as { readonly tags?: Tags } | undefined;
  return {
    region: typeof region === "string" && region !== "" ? region : fallback,
    defaultTags: defaultTags?.tags ?? {},
  };
}

function parsed(value: unknown): unknown {
  return typeof value === "string" ? (JSON.parse(value) as unknown) : value;
}

const { Kind } = pb.PropertyDiff;
const kinds = {
  add: { update: Kind.ADD, replacement: Kind.ADD_REPLACE },
  delete: { update: Kind.DELETE, replacement: Kind.DELETE_REPLACE },
  update: { update: Kind.UPDATE, replacement: Kind.UPDATE_REPLACE },
} as const;

function diffResponse(difference: Difference): pb.DiffResponse {
  const { DIFF_NONE, DIFF_SOME } = pb.DiffResponse.DiffChanges;
  const response = new pb.DiffResponse()
    .setChanges(difference.changes.size === 0 ? DIFF_NONE : DIFF_SOME)
    .setReplacesList([...difference.replaces])
    .setDiffsList([...new Set([...difference.changes.keys()].map(topLevel))])
    .setDeletebeforereplace(difference.deleteBeforeReplace)
    .setHasdetaileddiff(true);
  const detailed = response.getDetaileddiffMap();
  for (const [path, { kind, replaces }] of difference.changes)
    detailed.set(
      path,
      new pb.PropertyDiff().setKind(kinds[kind][replaces ? "replacement" : "update"]).setInputdiff(true),
    );
  return response;
}
