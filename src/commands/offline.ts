import type { Diagnostic } from '../diagnostics.ts'
import type { PlanReport, Report } from '../report.ts'
import type { Topology } from '../topology/topology.ts'

/** The report for a pull request without a sign-in: only the file itself was checked. */
export function reportOffline(
  topology: Topology,
  diagnostics: readonly Diagnostic[],
  who: 'a fork' | 'Dependabot',
): Report {
  return {
    file: topology.file,
    topology: topology.name,
    command: 'plan',
    situation: 'validated',
    result: 'validated',
    diagnostics: [
      ...diagnostics,
      {
        severity: 'notice',
        code: 'not-confirmed',
        message: `This pull request comes from ${who} and has no sign-in to Azure: only the file itself was checked. Whether its resources exist, what would change and whether any target would go dark was not checked.`,
        remedy: 'A maintainer can push the branch to this repository to get a plan.',
        file: topology.file,
      },
    ],
  }
}

/** The report for a file with errors of its own. */
export function reportInvalid(
  file: string,
  name: string | undefined,
  command: Report['command'],
  diagnostics: readonly Diagnostic[],
): PlanReport {
  const count = diagnostics.filter((d) => d.severity === 'error').length
  return {
    file,
    ...(name === undefined ? {} : { topology: name }),
    command,
    situation: 'invalid',
    result: 'failed',
    diagnostics,
    failure: {
      reason: 'invalid-topology',
      message: `${file} has ${count === 1 ? 'a problem' : `${count} problems`}.`,
      remedy: 'Each problem is annotated at its line.',
    },
  }
}
