import assert from "node:assert/strict";
import { assetKind, constantsOf } from "../../bench/constants.ts";

const urn = (rest: string): string => `urn:pulumi:production::macro-ai::${rest}`;

describe("bench/constants", () => {
  const signature = "4dabf18193072939515e22adb298388d";
  const secret = { [signature]: "1b47061264138c4ac30d75fd1eb44270", ciphertext: "v1:abc" };
  const resources = [
    { urn: urn("pulumi:pulumi:Stack::macro-ai-production"), type: "pulumi:pulumi:Stack" },
    { urn: urn("pulumi:providers:aws::default"), type: "pulumi:providers:aws", custom: true },
    {
      urn: urn("macro-ai:components:Cache::cache"),
      type: "macro-ai:components:Cache",
      parent: urn("pulumi:pulumi:Stack::macro-ai-production"),
    },
    {
      urn: urn("macro-ai:components:Cache$aws:sns/topic:Topic::cache-events"),
      type: "aws:sns/topic:Topic",
      custom: true,
      parent: urn("macro-ai:components:Cache::cache"),
      inputs: { __defaults: [], name: "events", tags: { owner: "us" }, list: [{ token: secret }] },
    },
  ];
  const constants = constantsOf(JSON.stringify({ deployment: { resources } }));

  it("takes what a program registers: no stack, no provider", () => {
    assert.deepEqual(
      constants.map(({ type, name }) => [type, name]),
      [
        ["macro-ai:components:Cache", "cache"],
        ["aws:sns/topic:Topic", "cache-events"],
      ],
    );
  });

  it("keeps a resource's inputs without what the engine adds, and any text in a secret's place", () => {
    const [component, topic] = constants;
    assert.equal(component?.inputs, undefined);
    assert.equal(topic?.parent, component?.urn);
    assert.deepEqual(topic?.inputs, {
      name: "events",
      tags: { owner: "us" },
      list: [{ token: "SomeTextInThePlaceOfASecret" }],
    });
  });

  it("knows files and folders as the state holds them", () => {
    assert.equal(assetKind({ [signature]: "c44067f5952c0a294b673a41bacd8c17", hash: "1" }), "asset");
    assert.equal(assetKind({ [signature]: "0def7320c3a5731c473e5ecbe6d01bc7", hash: "1" }), "archive");
    assert.equal(assetKind(secret), undefined);
    assert.equal(assetKind("text"), undefined);
  });
});
