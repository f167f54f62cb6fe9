import type { Inputs, Problem, Rule, Rules } from "../rule.ts";
import { acm } from "./acm.ts";
import { apigatewayv2 } from "./apigatewayv2.ts";
import { appautoscaling } from "./appautoscaling.ts";
import { backup } from "./backup.ts";
import { budgets } from "./budgets.ts";
import { cloudfront } from "./cloudfront.ts";
import { cloudtrail } from "./cloudtrail.ts";
import { cloudwatch } from "./cloudwatch.ts";
import { cognito } from "./cognito.ts";
import { ec2 } from "./ec2.ts";
import { ecr } from "./ecr.ts";
import { ecs } from "./ecs.ts";
import { efs } from "./efs.ts";
import { elasticache } from "./elasticache.ts";
import { iam } from "./iam.ts";
import { kms } from "./kms.ts";
import { lambda } from "./lambda.ts";
import { lb } from "./lb.ts";
import { logDelivery } from "./log-delivery.ts";
import { messaging } from "./messaging.ts";
import { rds } from "./rds.ts";
import { route53 } from "./route53.ts";
import { s3 } from "./s3.ts";
import { scheduler } from "./scheduler.ts";
import { secretsmanager } from "./secretsmanager.ts";
import { nested } from "./shapes.ts";
import { ssm } from "./ssm.ts";
import { vpcSecurity } from "./vpc.ts";
import { wafv2 } from "./wafv2.ts";
import { xray } from "./xray.ts";

/** Limits of tags, alike in every service. Source: AWS General Reference, tagging. */
function tagProblems(inputs: Inputs): Problem[] {
  const tags = Object.entries(nested(inputs["tags"]));
  return [
    ...(tags.length > 50
      ? [{ property: "tags", reason: `expected at most 50 tags, got ${tags.length}` }]
      : []),
    ...tags.flatMap(([key, value]) =>
      tagProblem(key, value).map((reason) => ({ property: `tags["${key}"]`, reason })),
    ),
  ];
}

function tagProblem(key: string, value: unknown): string[] {
  const characters = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
  return [
    ...(key.length < 1 || key.length > 128
      ? [`expected a key of 1 to 128 characters, got ${key.length}`]
      : []),
    ...(/^aws:/i.test(key) ? ["keys that begin with aws: are reserved"] : []),
    ...(characters.test(key) ? [] : ["expected a key of letters, digits, spaces and _.:/=+-@"]),
    ...(typeof value === "string" && value.length > 256
      ? [`expected a value of at most 256 characters, got ${value.length}`]
      : []),
    ...(typeof value === "string" && !characters.test(value)
      ? [`expected a value of letters, digits, spaces and _.:/=+-@, got "${value}"`]
      : []),
  ];
}

function withTagLimits(rule: Rule): Rule {
  return { ...rule, check: (inputs) => [...(rule.check?.(inputs) ?? []), ...tagProblems(inputs)] };
}

const services: Rules = {
  ...acm,
  ...apigatewayv2,
  ...appautoscaling,
  ...backup,
  ...budgets,
  ...cloudfront,
  ...cloudtrail,
  ...cloudwatch,
  ...cognito,
  ...ec2,
  ...ecr,
  ...ecs,
  ...efs,
  ...elasticache,
  ...iam,
  ...kms,
  ...lambda,
  ...lb,
  ...logDelivery,
  ...messaging,
  ...rds,
  ...route53,
  ...s3,
  ...scheduler,
  ...secretsmanager,
  ...ssm,
  ...vpcSecurity,
  ...wafv2,
  ...xray,
};

/** Every AWS resource type of the stand-in cloud. The list of types is also what `npm run schema` derives declarations for. */
export const rules: Rules = Object.fromEntries(
  Object.entries(services).map(([type, rule]) => [type, withTagLimits(rule)]),
);
