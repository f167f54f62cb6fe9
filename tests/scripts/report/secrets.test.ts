import assert from "node:assert/strict";
import type { Snapshot } from "../../../policies/core/snapshot.ts";
import { buildReport } from "../../../scripts/report/build.ts";
import { filesOf } from "../../../scripts/report/command.ts";
import { parsePreview } from "../../../scripts/report/preview.ts";
import { encryptedIn } from "../../../scripts/report/secrets.ts";
import { asText } from "../../../scripts/report/text.ts";
import { changed, created, preview, state, stackUrn } from "./previews.ts";

const marked = (text: string) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  plaintext: JSON.stringify(text),
});

describe("secrets in a report", () => {
  it("are what a stack's file has encrypted, within objects and lists, too", () => {
    const file = {
      "macro-ai:openaiApiKey": { secure: "v1:a" },
      "macro-ai:owner": "platform",
      "macro-ai:database": { password: { secure: "v1:b" }, users: ["open", { secure: "v1:c" }] },
    };
    assert.deepEqual(encryptedIn(file), [
      ["macro-ai:openaiApiKey"],
      ["macro-ai:database", "password"],
      ["macro-ai:database", "users", "1"],
    ]);
  });

  const planted = {
    config: "sk-planted-config-value",
    output: "planted-secret-output",
    before: 'planted "old" <value> & more',
    after: "planted-new-value",
    leaked: "planted-leaked-value",
    url: "planted-url-password",
  };
  const secret = "aws:secretsmanager/secretVersion:SecretVersion";
  const lambda = "aws:lambda/function:Function";
  const old = state(secret, "key", {
    inputs: { secretString: planted.before },
    additionalSecretOutputs: ["secretString"],
  });
  const now = { ...old, inputs: { secretString: planted.after } };
  const connection = `postgresql://app:${planted.url}@db/app`;
  const printed = preview(
    [
      changed("update", old, now, { detailedDiff: { secretString: { kind: "update", inputDiff: true } } }),
      created(state("aws:ssm/parameter:Parameter", "p", { inputs: { value: marked(planted.config) } })),
      changed(
        "update",
        state("aws:sns/topic:Topic", "t", { inputs: { a: "1" }, outputs: { token: marked(planted.output) } }),
        // Its mark was lost on the way: only its value tells.
        state("aws:sns/topic:Topic", "t", {
          inputs: {
            a: `is ${planted.leaked} and ${planted.url}`,
            long: `${"x".repeat(150)}${planted.leaked}`,
          },
        }),
      ),
    ],
    { diagnostics: [{ severity: "error", message: `cannot connect with ${planted.leaked}` }] },
  );
  const snapshot: Snapshot = {
    occasion: { preview: true, stack: {} },
    configuration: {},
    declared: [
      {
        urn: `${stackUrn}-f`,
        type: lambda,
        name: "f",
        custom: true,
        // The pack finds it by its mark, and its finding must not show it.
        inputs: {
          environment: {
            variables: { "MY.KEY": planted.leaked, OPEN: "the environment's name", URL: connection },
          },
        },
        secrets: ['environment.variables["MY.KEY"]', "environment.variables.URL"],
      },
      {
        urn: now.urn,
        type: secret,
        name: "key",
        custom: true,
        inputs: { secretString: JSON.stringify({ username: "the-user-name", password: planted.after }) },
        secrets: ["secretString"],
      },
    ],
    finished: [],
  };

  it("appear in none of its outputs, however they came in", async () => {
    const given = parsePreview(JSON.stringify(printed), "planted", "live");
    const notes = [`a note of ${planted.leaked}`];
    const report = await buildReport({
      notes,
      stack: "live",
      preview: given,
      against: "main",
      today: new Date(),
      snapshot,
    });
    const outputs = { ...filesOf(report), terminal: asText(report) };
    assert.equal(Object.keys(outputs).length, 6);
    for (const [name, text] of Object.entries(outputs)) {
      for (const [what, value] of Object.entries(planted)) {
        for (const form of [value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value), "planted"])
          assert.ok(!text.includes(form), `${name} shows the ${what}`);
      }
    }
    assert.match(outputs.terminal, /secretString: \[secret\], changes/);
    assert.match(outputs.terminal, /a: 1 → is \[secret\] and \[secret\]/);
    assert.match(outputs.terminal, /cannot connect with \[secret\]/);
    assert.match(outputs.terminal, /secrets-in-plain-sight/);
  });

  it("are those of the stack's configuration, too, which no resource has as a secret", async () => {
    const values = {
      "macro-ai:openaiApiKey": "sk-planted-in-the-configuration",
      "macro-ai:database": '{"password":"planted-nested","engineVersion":"15 nobody hides"}',
      "shop:given": "planted-by-nobody-knows-whom",
      "shop:pin": "p1a2",
      "shop:url": "redis://:planted%40by-url@cache",
    };
    const open = { "aws:region": "us-east-1", "macro-ai:owner": values["macro-ai:openaiApiKey"] };
    const topic = (inputs: object) =>
      state("aws:sns/topic:Topic", "t", { inputs: inputs as Record<string, unknown> });
    const leaked = topic({
      owner: values["macro-ai:openaiApiKey"],
      list: ["is planted-nested", "15 nobody hides"],
      json: JSON.stringify({ quoted: values["shop:given"] }),
      encoded: Buffer.from(values["shop:given"]).toString("base64"),
      decoded: "planted@by-url",
      pin: "p1a2",
      beside: "p1a2b3 and up1a2",
    });
    const hidden = Object.fromEntries(Object.keys(values).map((key) => [key, "[secret]"]));
    const given = parsePreview(
      JSON.stringify(
        preview([changed("update", topic({}), leaked)], {
          config: { ...open, ...hidden },
          diagnostics: [{ severity: "warning", message: values["shop:given"] }],
        }),
      ),
      "planted",
      "live",
    );
    const recorded: Snapshot = {
      occasion: { preview: true, stack: { ...open, ...values } },
      configuration: {},
      declared: [],
      finished: [],
    };
    const report = await buildReport({
      stack: "live",
      preview: given,
      against: "main",
      today: new Date(),
      snapshot: recorded,
      secretConfig: [["macro-ai:openaiApiKey"], ["macro-ai:database", "password"]],
    });
    const outputs = { ...filesOf(report), terminal: asText(report) };
    for (const [name, text] of Object.entries(outputs))
      assert.doesNotMatch(text, /planted|cGxhbnRlZC1ieS/, name);
    const shown = Object.fromEntries(
      report.components.flatMap(({ changes }) =>
        changes.flatMap(({ properties }) => properties.map(({ path, after }) => [path, after])),
      ),
    );
    assert.deepEqual(shown, {
      owner: "[secret]",
      list: '["is [secret]","15 nobody hides"]',
      json: '{"quoted":"[secret]"}',
      encoded: "[secret]==",
      decoded: "[secret]",
      pin: "[secret]",
      // What is short stands within others by chance.
      beside: "p1a2b3 and up1a2",
    });
  });

  it("take nothing away that only stands beside them", async () => {
    const given = parsePreview(
      JSON.stringify(preview([created(state("aws:sns/topic:Topic", "the-user-name"))])),
      "planted",
      "live",
    );
    const report = await buildReport({
      stack: "live",
      preview: given,
      against: "main",
      today: new Date(),
      snapshot,
    });
    assert.match(asText(report), /sns Topic "the-user-name"/);
  });
});
