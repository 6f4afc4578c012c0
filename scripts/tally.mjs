// Summarises a report that jest wrote with --json: prints the failures, how many tests were skipped, and
// `N passed, N failed` as its last line. A suite that could not run counts as a failure, and so does a
// missing report. Exit code 1 if anything failed.
import { existsSync, readFileSync } from 'node:fs'

const [file = ''] = process.argv.slice(2)
const report = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined
const passed = report?.numPassedTests ?? 0
const failed = report === undefined ? 1 : report.numFailedTests + report.numRuntimeErrorTestSuites
const skipped = report === undefined ? 0 : report.numPendingTests + report.numTodoTests
for (const suite of report?.testResults ?? []) {
  for (const test of suite.assertionResults) {
    if (test.status === 'failed') console.log(`FAILED: ${test.fullName}`)
  }
  if (suite.status === 'failed' && suite.assertionResults.length === 0) {
    console.log(`FAILED: ${suite.name}: the suite could not run`)
  }
}
if (skipped > 0) console.log(`${skipped} skipped`)
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed > 0 ? 1 : 0)
