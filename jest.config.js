// https://jestjs.io/docs/configuration · native ES modules, TypeScript through swc
const slow = process.env['SLOW'] === '1'

export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/src', '<rootDir>/simulator', '<rootDir>/__tests__'],
  testMatch: ['<rootDir>/__tests__/**/*.test.ts'],
  // Minutes each: every kill point, every fault, every interleaving. scripts/test.mjs says so aloud.
  testPathIgnorePatterns: slow ? [] : ['/__tests__/safety/(kill|faults|concurrency)\\.test\\.ts$'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2023', parser: { syntax: 'typescript' } }, module: { type: 'es6' } },
    ],
  },
  maxWorkers: 2,
  testTimeout: 60_000,
}
