import type { Statement } from "../../core/documents.ts";
import { isKnown, type Unknown } from "../../core/unknown.ts";
import { hasWildcard } from "../../core/wildcards.ts";

/** An account's number in full. */
const isAccount = (value: string): boolean => /^\d+$/.test(value);

/** An organisation's id in full; anybody can make another that begins alike. */
const isOrganization = (value: string): boolean => /^o-[a-z0-9]+$/.test(value);

const isOrganizationPath = (value: string): boolean => /^o-[a-z0-9]+\//.test(value);

/** Something of one account, or what the ARN tells in full where it holds no account: a bucket. */
const isArnOfSomebody = (value: string): boolean => {
  const [, , , , account = "", ...resource] = value.split(":");
  if (account !== "") return isAccount(account);
  const [owner = ""] = resource.join(":").split("/");
  return owner === "" ? resource.length > 0 && !hasWildcard(value) && value !== "" : !hasWildcard(owner);
};

const isNetwork = (value: string): boolean => /^vpce?-\w+$/.test(value);

/** Condition keys that narrow everyone down, and the values by which they do. */
const NARROWING: Readonly<Record<string, ((value: string) => boolean) | undefined>> = {
  "aws:principalaccount": isAccount,
  "aws:principalarn": isArnOfSomebody,
  "aws:principalorgid": isOrganization,
  "aws:principalorgpaths": isOrganizationPath,
  "aws:sourceaccount": isAccount,
  "aws:sourceowner": isAccount,
  "aws:sourcearn": isArnOfSomebody,
  "aws:sourceorgid": isOrganization,
  "aws:sourceorgpaths": isOrganizationPath,
  "aws:sourcevpc": isNetwork,
  "aws:sourcevpce": isNetwork,
  "kms:calleraccount": isAccount,
  "s3:dataaccesspointaccount": isAccount,
  "elasticfilesystem:accessedviamounttarget": (value) => value === "true",
};

/** Operators that admit only what they name. */
const POSITIVE = /^(ForAnyValue:)?(String(Equals|EqualsIgnoreCase|Like)|Arn(Equals|Like)|Bool)$/;

/**
 * Whether conditions narrow everyone down to an account, an organisation, a network or one resource: any one does, if each of
 * its values, of which any will do, does. (S3 User Guide, "Blocking public access", "The meaning of public".)
 */
export function isNarrowed({ conditions }: Statement): boolean {
  if (!isKnown(conditions)) return true;
  return Object.entries(conditions).some(
    ([operator, keys]) =>
      POSITIVE.test(operator) &&
      Object.entries(keys).some(
        ([key, values]) => values.length > 0 && values.every((value) => narrows(key, value)),
      ),
  );
}

/** What is not known yet counts; whoever reads it has not proven it. */
function narrows(key: string, value: string | Unknown): boolean {
  const demand = NARROWING[key.toLowerCase()];
  return demand !== undefined && (!isKnown(value) || demand(value));
}
