/** `npm run docs:resources`: writes anew what each scale makes. Read the difference before you commit it. */
import { scales } from "../../stacks/environments.ts";
import { refreshList } from "./resources.ts";

for (const scale of scales) await refreshList(scale);
