import { EncryptionKey } from "../components/encryption-key.ts";
import { given } from "./given.ts";

const key = new EncryptionKey(
  "shop",
  {
    description: "The shop's secrets, files and logs",
    accountId: given.accountId,
    region: given.region,
    services: ["cloudfront", "logs"],
    deletionWindowDays: 30,
  },
  // With the key goes all that it encrypted.
  { protect: true },
);

export const { arn } = key;
