import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { Firewall, type FirewallArgs } from "../../components/firewall.ts";
import { kmsKeyArn } from "./examples.ts";
import { run } from "./mocks.ts";
import { firewall } from "./serving-examples.ts";

interface Rule {
  name: string;
  priority: number;
  action?: object;
  overrideAction?: object;
  statement: Record<string, Record<string, unknown>>;
}

function make(changes: Partial<FirewallArgs> = {}) {
  return run(() => new Firewall("firewall", { ...firewall, ...changes }));
}

describe("Firewall", () => {
  it("asks the rate limit first, then AWS's rules for reputation, known bad inputs, common attacks and SQL injection", async () => {
    const { recording } = await make();
    const { rules, defaultAction } = recording.one("WebAcl").inputs as {
      rules: Rule[];
      defaultAction: object;
    };
    assert.deepEqual(defaultAction, { allow: {} });
    assert.deepEqual(
      rules.map(({ name, priority }) => [priority, name]),
      [
        [0, "rate-limit"],
        [1, "AWSManagedRulesAmazonIpReputationList"],
        [2, "AWSManagedRulesAnonymousIpList"],
        [3, "AWSManagedRulesKnownBadInputsRuleSet"],
        [4, "AWSManagedRulesCommonRuleSet"],
        [5, "AWSManagedRulesSQLiRuleSet"],
      ],
    );
    assert.partialDeepStrictEqual(rules[0], {
      action: { block: {} },
      statement: { rateBasedStatement: { limit: 2000, aggregateKeyType: "IP", evaluationWindowSec: 300 } },
    });
    assert.deepEqual(rules[3]?.overrideAction, { none: {} }, "known bad inputs (Log4j) block");
  });

  it("only counts what a chat message may well hold: length, code, SQL, addresses", async () => {
    const { recording } = await make();
    const { rules } = recording.one("WebAcl").inputs as { rules: Rule[] };
    const counted = (index: number) =>
      rules[index]?.statement["managedRuleGroupStatement"]?.["ruleActionOverrides"];
    const count = (name: string) => ({ name, actionToUse: { count: {} } });
    assert.deepEqual(
      counted(4),
      ["SizeRestrictions", "CrossSiteScripting", "EC2MetaDataSSRF", "GenericLFI", "GenericRFI"].map((rule) =>
        count(`${rule}_BODY`),
      ),
    );
    assert.deepEqual(counted(5), [count("SQLi_BODY")]);
    assert.equal(counted(1), undefined);
  });

  it("only counts who calls through a VPN or from a data centre, which users do", async () => {
    const { recording } = await make();
    const { rules } = recording.one("WebAcl").inputs as { rules: Rule[] };
    assert.deepEqual(
      rules[2]?.statement["managedRuleGroupStatement"]?.["ruleActionOverrides"],
      ["AnonymousIPList", "HostingProviderIPList"].map((name) => ({ name, actionToUse: { count: {} } })),
    );
  });

  it("logs what it blocks, without credentials and query strings, into an encrypted group", async () => {
    const { recording } = await make();
    assert.partialDeepStrictEqual(recording.one("WebAclLoggingConfiguration").inputs, {
      redactedFields: [
        { singleHeader: { name: "authorization" } },
        { singleHeader: { name: "cookie" } },
        { singleHeader: { name: "x-api-key" } },
        { queryString: {} },
      ],
      loggingFilter: { defaultBehavior: "DROP" },
    });
    assert.partialDeepStrictEqual(recording.one("LogGroup").inputs, {
      namePrefix: "aws-waf-logs-firewall-",
      kmsKeyId: kmsKeyArn,
      retentionInDays: 180,
    });
    const { visibilityConfig } = recording.one("WebAcl").inputs as {
      visibilityConfig: { sampledRequestsEnabled: boolean };
    };
    assert.equal(visibilityConfig.sampledRequestsEnabled, false);
  });

  it("lies in us-east-1 with all its parts when it guards CloudFront", async () => {
    const { recording } = await make({ scope: "CLOUDFRONT", region: "eu-west-2" });
    for (const type of ["WebAcl", "LogGroup", "WebAclLoggingConfiguration"]) {
      assert.equal(recording.one(type).inputs["region"], "us-east-1", type);
    }
  });

  it("refuses an impossible limit, another region's key and an odd retention", () => {
    const changes = {
      scope: "CLOUDFRONT",
      rateLimit: 5,
      logRetentionDays: 100,
      kmsKeyArn: kmsKeyArn.replace("us-east-1", "eu-west-2"),
    } as const;
    assert.throws(
      () => new Firewall("firewall", { ...firewall, ...changes }),
      (error: unknown) => {
        assert.ok(pulumi.InputPropertiesError.isInstance(error));
        assert.deepEqual(
          error.errors.map(({ propertyPath }) => propertyPath),
          ["rateLimit", "kmsKeyArn", "logRetentionDays"],
        );
        return true;
      },
    );
  });
});
