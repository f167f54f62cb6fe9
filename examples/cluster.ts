import { Cluster } from "../components/cluster.ts";
import { given } from "./given.ts";

const cluster = new Cluster("shop", { kmsKeyArn: given.kmsKeyArn, logRetentionDays: 90 });

export const { clusterName } = cluster;
