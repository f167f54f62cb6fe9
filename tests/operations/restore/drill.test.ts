import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { RDSClient } from "@aws-sdk/client-rds";
import assert from "node:assert/strict";
import type { Entry } from "../../../operations/lib/journal.ts";
import { Interrupted } from "../../../operations/lib/operation-error.ts";
import type { Pulumi } from "../../../operations/lib/pulumi.ts";
import { drill } from "../../../operations/restore/drill.ts";

const urn = (stack: string, type: string): string =>
  `urn:pulumi:${stack}::macro-ai::macro-ai:components:Database$${type}::database`;
const database = (stack: string) => ({
  deployment: {
    resources: [
      {
        urn: urn(stack, "aws:rds/instance:Instance"),
        type: "aws:rds/instance:Instance",
        outputs: { identifier: `${stack}-1`, resourceId: "db-ONE" },
      },
    ],
  },
});
const GONE = ["destroy", "remove", "DeleteDBSnapshotCommand", "DeleteDBInstanceAutomatedBackupCommand"];

describe("operations/restore: a drill's ends", () => {
  let entries: Entry[];
  /** What was done, in order. */
  let done: string[];
  let said: string[];
  let stop: AbortController;
  let throwAway: "none" | "empty" | "full";
  /** Called with the name of what is to be done. */
  let before: (what: string) => void;
  let secretsProvider: string | undefined;

  beforeEach(() => {
    [entries, done, said, stop, throwAway] = [[], [], [], new AbortController(), "none"];
    before = () => undefined;
  });

  function act(what: string): Promise<void> {
    before(what);
    done.push(what);
    return Promise.resolve();
  }
  const nothing = (): Promise<never> => Promise.reject(new Error("Nobody asks for this."));
  const live: Pulumi = {
    ...{ config: nothing, setConfig: nothing, removeConfig: nothing, importFile: nothing, exists: nothing },
    ...{ setNested: nothing, removeNested: nothing, up: nothing, makeLike: nothing, destroy: nothing },
    ...{ remove: nothing, export: () => Promise.resolve(database("one")) },
  };
  const other: Pulumi = {
    ...live,
    exists: () => Promise.resolve(throwAway !== "none"),
    export: () =>
      Promise.resolve(throwAway === "full" ? database("one-drill") : { deployment: { resources: [] } }),
    makeLike: (_stack, provider) => {
      throwAway = "empty";
      secretsProvider = provider;
      return act("makeLike");
    },
    config: () => Promise.resolve({}),
    setNested: () => Promise.resolve(),
    setConfig: () => Promise.resolve(),
    up: () => {
      throwAway = "full";
      return act("up");
    },
    destroy: () => act("destroy"),
    remove: async () => {
      await act("remove");
      throwAway = "none";
    },
  };
  const answers: Record<string, unknown> = {
    DescribeDBSnapshotsCommand: { DBSnapshots: [{ Status: "available", Engine: "postgres" }] },
    DescribeDBInstancesCommand: { DBInstances: [{ DBInstanceStatus: "available" }] },
  };
  const send = async ({ constructor: { name } }: object): Promise<unknown> => {
    if (name in answers) before(name);
    else await act(name);
    return answers[name] ?? {};
  };

  const run = (): Promise<void> =>
    drill({
      ...{ stack: "one", live, name: "one-drill", throwAway: other, point: { snapshot: "of-one" } },
      secretsProvider: "awskms:///key?context_stack=one&region=us-west-2",
      rds: Object.assign(new RDSClient({ region: "us-east-1" }), { send }),
      logs: Object.assign(new CloudWatchLogsClient({ region: "us-east-1" }), { send }),
      patience: { signal: stop.signal, intervalMs: 1, say: (text) => said.push(text) },
      journal: {
        ...{ file: "drill.jsonl", folder: "", release: () => Promise.resolve() },
        entries: () => Promise.resolve(entries),
        write: (entry) => Promise.resolve(void entries.push({ at: "", ...entry })),
      },
    });
  const at = (what: string, then: () => void): void => {
    before = (name) => {
      if (name === what) then();
    };
  };
  const fail = (): never => {
    throw new Error("it broke");
  };

  it("leave nothing where all went well, with a configuration in the new stack's name", async () => {
    await run();
    assert.deepEqual(done, ["makeLike", "up", ...GONE]);
    assert.equal(secretsProvider, "awskms:///key?context_stack=one-drill&region=us-west-2");
  });

  for (const [what, left] of [
    ["makeLike", ["destroy", "remove"]],
    ["up", ["makeLike", ...GONE]],
  ] as const)
    it(`leave nothing where ${what} failed`, async () => {
      at(what, fail);
      await assert.rejects(run(), /✘ \w+ +it broke\n\n.*Nothing of one was changed\. Again: .* --drill/s);
      assert.deepEqual(done, left);
      assert.equal(throwAway, "none");
    });

  it("leave nothing where somebody pressed Ctrl-C", async () => {
    at("DescribeDBInstancesCommand", () => stop.abort(new Interrupted("Interrupted.")));
    answers["DescribeDBInstancesCommand"] = { DBInstances: [{ DBInstanceStatus: "creating" }] };
    try {
      await assert.rejects(run(), Interrupted);
    } finally {
      answers["DescribeDBInstancesCommand"] = { DBInstances: [{ DBInstanceStatus: "available" }] };
    }
    assert.deepEqual(done, ["makeLike", "up", ...GONE]);
    assert.match(said.join("\n"), /Interrupted: one-drill goes first.*✔ clear/s);
  });

  for (const what of ["destroy", "remove", "DeleteDBInstanceAutomatedBackupCommand"])
    it(`tell what is left where ${what} failed, and the next drill takes that away first`, async () => {
      at(what, fail);
      await assert.rejects(
        run(),
        /✘ clear +it broke\nThe stack one-drill may still be there.*pulumi destroy/s,
      );
      before = () => undefined;
      done.length = 0;
      await run();
      assert.match(said.join("\n"), /was cut off: what it left goes first/);
      const gone = what === "DeleteDBInstanceAutomatedBackupCommand" ? GONE.slice(2) : GONE;
      assert.deepEqual(done, [...gone, "makeLike", "up", ...GONE]);
    });

  it("leave a stack alone that no drill of this machine has made", async () => {
    throwAway = "full";
    await assert.rejects(
      run(),
      /Nothing was changed: there is a stack one-drill.*pulumi stack rm one-drill/s,
    );
    assert.deepEqual(done, []);
  });
});
