import assert from "node:assert/strict";
import { newPassword, scramVerifier } from "../../rotation/passwords.ts";

describe("rotation/passwords", () => {
  it("makes 48 letters and digits, never the same", () => {
    const made = Array.from({ length: 200 }, () => newPassword());
    for (const password of made) assert.match(password, /^[A-Za-z0-9]{48}$/);
    assert.equal(new Set(made).size, 200);
    // Each of the 62 stands somewhere in 9,600 characters, but for one case in 10^65.
    assert.equal(new Set(made.join("")).size, 62);
  });

  it("makes the verifier of RFC 5803", async () => {
    // RFC 7677, 3: user "user", password "pencil", this salt; its server signature follows from this server key.
    const salt = Buffer.from("W22ZaJ0SNY7soEsUEjb6gQ==", "base64");
    assert.equal(
      await scramVerifier("pencil", salt),
      "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=",
    );
  });
});
