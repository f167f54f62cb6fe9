import { FlowLogs } from "../components/flow-logs.ts";
import { given } from "./given.ts";

const { vpcId, kmsKeyArn, region, accountId } = given;

const logs = new FlowLogs("traffic", { vpcId, retentionDays: 30, kmsKeyArn, region, accountId });

export const { logGroupName } = logs;
