import { hasWildcard, literalStart } from "../../core/wildcards.ts";

/**
 * How the subjects of known providers begin: the claim, and where the name of its owner ends. Without the whole name anybody
 * with an account there has a subject that matches. (GitHub Docs, "OpenID Connect reference"; GitLab Docs, "OpenID Connect in
 * AWS"; HCP Terraform, "Workload identity tokens"; Pulumi Cloud, "OIDC claims"; Amazon EKS User Guide, "IAM roles for service accounts".)
 */
const OWNED =
  /^((repo|repository|job_workflow_ref|project_path|org):[^/:]+\/|(repository_owner|repository_owner_id|repository_id|enterprise|enterprise_id|organization|pulumi:deploy:org|pulumi:environments:org|system:serviceaccount):[^/:]+:|org\/[^/]+\/)/;

/** Claims whose owner must be told in full. */
const OWNED_CLAIM =
  /^(repo|repository|job_workflow_ref|project_path|org|repository_owner|repository_owner_id|repository_id|enterprise|enterprise_id|organization|pulumi|system)([:/]|$)/;

/** A provider at which everybody may have a subject of any form: only an owner's claim tells them apart. */
const GITHUB = /^token\.actions\.githubusercontent\.com:/i;

/**
 * Whether a subject, as a condition names it, is somebody's: text that no wildcard stands for names the owner.
 *
 * @param key the condition's: `token.actions.githubusercontent.com:sub`
 */
export function namesSomebody(key: string, subject: string): boolean {
  // A name ends where the subject does, but not where a wildcard goes on.
  const start = literalStart(subject) + (hasWildcard(subject) ? "" : ":");
  if (GITHUB.test(key) || OWNED_CLAIM.test(start)) return OWNED.test(start);
  // Of a provider that nobody foresaw: more than the kind of the subject.
  return /[A-Za-z0-9]/.test(hasWildcard(subject) ? start.replace(/^\w+[:/|]/, "") : start);
}
