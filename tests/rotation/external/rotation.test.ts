import { PutSecretValueCommand, UpdateSecretVersionStageCommand } from "@aws-sdk/client-secrets-manager";
import assert from "node:assert/strict";
import { deadline } from "../../../rotation/deadline.ts";
import { cognito } from "../../../rotation/external/cognito.ts";
import { openAi } from "../../../rotation/external/openai.ts";
import { combined, external, type Fields, type Provider } from "../../../rotation/external/provider.ts";
import { rotate, type Strategy } from "../../../rotation/protocol.ts";
import { secretStore } from "../../../rotation/store.ts";
import { type AfterCall, interruptedStore, told } from "../interruption.ts";
import { type SecretsManager, startSecretsManager } from "../servers/secrets-manager.ts";
import { type Service, startCognito, startOpenAi } from "./services.ts";
import { steps } from "../steps.ts";

const time = () => deadline(30_000);

interface Case {
  provider: Provider;
  first: Fields;
  /** What the service takes. */
  valid: () => string[];
  field: string;
  /** Credentials that stay at the service beside the current ones, at most. */
  most: number;
  stop: () => Promise<void>;
}

const cases: Record<string, (isLost?: () => boolean) => Promise<Case>> = {
  Cognito: async (isLost) => {
    const service = await startCognito("first secret", isLost);
    return {
      ...service,
      provider: cognito(time(), service.client),
      first: {
        AWS_COGNITO_USER_POOL_ID: "us-east-1_pool",
        AWS_COGNITO_USER_POOL_CLIENT_ID: "client",
        AWS_COGNITO_USER_POOL_SECRET_KEY: "first secret",
        OTHER: "kept",
      },
      field: "AWS_COGNITO_USER_POOL_SECRET_KEY",
      most: 2,
    };
  },
  OpenAI: async (isLost) => {
    const service = await startOpenAi("admin key", "key by hand", isLost);
    const project = {
      baseUrl: service.endpoint,
      projectId: "proj",
      accountPrefix: "rot.test.",
      adminKey: () => Promise.resolve("admin key"),
    };
    return {
      ...service,
      provider: openAi(project, time()),
      first: { OPENAI_API_KEY: "key by hand", OTHER: "kept" },
      field: "OPENAI_API_KEY",
      most: 2,
    };
  },
};

describe("rotation/external", function () {
  this.timeout(60_000);
  let secrets: SecretsManager;
  before(async () => {
    secrets = await startSecretsManager();
  });
  after(() => secrets.stop());
  const services: Service[] = [];
  const opened = <Opened extends Service>(service: Opened): Opened => {
    services.push(service);
    return service;
  };
  afterEach(async () => {
    for (const service of services.splice(0)) await service.stop();
  });

  /** The provider with each of its calls told of: an attempt can be cut short after any. */
  function interrupted(provider: Provider, after: AfterCall): Provider {
    return {
      fields: provider.fields,
      create: told("create", provider.create, after),
      activate: told("activate", provider.activate, after),
      test: told("test", provider.test, after),
    };
  }

  async function run(
    secretId: string,
    token: string,
    provider: Provider,
    after: AfterCall = () => undefined,
  ): Promise<void> {
    const strategy: Strategy<Fields> = external(interrupted(provider, after));
    for (const Step of steps) {
      const store = interruptedStore(secretStore(secretId, time(), secrets.client), after);
      await rotate({ SecretId: secretId, ClientRequestToken: token, Step }, store, strategy);
    }
  }
  const current = async (secretId: string) =>
    JSON.parse((await secrets.value(secretId)) ?? "") as Record<string, string>;

  /** As a person does; moto leaves the label where it was, too, when PutSecretValue alone is to move it. */
  async function makeCurrent(secretId: string, SecretString: string): Promise<void> {
    const stages = Object.entries(await secrets.stages(secretId));
    const [from] = stages.find(([, labels]) => labels.includes("AWSCURRENT")) ?? [];
    const put = new PutSecretValueCommand({
      SecretId: secretId,
      SecretString,
      VersionStages: ["BY_HAND"],
    });
    const { VersionId } = await secrets.client.send(put);
    const move = { SecretId: secretId, MoveToVersionId: VersionId, RemoveFromVersionId: from };
    await secrets.client.send(new UpdateSecretVersionStageCommand({ ...move, VersionStage: "AWSCURRENT" }));
  }

  for (const [name, start] of Object.entries(cases)) {
    describe(name, () => {
      let subject: Case;
      beforeEach(async () => {
        subject = await start();
      });
      afterEach(() => subject.stop());

      it("goes on for many rotations; the credentials before stay valid, and no older ones", async () => {
        const { provider, first, field, valid } = subject;
        const secretId = await secrets.create(first);
        let before = first[field] ?? "";
        for (let turn = 0; turn < 4; turn += 1) {
          await run(secretId, secrets.begin(secretId), provider);
          const { [field]: now = "", OTHER } = await current(secretId);
          assert.notEqual(now, before);
          assert.equal(OTHER, "kept");
          assert.ok(await provider.test({ ...first, [field]: before }), "the credentials before are refused");
          assert.deepEqual(
            valid().filter((text) => text !== before),
            [now],
          );
          before = now;
        }
      });

      it("cut short after any call, ends with the next attempt and leaves nothing over", async () => {
        const { provider, first, field, valid, most } = subject;
        const secretId = await secrets.create(first);
        const calls: string[] = [];
        await run(secretId, secrets.begin(secretId), provider, (call) => calls.push(call));
        for (let cut = 1; cut <= calls.length; cut += 1) {
          const token = secrets.begin(secretId);
          let made = 0;
          await run(secretId, token, provider, (call) => {
            made += 1;
            if (made === cut) throw new Error(`cut after ${call}`);
          }).catch(() => undefined);
          assert.ok(
            await provider.test(await current(secretId)),
            `after ${calls[cut - 1] ?? ""} the current one is refused`,
          );
          await run(secretId, token, provider);
          const { [field]: now = "" } = await current(secretId);
          assert.ok(valid().includes(now));
          assert.ok(valid().length <= most, `${valid().length} are valid`);
        }
      });

      it("with any of the service's answers lost, the next attempt ends the rotation and leaves nothing over", async () => {
        let calls = 0;
        let lostAt = 0;
        const { provider, first, field, valid, most, stop } = await start(() => (calls += 1) === lostAt);
        try {
          const secretId = await secrets.create(first);
          await run(secretId, secrets.begin(secretId), provider);
          calls = 0;
          await run(secretId, secrets.begin(secretId), provider);
          const all = calls;
          assert.ok(all >= 3, `${all} calls`);
          for (let at = 1; at <= all; at += 1) {
            const token = secrets.begin(secretId);
            const before = await current(secretId);
            [calls, lostAt] = [0, at];
            // The SDK may repeat the call, and end the rotation at once.
            await run(secretId, token, provider).catch(() => undefined);
            lostAt = 0;
            assert.ok(await provider.test(await current(secretId)), `call ${at}: the current one is refused`);
            await run(secretId, token, provider);
            const { [field]: now = "" } = await current(secretId);
            assert.ok(now !== before[field] && valid().includes(now), `call ${at}`);
            assert.ok(valid().length <= most, `call ${at}: ${valid().length} are valid`);
          }
        } finally {
          await stop();
        }
      });

      it("names the fields that a value lacks, and shows none", () => {
        assert.throws(
          () => external(subject.provider).parse(JSON.stringify({ other: "hidden" })),
          (error: Error) =>
            subject.provider.fields.every((field) => error.message.includes(field)) &&
            !error.message.includes("hidden"),
        );
      });
    });
  }

  it("two services in one secret are renewed together, and cut short anywhere, with the next attempt", async () => {
    const both = await Promise.all([cases["Cognito"]?.(), cases["OpenAI"]?.()]);
    const subjects = both.filter((one) => one !== undefined);
    const calls: string[] = [];
    let cut = 0;
    const provider = combined(
      subjects.map((subject) =>
        interrupted(subject.provider, (call) => {
          if (calls.push(call) === cut) throw new Error("cut");
        }),
      ),
    );
    const secretId = await secrets.create(Object.assign({}, ...subjects.map(({ first }) => first)));
    await run(secretId, secrets.begin(secretId), provider);
    const all = calls.length;
    const twice = ["activate", "create", "test", "test"];
    assert.deepEqual(calls.toSorted(), [...twice, ...twice].toSorted());
    for (let at = 1; at <= all; at += 1) {
      const before = await current(secretId);
      const token = secrets.begin(secretId);
      [calls.length, cut] = [0, at];
      await assert.rejects(run(secretId, token, provider), /cut/);
      cut = 0;
      await run(secretId, token, provider);
      const now = await current(secretId);
      for (const { field, valid, most } of subjects) {
        assert.notEqual(now[field], before[field]);
        assert.ok(valid().includes(now[field] ?? "") && valid().length <= most, field);
      }
    }
    for (const { stop } of subjects) await stop();
  });

  it("Cognito: a rotation that was given up does not cost the current secret", async () => {
    const service = opened(await startCognito("first secret"));
    const provider = cognito(time(), service.client);
    const secretId = await secrets.create({
      AWS_COGNITO_USER_POOL_ID: "us-east-1_pool",
      AWS_COGNITO_USER_POOL_CLIENT_ID: "client",
      AWS_COGNITO_USER_POOL_SECRET_KEY: "first secret",
    });
    await run(secretId, secrets.begin(secretId), provider);
    const givenUp = secrets.begin(secretId);
    await run(secretId, givenUp, provider, (call) => {
      if (call === "activate") throw new Error("given up");
    }).catch(() => undefined);
    const before = await current(secretId);
    await run(secretId, secrets.begin(secretId), provider);
    assert.ok(await provider.test(before));
    assert.ok(await provider.test(await current(secretId)));
  });

  it("Cognito: a secret that was renewed by hand is not taken for one that a rotation left", async () => {
    const service = opened(await startCognito("first secret"));
    const provider = cognito(time(), service.client);
    const field = "AWS_COGNITO_USER_POOL_SECRET_KEY";
    const secretId = await secrets.create({
      AWS_COGNITO_USER_POOL_ID: "us-east-1_pool",
      AWS_COGNITO_USER_POOL_CLIENT_ID: "client",
      [field]: "first secret",
    });
    await run(secretId, secrets.begin(secretId), provider);
    // Between two steps, and before a rotation begins.
    for (const begun of [true, false]) {
      const token = secrets.begin(secretId);
      const step = (Step: string) =>
        rotate(
          { SecretId: secretId, ClientRequestToken: token, Step },
          secretStore(secretId, time(), secrets.client),
          external(provider),
        );
      if (begun) await step("createSecret");
      const [oldest = ""] = service.secrets.keys();
      service.secrets.delete(oldest);
      const byHand = `by hand ${String(begun)}`;
      service.secrets.set(`client--${begun ? 7 : 8}`, byHand);
      const value = JSON.stringify({ ...(await current(secretId)), [field]: byHand });
      await makeCurrent(secretId, value);
      const before = service.valid();
      await assert.rejects(
        async () => {
          if (!begun) await step("createSecret");
          await step("setSecret");
        },
        { code: "changed-by-hand" },
      );
      assert.deepEqual(service.valid(), before);
    }
    const [unused = ""] = service.secrets.keys();
    service.secrets.delete(unused);
    await run(secretId, secrets.begin(secretId), provider);
    assert.ok(service.valid().includes((await current(secretId))[field] ?? ""));
  });

  it("Cognito: two secrets of which nobody knows the current one are left alone", async () => {
    const service = opened(await startCognito("first secret"));
    service.secrets.set("client--0", "another");
    const secretId = await secrets.create({
      AWS_COGNITO_USER_POOL_ID: "us-east-1_pool",
      AWS_COGNITO_USER_POOL_CLIENT_ID: "client",
      AWS_COGNITO_USER_POOL_SECRET_KEY: "first secret",
    });
    await assert.rejects(run(secretId, secrets.begin(secretId), cognito(time(), service.client)), {
      code: "changed-by-hand",
      message: /two secrets, client--0 of 1970-01-01 and client--1 of 1970-01-01/,
    });
    assert.equal(service.secrets.size, 2);
  });

  it("OpenAI: stacks that share a project leave each other's keys alone", async () => {
    const service = opened(await startOpenAi("admin key", "key by hand"));
    const stacks = await Promise.all(
      ["rot.staging.", "rot.staging-2."].map(async (accountPrefix) => ({
        provider: openAi(
          {
            baseUrl: service.endpoint,
            projectId: "proj",
            accountPrefix,
            adminKey: () => Promise.resolve("admin key"),
          },
          time(),
        ),
        secretId: await secrets.create({ OPENAI_API_KEY: "key by hand" }),
      })),
    );
    for (let turn = 0; turn < 3; turn += 1)
      for (const { provider, secretId } of stacks) {
        await run(secretId, secrets.begin(secretId), provider);
        for (const other of stacks)
          assert.ok(await other.provider.test(await current(other.secretId)), `turn ${turn}`);
      }
    // Of each the key before the last and the last.
    assert.deepEqual([...service.accounts.values()].map(({ name }) => name.replace(/[^.]*$/, "")).sort(), [
      "rot.staging-2.",
      "rot.staging-2.",
      "rot.staging.",
      "rot.staging.",
    ]);
  });

  it("OpenAI: what a refusal quotes is not passed on", async () => {
    const service = opened(await startOpenAi("admin key", "key by hand"));
    const project = {
      baseUrl: service.endpoint,
      projectId: "proj",
      accountPrefix: "rot.test.",
      adminKey: () => Promise.resolve("wrong"),
    };
    const secretId = await secrets.create({ OPENAI_API_KEY: "key by hand" });
    await assert.rejects(
      run(secretId, secrets.begin(secretId), openAi(project, time())),
      (error: Error) => /OpenAI answered 401 to GET/.test(error.message) && !error.message.includes("sk-"),
    );
  });
});
