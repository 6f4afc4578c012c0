import { describe, expect, test } from '@jest/globals'
import { renderReport } from '../../src/render/terminal/report.ts'
import type { Command } from '../../src/report.ts'

describe('the headline of a command that could not sign in', () => {
  test.each<[Command, string]>([
    ['plan', '⛔ a.yml: no plan, signing in to Azure failed'],
    ['drift', '⛔ a.yml: drift not checked, signing in to Azure failed'],
    ['verify', '⛔ a.yml: telemetry not checked, signing in to Azure failed'],
    ['check-network', '⛔ a.yml: network not checked, signing in to Azure failed'],
    ['import', '⛔ a.yml: nothing imported, signing in to Azure failed'],
    ['explain', '⛔ a.yml: target not explained, signing in to Azure failed'],
  ])('%s: %s', (command, headline) => {
    const text = renderReport(
      {
        ...{ file: 'a.yml', command, situation: 'unplanned', result: 'failed', diagnostics: [] },
        failure: { reason: 'auth-failed', message: 'No sign-in.', remedy: 'Run az login.' },
      },
      { width: Infinity, colors: false },
    )
    expect(text.split('\n')[0]).toBe(headline)
  })
})
