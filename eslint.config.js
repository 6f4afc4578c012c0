// https://eslint.org/docs/latest/use/configure/configuration-files
import tseslint from 'typescript-eslint'

/**
 * The rooms of src/ in the order of the stairs: a room imports only rooms above it in this list. A pure room is data in,
 * data out. `__tests__/rooms.test.ts` tries every pair, and CONTRIBUTING.md tells the same order.
 */
export const rooms = [
  { name: 'diagnostics.ts', pure: true },
  { name: 'secrets.ts', pure: true },
  { name: 'resources', pure: true },
  { name: 'errors.ts', pure: true },
  { name: 'topology', pure: true },
  { name: 'estate', pure: true },
  { name: 'network', pure: true },
  { name: 'rules', pure: true },
  { name: 'egress', pure: true },
  { name: 'plan', pure: true },
  { name: 'telemetry', pure: true },
  { name: 'discovery', pure: true },
  { name: 'explain', pure: true },
  { name: 'report.ts', pure: true },
  { name: 'render', pure: true },
  { name: 'azure', pure: false },
  { name: 'probe', pure: false },
  { name: 'job', pure: false },
  { name: 'github', pure: false },
  { name: 'run.ts', pure: false },
  { name: 'publish', pure: false },
  { name: 'commands', pure: false },
  { name: 'terminal', pure: false },
  { name: 'main.ts', pure: false },
  { name: 'index.ts', pure: false },
]

/** What a package or an effect is kept to: where else it is imported, the message says where it belongs. */
const homes = [
  {
    group: ['@azure/*', '@azure-rest/*'],
    rooms: ['azure'],
    message: 'Azure is talked to in src/azure only.',
  },
  {
    group: ['@actions/*'],
    rooms: ['job', 'github', 'publish', 'main.ts'],
    message: '@actions/* lives in src/job, src/github, src/publish and src/main.ts.',
  },
  {
    group: ['js-yaml'],
    rooms: ['topology'],
    message: 'YAML is read and written in src/topology only.',
  },
  {
    group: [
      'node:fs',
      'node:fs/*',
      'node:process',
      'node:child_process',
      'node:http',
      'node:https',
      'node:net',
      'node:tls',
      'node:dns',
      'node:dns/*',
    ],
    rooms: rooms.filter((room) => !room.pure).map((room) => room.name),
    message:
      'This room is pure: data in, data out. Do the effect in src/azure, probe, job, github or publish and pass the result in.',
  },
]

/** What one room may not import: later rooms, and what has its home elsewhere. By how deep a file lies in it. */
function stairsOf({ name }, index) {
  const later = rooms.slice(index + 1).map((room) => room.name.replace('.', '\\.'))
  const foreign = homes
    .filter((home) => !home.rooms.includes(name))
    .map(({ group, message }) => ({ group, message }))
  const message = `src/${name} imports only rooms above it (the list in eslint.config.js). Move what both need up, or pass the value in.`
  return Array.from({ length: name.endsWith('.ts') ? 1 : 3 }, (_, depth) => {
    const up = name.endsWith('.ts') ? '\\./' : `(\\.\\./){${depth + 1}}`
    const patterns = [
      ...foreign,
      ...(later.length === 0 ? [] : [{ regex: `^${up}(${later.join('|')})(/|$)`, message }]),
    ]
    return {
      files: [name.endsWith('.ts') ? `src/${name}` : `src/${name}/${'*/'.repeat(depth)}*.ts`],
      rules: { 'no-restricted-imports': ['error', { patterns }] },
    }
  })
}

/** The stairs alone, for the test of every pair of rooms. */
export const stairs = rooms.flatMap(stairsOf)

export default tseslint.config(
  { ignores: ['dist/', 'eslint.config.d.ts', 'lib/', 'coverage/', 'node_modules/', '.tmp/'] },
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
  ...stairs,
  { files: ['**/*.js', '**/*.mjs'], ...tseslint.configs.disableTypeChecked },
)
