export {
  cognitoCheck,
  databaseCheck,
  openaiCheck,
  type Pingable,
  type Queryable,
  redisCheck,
  standardChecks,
} from "./checks.ts";
export { type Handler, liveness, readiness } from "./handler.ts";
export {
  type Check,
  type CheckResult,
  type CheckStatus,
  CodedError,
  Health,
  type HealthOptions,
  type HealthReport,
  type Liveness,
  statusCodeOf,
} from "./health.ts";
