import type { Context, Inputs, Rules } from "../rule.ts";
import { check, integer, oneOf, when, needs } from "./constraints.ts";
import { arn, byInput, lastPart, text, uuid } from "./shapes.ts";

const TARGET = "aws:appautoscaling/target:Target";

const NAMESPACES = [
  "ecs",
  "dynamodb",
  "rds",
  "lambda",
  "elasticache",
  "sagemaker",
  "kafka",
  "custom-resource",
];

/** The part of the service-linked role's name that differs by what is scaled. */
const LINKED_ROLES: Readonly<Record<string, string>> = {
  ecs: "ECSService",
  dynamodb: "DynamoDBTable",
  rds: "RDSCluster",
  lambda: "LambdaConcurrency",
  elasticache: "ElastiCacheRG",
};

export const appautoscaling: Rules = {
  [TARGET]: {
    id: byInput("resourceId"),
    computed: (ctx) => {
      const namespace = text(ctx.inputs, "serviceNamespace");
      return {
        arn: arn(ctx, "application-autoscaling", `scalable-target/${ctx.hex(34, "target")}`),
        roleArn:
          `arn:${ctx.partition}:iam::${ctx.accountId}:role/aws-service-role/${namespace}.application-autoscaling.amazonaws.com/` +
          `AWSServiceRoleForApplicationAutoScaling_${LINKED_ROLES[namespace] ?? namespace}`,
        suspendedState: {
          dynamicScalingInSuspended: false,
          dynamicScalingOutSuspended: false,
          scheduledScalingSuspended: false,
        },
      };
    },
    replaceOn: ["resourceId", "scalableDimension", "serviceNamespace"],
    check: check(
      oneOf("serviceNamespace", ...NAMESPACES),
      integer("minCapacity", 0, 100000),
      integer("maxCapacity", 0, 100000),
      ordered,
    ),
    admit: admitService,
  },
  "aws:appautoscaling/policy:Policy": {
    name: { property: "name", maxLength: 255, scope: "none", autoname: "hex" },
    id: byInput("name"),
    defaults: { policyType: "StepScaling" },
    computed: (ctx) => {
      const resource = text(ctx.inputs, "resourceId");
      const name = text(ctx.inputs, "name");
      const tracking = text(ctx.inputs, "policyType") === "TargetTrackingScaling";
      return {
        arn: arn(
          ctx,
          "autoscaling",
          `scalingPolicy:${uuid(ctx)}:resource/${text(ctx.inputs, "serviceNamespace")}/${resource}:policyName/${name}`,
        ),
        alarmArns: tracking
          ? ["AlarmHigh", "AlarmLow"].map((end) =>
              arn(ctx, "cloudwatch", `alarm:TargetTracking-${resource}-${end}-${uuid(ctx, end)}`),
            )
          : [],
      };
    },
    replaceOn: ["name", "resourceId", "scalableDimension", "serviceNamespace"],
    check: check(
      oneOf("serviceNamespace", ...NAMESPACES),
      oneOf("policyType", "StepScaling", "TargetTrackingScaling", "PredictiveScaling"),
      when(
        (inputs) => inputs["policyType"] === "TargetTrackingScaling",
        needs("for TargetTrackingScaling", "targetTrackingScalingPolicyConfiguration"),
      ),
      oneOf(
        "targetTrackingScalingPolicyConfiguration.predefinedMetricSpecification.predefinedMetricType",
        ...[
          "ECSServiceAverageCPUUtilization",
          "ECSServiceAverageMemoryUtilization",
          "ALBRequestCountPerTarget",
        ],
        ...[
          "RDSReaderAverageCPUUtilization",
          "RDSReaderAverageDatabaseConnections",
          "LambdaProvisionedConcurrencyUtilization",
        ],
        ...[
          "DynamoDBReadCapacityUtilization",
          "DynamoDBWriteCapacityUtilization",
          "ElastiCachePrimaryEngineCPUUtilization",
        ],
        ...[
          "ElastiCacheReplicaEngineCPUUtilization",
          "ElastiCacheDatabaseMemoryUsageCountedForEvictPercentage",
        ],
      ),
    ),
    admit: ({ inputs, world }) =>
      world.get(TARGET, text(inputs, "resourceId")) === undefined
        ? `ObjectNotFoundException: No scalable target registered for service namespace: ${text(inputs, "serviceNamespace")}, resource ID: ${text(inputs, "resourceId")}, scalable dimension: ${text(inputs, "scalableDimension")}`
        : undefined,
  },
};

function ordered({ minCapacity, maxCapacity }: Inputs) {
  return typeof minCapacity === "number" && typeof maxCapacity === "number" && minCapacity > maxCapacity
    ? [
        {
          property: "maxCapacity",
          reason: `expected at least minCapacity (${minCapacity}), got ${maxCapacity}`,
        },
      ]
    : [];
}

function admitService({ inputs, world }: Context): string | undefined {
  const [kind, cluster, service] = text(inputs, "resourceId").split("/");
  if (text(inputs, "serviceNamespace") !== "ecs") return undefined;
  const found = world
    .list("aws:ecs/service:Service")
    .some(
      (entry) =>
        entry.inputs["name"] === service && lastPart(text(entry.inputs, "cluster", "default")) === cluster,
    );
  return kind === "service" && found
    ? undefined
    : `ValidationException: ECS service doesn't exist: ${text(inputs, "resourceId")}`;
}
