import { Autoscaling } from "../components/autoscaling.ts";

new Autoscaling("orders", {
  clusterName: "shop",
  serviceName: "orders-1a2b3c4",
  minTasks: 2,
  maxTasks: 6,
  cpuTargetPercent: 60,
  requestsPerTask: 1000,
  loadBalancerArnSuffix: "app/front/0123456789abcdef",
  targetGroupArnSuffix: "targetgroup/orders/0123456789abcdef",
});
