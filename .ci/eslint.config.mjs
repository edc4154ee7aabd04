// What the page's script is checked for: names that do not exist or are never used, and habits
// that hide mistakes. The script is checked as the page has it, all parts in one.
const names = `AbortController Blob BigInt CSS DOMParser Image JSON Map Math MutationObserver Number
Object Promise ResizeObserver Set String URL XMLSerializer addEventListener clearInterval document
history innerHeight innerWidth location matchMedia navigator setInterval setTimeout window`;

export default [{
  files: ["**/*.js"],
  languageOptions: {
    ecmaVersion: 2023,
    sourceType: "script",
    globals: Object.fromEntries(names.split(/\s+/).map(name => [name, "readonly"])),
  },
  linterOptions: { reportUnusedDisableDirectives: "error" },
  rules: Object.fromEntries([
    "array-callback-return", "consistent-return", "constructor-super", "default-case-last",
    "eqeqeq", "for-direction", "getter-return", "no-case-declarations", "no-class-assign",
    "no-compare-neg-zero", "no-cond-assign", "no-const-assign", "no-constant-condition",
    "no-control-regex", "no-debugger", "no-dupe-args", "no-dupe-class-members", "no-dupe-else-if",
    "no-dupe-keys", "no-duplicate-case", "no-else-return", "no-empty", "no-eval", "no-ex-assign",
    "no-extra-bind", "no-fallthrough", "no-func-assign", "no-implied-eval", "no-loss-of-precision",
    "no-new-func", "no-param-reassign", "no-redeclare", "no-return-assign", "no-self-assign",
    "no-sequences", "no-shadow", "no-sparse-arrays", "no-undef", "no-unreachable",
    "no-unsafe-finally", "no-unused-expressions", "no-unused-vars", "no-use-before-define",
    "no-useless-escape", "no-useless-return", "no-var", "object-shorthand", "prefer-const",
    "prefer-object-spread", "prefer-template", "require-await", "use-isnan", "valid-typeof",
  ].map(rule => [rule, "error"]).concat([
    ["complexity", ["error", 10]],
    ["max-depth", ["error", 3]],
    ["max-lines-per-function", ["error", 25]],
    ["no-use-before-define", ["error", { functions: false, variables: false }]],
    ["no-unused-vars", ["error", { args: "none" }]], // rules take all operands, used or not
  ])),
}];
