import assert from "node:assert/strict";
import { PolicyDocument, type Statement } from "../../components/policy-document.ts";
import { run, valueOf } from "./mocks.ts";

async function documentOf(statement: Statement): Promise<unknown> {
  const { result } = await run(() => new PolicyDocument("policy", { statements: [statement] }));
  return JSON.parse(await valueOf(result.json));
}

describe("PolicyDocument", () => {
  it("writes a statement as IAM writes it back: a single resource by itself, nothing that was left out", async () => {
    const read = { sid: "Read", actions: ["s3:GetObject"] };
    const written = { Sid: "Read", Effect: "Allow", Action: ["s3:GetObject"] };
    const document = (Statement: object) => ({ Version: "2012-10-17", Statement: [Statement] });
    assert.deepEqual(await documentOf(read), document(written));
    assert.deepEqual(
      await documentOf({ ...read, resources: ["arn:aws:s3:::a/*"] }),
      document({ ...written, Resource: "arn:aws:s3:::a/*" }),
    );
    assert.deepEqual(
      await documentOf({ ...read, resources: ["arn:aws:s3:::a/*", "arn:aws:s3:::b/*"] }),
      document({ ...written, Resource: ["arn:aws:s3:::a/*", "arn:aws:s3:::b/*"] }),
    );
  });

  it("shows its statements one value at a time, for whoever reads the graph", async () => {
    const statement = { sid: "Read", actions: ["s3:GetObject"], resources: ["arn:aws:s3:::a/*"] };
    const { recording } = await run(() => new PolicyDocument("policy", { statements: [statement] }));
    assert.deepEqual(recording.one("PolicyDocument").inputs, { statements: [statement] });
  });
});
