/** What the stand-in does with one resource: check, diff, create, read, update, delete. Knows nothing of gRPC. */

import { setTimeout } from "node:timers/promises";
import type { ResourceDeclaration, Schema } from "../schema/schema.ts";
import { contextOf, derivedSeed, secretSeed, worldOf } from "./context.ts";
import type { Subject } from "./context.ts";
import { diffInputs } from "./diff.ts";
import type { Difference } from "./diff.ts";
import { collision } from "./collision.ts";
import type { FaultInjector, Operation } from "./faults.ts";
import { documents, readInputs, regionOf } from "./inputs.ts";
import { defaultsKey, nameInputs } from "./names.ts";
import type { NameRequest } from "./names.ts";
import {
  createdOutputs,
  nameFromPrefix,
  previewedCreation,
  previewedUpdate,
  updatedOutputs,
} from "./outputs.ts";
import { accountId } from "./store.ts";
import type { Store, StoredEntry } from "./store.ts";
import { heldTags, withAllTags } from "./tags.ts";
import type { Tags } from "./tags.ts";
import type { Context, Inputs, Invokes, Outputs, Problem, Rule, Rules } from "./rule.ts";
import { validate } from "./validate.ts";
import { without } from "./rule.ts";

/** One provider of the stand-in cloud. */
export interface Provider {
  readonly name: "aws" | "random";
  readonly schema: Schema;
  readonly rules: Rules;
  readonly invokes: Invokes;
  /** "engine": resources live in the engine's state alone, as random ones do, and not in the cloud file. */
  readonly keeps: "cloud" | "engine";
  /** How an unlisted type is added, for the error. */
  readonly table: string;
}

/** What a provider resource of the program configures. */
export interface Settings {
  readonly region: string;
  readonly defaultTags: Tags;
}

/** How faults show. */
export interface FaultOptions {
  readonly injector: FaultInjector;
  /** Ends everything as SIGKILL would. */
  readonly onDie: () => void;
  /** How long a call hangs before it times out, or backs off when throttled. Milliseconds. */
  readonly hangMilliseconds: number;
}

/** What is there after an operation. An empty id: nothing is there. */
export interface Result {
  readonly id: string;
  readonly state: Outputs;
}

/** What shall be, and what is. */
export interface Change {
  readonly inputs: Inputs;
  readonly state: Outputs;
}

interface Known {
  readonly rule: Rule;
  readonly declaration: ResourceDeclaration;
}

export class Resources {
  readonly #provider: Provider;
  readonly #store: Store;
  readonly #faults: FaultOptions;

  constructor(provider: Provider, store: Store, faults: FaultOptions) {
    this.#provider = provider;
    this.#store = store;
    this.#faults = faults;
  }

  /** The inputs as they will be used, and everything that is wrong with them. */
  check(type: string, request: NameRequest): { inputs: Inputs; problems: readonly Problem[] } {
    const { rule, declaration } = this.#known(type);
    const given = without(request.inputs, "tagsAll", defaultsKey);
    const problems = validate(type, declaration.inputs, given, this.#provider.schema.types);
    const wrong = new Set(problems.map(({ property }) => property));
    const typed = Object.fromEntries(
      Object.entries(documents(declaration, given)).filter(([name]) => !wrong.has(name)),
    );
    const named = rule.name === undefined ? undefined : nameInputs(rule.name, { ...request, inputs: typed });
    const inputs = named?.inputs ?? typed;
    // A rule may rely on the kinds, so it is asked only when they are right.
    const further = problems.length === 0 ? (rule.check?.(inputs) ?? []) : [];
    return { inputs, problems: [...problems, ...(named?.problems ?? []), ...further] };
  }

  /** `state`: the outputs of the last run, which tell the region where no input did. */
  diff(type: string, change: Change & { readonly news: Inputs }, settings: Settings): Difference {
    const { rule, declaration } = this.#known(type);
    const tagged = {
      olds: { ...change.inputs, ...heldTags(change.state) },
      news: withAllTags(declaration, change.news, settings.defaultTags),
    };
    if (declaration.outputs["region"] === undefined)
      return diffInputs(rule, declaration, tagged.olds, tagged.news);
    const olds = { ...tagged.olds, region: regionOf({ ...change.state, ...change.inputs }, settings) };
    const news = { ...tagged.news, region: change.news["region"] ?? settings.region };
    return diffInputs(rule, declaration, olds, news);
  }

  /** Creates, and answers only when the cloud file holds it. */
  async create(type: string, urn: string, inputs: Inputs, settings: Settings): Promise<Result> {
    const { rule, declaration } = this.#known(type);
    const region = regionOf(inputs, settings);
    const after = await this.#fault("create", type, urn);
    const inCloud = this.#provider.keeps === "cloud";
    if (inCloud) this.#store.assertWritable();
    const seed = inCloud ? derivedSeed(urn, this.#store.nextGeneration(urn)) : secretSeed();
    const subject = { type, urn, inputs, region, seed, createdAt: new Date().toISOString() };
    const early = this.#context(rule, subject);
    const refused = collision(rule, early) ?? rule.admit?.(early);
    if (refused !== undefined) throw new Error(refused);
    const id = rule.id(early);
    const context = this.#context(rule, { ...subject, id });
    const state = withAllTags(declaration, createdOutputs(rule, declaration, context), settings.defaultTags);
    if (inCloud) {
      this.#store.put({ type, id, region, urn, inputs, state, createdAt: subject.createdAt, seed });
      rule.onCreate?.(this.#context(rule, { ...subject, id, state }));
      await this.#store.commit();
    }
    after();
    return { id, state: this.#store.get(type, id, region)?.state ?? state };
  }

  previewCreate(type: string, inputs: Inputs, settings: Settings): Result {
    const { rule, declaration } = this.#known(type);
    const state = previewedCreation(rule, declaration, inputs, regionOf(inputs, settings));
    return { id: "", state: withAllTags(declaration, state, settings.defaultTags) };
  }

  /** What is there now. `inputs` is empty at an import. */
  async read(
    type: string,
    id: string,
    known: Change,
    settings: Settings,
  ): Promise<Result & { readonly inputs: Inputs }> {
    const { rule, declaration } = this.#known(type);
    const region = regionOf({ ...known.state, ...known.inputs }, settings);
    (await this.#fault("read", type, this.#store.get(type, id, region)?.urn))();
    if (this.#provider.keeps === "engine")
      return Object.keys(known.state).length === 0 ? { id: "", ...known } : { id, ...known };
    const entry = this.#store.get(type, id, region);
    if (entry === undefined) return { id: "", state: {}, inputs: {} };
    const state = withAllTags(declaration, entry.state, settings.defaultTags);
    const held = Object.keys(known.inputs).length === 0 ? entry.inputs : known.inputs;
    return {
      id,
      state,
      inputs: readInputs(rule, declaration, held, state),
    };
  }

  async update(type: string, id: string, inputs: Inputs, settings: Settings): Promise<Outputs> {
    const { rule, declaration } = this.#known(type);
    const region = regionOf(inputs, settings);
    const after = await this.#fault("update", type, this.#store.get(type, id, region)?.urn);
    const entry = this.#entry(type, id, region);
    this.#store.assertWritable();
    const context = { ...this.#context(rule, { ...entry, inputs }), state: entry.state };
    const refused = collision(rule, context) ?? rule.admit?.(context);
    if (refused !== undefined) throw new Error(refused);
    const outputs = updatedOutputs(rule, declaration, context);
    const state = withAllTags(declaration, outputs, settings.defaultTags);
    this.#store.put({ ...entry, inputs, state });
    await this.#store.commit();
    after();
    return state;
  }

  /** What an update would give; also what it gives where the state is the engine's alone. */
  previewUpdate(type: string, id: string, change: Change, settings: Settings): Outputs {
    const { rule, declaration } = this.#known(type);
    const { inputs, state } = change;
    const region = regionOf(inputs, settings);
    const entry = this.#store.get(type, id, region);
    const subject = entry ?? { type, id, urn: "", seed: "", createdAt: "", region };
    const context = this.#context(rule, { ...subject, inputs });
    const outputs = previewedUpdate(rule, declaration, { ...context, state });
    return withAllTags(declaration, outputs, settings.defaultTags);
  }

  async delete(type: string, id: string, state: Outputs, settings: Settings): Promise<void> {
    const { rule } = this.#known(type);
    const region = regionOf(state, settings);
    const after = await this.#fault("delete", type, this.#store.get(type, id, region)?.urn);
    const entry = this.#store.get(type, id, region);
    if (entry !== undefined) {
      this.#store.assertWritable();
      const context = this.#context(rule, entry);
      const refused = rule.guardDelete?.(context);
      if (refused !== undefined) throw new Error(refused);
      this.#store.delete(entry);
      rule.onDelete?.(context);
      await this.#store.commit();
    }
    after();
  }

  /** Calls a function; an Error lists every wrong argument. */
  invoke(
    token: string,
    args: Inputs,
    settings: Settings,
  ): { outputs: Outputs; problems: readonly Problem[] } {
    const invoke = this.#provider.invokes[token];
    const declaration = this.#provider.schema.functions[token];
    if (invoke === undefined || declaration === undefined)
      throw new Error(
        `${token} is not in the stand-in cloud. Add it to sandbox/cloud/${this.#provider.name}/invokes.ts and run "npm run schema".`,
      );
    const problems = validate(token, declaration.inputs, args, this.#provider.schema.types);
    if (problems.length > 0) return { outputs: {}, problems };
    const region = regionOf(args, settings);
    const context = { accountId, region, partition: "aws", world: worldOf(this.#store, region) } as const;
    return { outputs: invoke(args, context), problems };
  }

  /** Rules see the physical name whichever way it was given. */
  #context(rule: Rule, subject: Subject): Context {
    const context = contextOf(this.#store, subject);
    return { ...context, inputs: { ...nameFromPrefix(rule, context), ...context.inputs } };
  }

  #known(type: string): Known {
    const rule = this.#provider.rules[type];
    const declaration = this.#provider.schema.resources[type];
    if (rule === undefined)
      throw new Error(
        `${type} is not in the stand-in cloud. Add it to ${this.#provider.table} and run "npm run schema".`,
      );
    if (declaration === undefined)
      throw new Error(`${type} is not in the derived schema. Run "npm run schema".`);
    return { rule, declaration };
  }

  #entry(type: string, id: string, region: string): StoredEntry {
    const entry = this.#store.get(type, id, region);
    if (entry === undefined)
      throw new Error(`${type} ${id} does not exist any more. Run "refresh", then the command again.`);
    return entry;
  }

  /** Lets a fault strike; what is returned lets the faults strike that come after the deed. */
  async #fault(operation: Operation, type: string, urn: string | undefined): Promise<() => void> {
    const kind = this.#faults.injector.next(operation, type, urn);
    const label = `${operation} ${type}`;
    switch (kind) {
      case "error":
        throw new Error(`${label}: InternalFailure: the request processing has failed (injected fault)`);
      case "timeout":
        await setTimeout(this.#faults.hangMilliseconds);
        throw new Error(
          `${label}: timeout while waiting for the state to become 'available' (injected fault)`,
        );
      case "throttle":
        await setTimeout(this.#faults.hangMilliseconds);
        return () => undefined;
      case "error-after":
        return () => {
          throw new Error(
            `${label}: RequestError: send request failed, the answer was lost (injected fault)`,
          );
        };
      case "die":
        return this.#faults.onDie;
      default:
        return () => undefined;
    }
  }
}
