import js from "@eslint/js";
import globals from "globals";

export default [
    { ignores: ["**/static/lib/**", "**/node_modules/**", ".data/**", ".venv/**"] },
    js.configs.recommended,
    {
        files: ["**/*.js"],
        languageOptions: {
            ecmaVersion: 2024,
            sourceType: "module",
            globals: { ...globals.browser, odoo: "readonly", luxon: "readonly" },
        },
        rules: {
            curly: ["error", "all"],
            eqeqeq: ["error", "always"],
            "no-console": ["error", { allow: ["warn", "error"] }],
            "no-eval": "error",
            "no-implied-eval": "error",
            "no-shadow": "error",
            "no-unused-vars": ["error", { argsIgnorePattern: "^_", caughtErrors: "none" }],
            "no-var": "error",
            "object-shorthand": "error",
            "prefer-const": "error",
        },
    },
    {
        files: ["**/*service_worker*.js"],
        languageOptions: { globals: globals.serviceworker },
    },
];
