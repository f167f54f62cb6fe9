import type { Container } from "./container.ts";
import type { Statement } from "./policy-document.ts";

/** AWS's build of the OpenTelemetry collector. */
const COLLECTOR_IMAGE = "public.ecr.aws/aws-observability/aws-otel-collector:v0.43.3";

/** The collector's own, unprivileged user. */
const COLLECTOR_USER = "4317:4317";

/** Takes traces over OTLP and from X-Ray SDKs, and hands them to X-Ray in batches. */
const COLLECTOR_CONFIGURATION = `extensions:
  health_check:
receivers:
  otlp:
    protocols:
      grpc:
        endpoint: 127.0.0.1:4317
      http:
        endpoint: 127.0.0.1:4318
  awsxray:
    endpoint: 127.0.0.1:2000
    transport: udp
processors:
  memory_limiter:
    check_interval: 1s
    limit_mib: 96
  batch:
    timeout: 5s
exporters:
  awsxray:
service:
  extensions: [health_check]
  pipelines:
    traces:
      receivers: [otlp, awsxray]
      processors: [memory_limiter, batch]
      exporters: [awsxray]
`;

/** Tells the application's SDKs where the collector listens. */
export const TRACING_ENVIRONMENT: Record<string, string> = {
  OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:4318",
  AWS_XRAY_DAEMON_ADDRESS: "127.0.0.1:2000",
};

/**
 * The collector beside the application. Not essential: the application goes on when tracing fails.
 */
export function collector(log: Container["log"]): Container {
  return {
    name: "xray-collector",
    image: COLLECTOR_IMAGE,
    essential: false,
    user: COLLECTOR_USER,
    environment: { AOT_CONFIG_CONTENT: COLLECTOR_CONFIGURATION },
    memoryReservationMiB: 128,
    stopTimeoutSeconds: 30,
    scratch: [],
    mounts: [],
    log,
  };
}

/** What whoever sends traces must be allowed. */
export const TRACING_STATEMENT: Statement = {
  sid: "WriteTraces",
  actions: [
    "xray:GetSamplingRules",
    "xray:GetSamplingStatisticSummaries",
    "xray:GetSamplingTargets",
    "xray:PutTelemetryRecords",
    "xray:PutTraceSegments",
  ],
  resources: ["*"],
  wildcard: "X-Ray knows no resources for these actions",
};
