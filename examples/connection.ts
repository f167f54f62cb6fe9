import * as pulumi from "@pulumi/pulumi";
import { aws } from "../components/aws.ts";
import { connect } from "../components/connection.ts";
import { given } from "./given.ts";

const { vpcId } = given;
const guard = (name: string): pulumi.Output<string> =>
  new aws.ec2.SecurityGroup(name, { vpcId, description: `Guards the ${name}` }).id;

// Both sides in one call: the worker's way out, and the queue's way in.
connect(
  { label: "worker", securityGroupId: guard("worker") },
  { label: "queue", securityGroupId: guard("queue"), port: 5672 },
  "takes jobs",
);
