import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

export default defineConfig(globalIgnores(["node_modules", ".sandbox", "**/dist", "**/*.generated.json"]), {
  files: ["**/*.ts"],
  extends: [tseslint.configs.strictTypeChecked],
  languageOptions: {
    parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
  },
  rules: {
    // Numbers read well in messages; everything else must be turned into text on purpose.
    "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
    // A ComponentResource is made for its effect: registering itself and its children.
    "no-new": "off",
    "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
  },
});
