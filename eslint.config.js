// https://eslint.org/docs/latest/use/configure/configuration-files
import tseslint from 'typescript-eslint'

const pure =
  'This folder is pure: data in, data out. Do the effect in src/azure, src/github or src/publish/publish.ts and pass the result in.'

/** What a pure folder may not import, besides the folders above it. */
const effects = [
  {
    group: [
      '@actions/*',
      '@azure/*',
      'node:fs',
      'node:fs/*',
      'node:process',
      'node:child_process',
      'node:http',
      'node:https',
      'node:net',
    ],
    message: pure,
  },
  {
    group: [
      '**/azure/**',
      '**/github/**',
      '**/commands/**',
      '**/publish.ts',
      '**/main.ts',
      '**/inputs.ts',
    ],
    message: pure,
  },
]
const only = (...patterns) => ({ 'no-restricted-imports': ['error', { patterns }] })
const azureHome = { group: ['@azure/*'], message: 'Azure is talked to in src/azure only.' }
const actionsHome = {
  group: ['@actions/*'],
  message:
    '@actions/* lives in src/main.ts, src/job/inputs.ts, src/publish/publish.ts and src/github.',
}
const yamlHome = { group: ['js-yaml'], message: 'YAML is read in src/topology only.' }

export default tseslint.config(
  { ignores: ['dist/', 'lib/', 'coverage/', 'node_modules/', '.tmp/'] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['*.js', 'scripts/*.mjs'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      eqeqeq: 'error',
    },
  },
  { files: ['src/**/*.ts'], rules: only(azureHome, actionsHome, yamlHome) },
  { files: ['src/topology/**/*.ts'], rules: only(azureHome, actionsHome, ...effects) },
  {
    files: ['src/{estate,resources,rules,plan,render}/**/*.ts'],
    rules: only(azureHome, actionsHome, yamlHome, ...effects),
  },
  { files: ['src/azure/**/*.ts'], rules: only(actionsHome, yamlHome) },
  {
    files: ['src/main.ts', 'src/{job,publish,github}/**/*.ts'],
    rules: only(azureHome, yamlHome),
  },
  { files: ['**/*.js', '**/*.mjs'], ...tseslint.configs.disableTypeChecked },
)
