/** An account of its own for the tests of the tables: what the engine would ask of the provider, without gRPC. */

import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { FaultInjector } from "../../../../sandbox/cloud/faults.ts";
import { ownTables } from "../../../../sandbox/cloud/cloud.ts";
import { Resources } from "../../../../sandbox/cloud/resources.ts";
import type { Inputs, Outputs } from "../../../../sandbox/cloud/rule.ts";
import { Store } from "../../../../sandbox/cloud/store.ts";

export interface Made {
  readonly type: string;
  readonly id: string;
  readonly inputs: Inputs;
  readonly state: Outputs;
}

const settings = { region: "us-east-1", defaultTags: {} };

export class Account {
  readonly store: Store;
  readonly #resources: Resources;

  private constructor(store: Store, resources: Resources) {
    this.store = store;
    this.#resources = resources;
  }

  static async open(): Promise<Account> {
    const store = new Store(join(mkdtempSync(join(tmpdir(), "macro-ai-tables-")), "cloud.json"));
    const { aws } = await ownTables();
    const provider = {
      name: "aws",
      keeps: "cloud",
      table: "sandbox/cloud/aws/<service>.ts",
      ...aws,
    } as const;
    const faults = { injector: new FaultInjector([]), onDie: () => undefined, hangMilliseconds: 0 };
    return new Account(store, new Resources(provider, store, faults));
  }

  async close(): Promise<void> {
    await this.store.settled();
    await rm(dirname(this.store.file), { recursive: true, force: true });
  }

  /** What Check says, as "property: reason". */
  problems(type: string, inputs: Inputs, name = "test"): string[] {
    return this.#check(type, inputs, name).problems.map(({ property, reason }) =>
      property === "" ? reason : `${property}: ${reason}`,
    );
  }

  /** Checks and creates. Throws an Error with the first problem, or with what AWS says. */
  async make(type: string, inputs: Inputs, name = "test"): Promise<Made> {
    const checked = this.#check(type, inputs, name);
    if (checked.problems.length > 0) throw new Error(this.problems(type, inputs, name).join("\n"));
    const { id, state } = await this.#resources.create(type, urnOf(type, name), checked.inputs, settings);
    return { type, id, inputs: checked.inputs, state };
  }

  /** Updates in place to other inputs. */
  async update(made: Made, inputs: Inputs): Promise<Outputs> {
    return this.#resources.update(made.type, made.id, { ...made.inputs, ...inputs }, settings);
  }

  async remove({ type, id, state }: Made): Promise<void> {
    await this.#resources.delete(type, id, state, settings);
  }

  invoke(token: string, args: Inputs): Outputs {
    const { outputs, problems } = this.#resources.invoke(token, args, settings);
    if (problems.length > 0)
      throw new Error(problems.map(({ property, reason }) => `${property}: ${reason}`).join("\n"));
    return outputs;
  }

  #check(type: string, inputs: Inputs, name: string) {
    const seed = new TextEncoder().encode(name);
    return this.#resources.check(type, { name, inputs, oldInputs: undefined, seed, autonaming: undefined });
  }
}

function urnOf(type: string, name: string): string {
  return `urn:pulumi:test::macro-ai::${type}::${name}`;
}
