import assert from "node:assert/strict";
import { SecretReminder } from "../../components/secret-reminder.ts";
import { reminder, secretArn, secretsKeyArn } from "./maintenance-examples.ts";
import { run } from "./mocks.ts";

const make = () => run(() => new SecretReminder("reminder", reminder));

describe("SecretReminder", () => {
  it("looks once a day, called by its own rule alone", async () => {
    const { recording } = await make();
    const rule = recording.one("EventRule");
    assert.equal(rule.inputs["scheduleExpression"], "rate(1 day)");
    assert.match(String(recording.one("EventTarget").inputs["arn"]), /function\/reminder$/);
    const permission = recording.one("aws:lambda/permission:Permission");
    assert.equal(permission.inputs["principal"], "events.amazonaws.com");
    assert.deepEqual(permission.options.propertyDependencies["sourceArn"], [rule.urn]);
  });

  it("is told which values to look at, and for how long each may be used", async () => {
    const { recording } = await make();
    const { variables } = recording.one("aws:lambda/function:Function").inputs["environment"] as {
      variables: { REMINDERS: string };
    };
    assert.deepEqual(JSON.parse(variables.REMINDERS), [
      { secretId: secretArn, field: "OPENAI_API_KEY", everyDays: 90 },
    ]);
  });

  it("may read the secrets and change nothing", async () => {
    const { recording } = await make();
    const statements = recording.statements(recording.one("RolePolicy"));
    assert.deepEqual(
      statements.slice(-2).map(({ actions, resources }) => [actions, resources]),
      [
        [["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"], [secretArn]],
        [["kms:Decrypt"], [secretsKeyArn]],
      ],
    );
  });
});
