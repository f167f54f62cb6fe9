import { Role } from "../components/role.ts";

const reader = new Role("report-reader", {
  description: "Reads the nightly reports",
  service: "lambda.amazonaws.com",
  statements: [
    { sid: "ReadReports", actions: ["s3:GetObject"], resources: ["arn:aws:s3:::shop-reports/nightly/*"] },
  ],
});

export const { readyArn } = reader;
