import { Registry } from "../components/registry.ts";
import { given } from "./given.ts";

const { kmsKeyArn, accountId, region } = given;

const registry = new Registry("images", { repositories: ["shop/orders"], kmsKeyArn, accountId, region });

export const { repositoryUrls } = registry;
