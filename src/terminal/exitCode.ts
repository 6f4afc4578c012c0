import { failsTheStep, type Report, type Result } from '../report.ts'

/** The results that exit with 2 under --detailed-exitcode (contract section 12: "changes or findings"). */
const finds: Readonly<Record<Result, boolean>> = {
  'no-changes': false,
  clean: false,
  validated: false,
  receiving: false,
  reachable: false,
  imported: false,
  superseded: false,
  changes: true,
  applied: true,
  unknown: true,
  broken: true,
  drift: true,
  silent: true,
  unreachable: true,
  partial: true,
  failed: true,
}

export interface ExitOptions {
  readonly detailed: boolean
  readonly failOnDrift: boolean
  readonly failOnSilent: boolean
}

/**
 * The exit code of a run: that of its worst result. With `detailed`, 1 means that the run failed and 2 that it found
 * something, whatever `failOnDrift` and `failOnSilent` say.
 */
export function exitCodeOf(
  reports: readonly Pick<Report, 'result' | 'plan'>[],
  options: ExitOptions,
): 0 | 1 | 2 {
  const results = reports.map(({ result }) => result)
  if (results.some((result) => result === 'failed' || result === 'partial')) return 1
  if (options.detailed) {
    const found = reports.some(({ result, plan }) => finds[result] || plan?.changes.length)
    return found ? 2 : 0
  }
  const fails = results.some((result) => {
    const when = failsTheStep[result]
    return when === 'always' || (when !== 'never' && options[when])
  })
  return fails ? 1 : 0
}
