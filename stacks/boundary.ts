import * as pulumi from "@pulumi/pulumi";

/**
 * Caps every role of the stack, whoever makes it. A pipeline may make a role only with this boundary (bootstrap/permissions): else
 * whoever can make a role and pass it to a function could do everything.
 */
export function boundRoles(permissionsBoundary: string): void {
  pulumi.runtime.registerStackTransformation(({ type, props, opts }) =>
    type === "aws:iam/role:Role" ? { props: { ...props, permissionsBoundary }, opts } : undefined,
  );
}
