import assert from "node:assert/strict";
import { type Account, everyStack } from "./account.ts";
import { type Answer, ask, inWords, questions } from "./questions.ts";
import { outsiders } from "./outsiders.ts";
import { namesOf, statementsOf } from "./review.ts";
import { roles } from "./table.ts";

describe("what IAM answers", function () {
  this.timeout(300_000);
  /** Every combination that can be deployed. */
  let all: readonly Account[];
  /** Those that the table is asked about. */
  let asked: readonly Account[];
  let answers: readonly Answer[];

  before(async () => {
    all = await everyStack();
    asked = all.filter(({ environment }) => environment === "staging" || environment === "production");
    answers = (await Promise.all(asked.map(answersOf))).flat();
  });

  async function answersOf(own: Account): Promise<Answer[]> {
    const other = asked.find(
      ({ scale, region, environment }) =>
        scale === own.scale && region === own.region && environment !== own.environment,
    );
    assert.ok(other);
    return (await Promise.all(questions.map((question) => ask(question, own, other)))).flat();
  }

  it("is reviewed for every role of every stack", () => {
    const listed = roles.map(({ role }) => role);
    const made = new Set(all.flatMap((stack) => stack.roles.map(({ name }) => name)));
    const missing = [...made].filter((role) => !listed.includes(role));
    assert.deepEqual(missing, [], "roles without rows in tests/iam/table.ts");
    const gone = listed.filter((role) => !made.has(role));
    assert.deepEqual(gone, [], "rows in tests/iam/table.ts about a role that no stack makes");
  });

  for (const { role, rows } of roles) {
    it(`${role}: ${rows.length} rows and what follows from them`, () => {
      assert.deepEqual([...new Set(rows.map(([verdict]) => verdict))].sort(), ["allowed", "denied"]);
      assertAsReviewed(answers.filter((answer) => answer.part === "role" && answer.role === role));
    });

    it(`${role}: is assumed by its service alone`, () => {
      assertAsReviewed(answers.filter((answer) => answer.part === "trust" && answer.role === role));
    });

    it(`${role}: each of its actions has an allowed row`, () => {
      const statements = all.flatMap((stack) => stack.role(role)?.permissions.policy.Statement ?? []);
      const granted = new Set(statements.flatMap(({ Action }) => Action));
      const reviewed = new Set(rows.filter(([verdict]) => verdict === "allowed").map(([, action]) => action));
      assert.deepEqual([...granted].sort(), [...reviewed].sort());
    });
  }

  it(`others: ${outsiders.length} rows and what follows from them`, () => {
    assertAsReviewed(answers.filter(({ part }) => part === "outsider"));
  });

  it("has been asked for every row", () => {
    const words = new Set(answers.map(inWords));
    const unasked = questions.filter(({ isRow }) => isRow).map(inWords);
    assert.deepEqual(
      unasked.filter((row) => !words.has(row)),
      [],
      "rows that name what no stack has",
    );
  });

  it("hangs on every statement of every policy", () => {
    const used = new Set(
      answers.flatMap(({ stack, because }) => because.map((reason) => `${inFull(stack)}, ${reason}`)),
    );
    const unused = asked.flatMap((stack) =>
      namesOf(statementsOf([stack]))
        .map((name) => `${inFull(stack)}, ${name}`)
        .filter((reason) => !used.has(reason)),
    );
    assert.deepEqual(unused, [], "statements that no row of tests/iam is allowed, or denied, by");
  });
});

function assertAsReviewed(answers: readonly Answer[]): void {
  assert.ok(answers.length > 0);
  const wrong = answers
    .filter(({ expected, verdict }) => expected !== verdict)
    .map((answer) => `${inFull(answer.stack)}: not ${inWords(answer)} (${answer.because.join(", ")})`);
  assert.deepEqual(wrong, []);
}

function inFull({ environment, scale, region }: Account): string {
  return `${environment} at ${scale} in ${region}`;
}
