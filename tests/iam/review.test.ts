import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { expectedPage } from "../../scripts/generated-page.ts";
import { everyStack } from "./account.ts";
import { permissionsPage } from "./page.ts";
import {
  isUnbound,
  namesOf,
  type Placed,
  statementsOf,
  unbound,
  unboundReason,
  wildcardsOf,
} from "./review.ts";

describe("every policy of the program", function () {
  this.timeout(300_000);
  let placed: readonly Placed[];

  before(async () => {
    placed = statementsOf(await everyStack());
  });

  it("stands in docs/permissions.md", async () => {
    const current = await readFile(permissionsPage.page, "utf8").catch(() => "");
    assert.equal(
      current,
      await expectedPage(permissionsPage),
      `docs/permissions.md is stale: ${permissionsPage.command}, and review what changed`,
    );
  });

  it("says why it holds a *, wherever it does", () => {
    const silent = placed.filter(
      ({ statement, document }) =>
        wildcardsOf(statement).length > 0 && document.wildcardReasons[statement.Sid] === undefined,
    );
    assert.deepEqual(namesOf(silent), [], 'statements without "wildcard"');
  });

  it("gives no reason where there is nothing to explain", () => {
    const needless = placed.filter(
      ({ statement, document }) =>
        wildcardsOf(statement).length === 0 && document.wildcardReasons[statement.Sid] !== undefined,
    );
    assert.deepEqual(namesOf(needless), []);
  });

  it("binds AWS's services to this account, or is listed with the reason why it cannot", () => {
    const loose = placed.filter(({ statement }) => isUnbound(statement));
    assert.deepEqual(namesOf(loose.filter((one) => unboundReason(one) === undefined)), []);
    const reasons = new Set(loose.map(unboundReason));
    assert.deepEqual(
      Object.values(unbound).filter((reason) => !reasons.has(reason)),
      [],
      "reasons in tests/iam/review.ts that nothing needs any more",
    );
  });

  it("lets nobody in by a bare *, only out", () => {
    const open = placed.filter(
      ({ statement }) =>
        statement.Effect === "Allow" &&
        Object.values(statement.Principal ?? {})
          .flat()
          .includes("*"),
    );
    assert.deepEqual(namesOf(open), []);
  });

  it("allows no action by a bare * or a whole service, save the account its own keys", () => {
    const whole = placed.filter(
      ({ statement: { Effect, Action } }) =>
        Effect === "Allow" && [Action].flat().some((action) => /^(\*|\w+:\*)$/.test(action)),
    );
    assert.deepEqual([...new Set(whole.map(({ statement }) => statement.Sid))], ["AccountAdministers"]);
  });

  it("hands no role on, and none to another account", () => {
    const handed = placed.filter(
      ({ statement: { Effect, Action } }) =>
        Effect === "Allow" && [Action].flat().some((action) => /^iam:|^sts:(?!AssumeRole$)/.test(action)),
    );
    assert.deepEqual(namesOf(handed), []);
  });
});
