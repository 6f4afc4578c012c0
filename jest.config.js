// https://jestjs.io/docs/configuration · native ES modules, TypeScript through swc
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/src', '<rootDir>/simulator', '<rootDir>/__tests__'],
  testMatch: ['<rootDir>/__tests__/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2023', parser: { syntax: 'typescript' } }, module: { type: 'es6' } },
    ],
  },
  // One more than the two cores of CI: suites that run the action mostly wait, for retries and links.
  maxWorkers: 3,
  // Of `test.concurrent`: what waits more than it works.
  maxConcurrency: 8,
  // Only what hangs is ended by it: no test measures time, and machines are slow.
  testTimeout: 1_800_000,
}
