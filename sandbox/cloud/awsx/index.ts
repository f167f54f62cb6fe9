import type { Components } from "../component.ts";
import { constructRepository } from "./repository.ts";
import { constructVpc } from "./vpc.ts";

/** The components of awsx in the stand-in cloud. They make what pulumi-awsx makes, name for name and address for address. */
export const components: Components = {
  "awsx:ecr:Repository": constructRepository,
  "awsx:ec2:Vpc": constructVpc,
};
