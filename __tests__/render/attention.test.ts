import { describe, expect, it } from '@jest/globals'
import { sortDiagnostics } from '../../src/diagnostics.ts'
import { render } from '../../src/render/render.ts'
import {
  associationResource,
  change,
  context,
  endpoint,
  error,
  linkResource,
  logWorkspace,
  machine,
  plan,
  report,
  warning,
} from './builders.ts'

const unknown = error('unknown-resource', 'law-wue does not exist.', 'Correct the name.', {
  line: 30,
})
const dark = error('blackout', 'vm-01 would go dark.', 'Link it first.', { line: 3 })
const loose = warning('destination-not-linked', 'law-weu is not in the file.', 'Add it.')
const agent = warning('agent-missing', 'vm-01 has no agent.', 'Install it.')

describe('what follows from an error', () => {
  const all = [dark, loose, agent, unknown]

  it('comes after it, whatever its line', () => {
    expect(sortDiagnostics(all)).toEqual([unknown, dark, agent, loose])
    expect(sortDiagnostics([loose, dark])).toEqual([dark, loose])
  })

  it('is folded below it and counted separately', () => {
    const { comment } = render(
      report({ result: 'failed', plan: plan([], { diagnostics: all }), diagnostics: all }),
      context,
    )
    expect(comment).toContain('blocked by 1 error, which causes 1 other')
    const [shown = '', folded = ''] = comment.split(
      '<summary>1 error and 1 warning that follow from the errors above</summary>',
    )
    expect([shown.includes('law-wue'), shown.includes('vm-01 has no agent')]).toEqual([true, true])
    expect([shown.includes('go dark'), folded.includes('go dark')]).toEqual([false, true])
    expect(folded).toContain('law-weu is not in the file.')
  })

  it('is an error like any other if nothing else is wrong', () => {
    const { comment } = render(
      report({ result: 'failed', plan: plan([], { diagnostics: [dark] }), diagnostics: [dark] }),
      context,
    )
    expect(comment).toContain('blocked by 1 error\n')
    expect(comment).toContain('- ❌ **blackout**')
  })
})

describe('deletes', () => {
  const leaving = [
    change('config-association', 'r', associationResource(machine('vm-04'), endpoint('d')), null),
    change('log-analytics', 'r', linkResource(logWorkspace('law-old')), null),
  ]
  const told = (ingestion: 'Open' | 'PrivateOnly') =>
    render(report({ plan: plan(leaving), ingestion }), context).comment

  it('are shown in boxes below the verdict', () => {
    const comment = told('Open')
    expect(comment).toContain(
      '> [!CAUTION]\n> ⛔ **vm-04** loses its private configuration path.\n>\n> ⛔ **law-old** no longer accepts logs through the scope.',
    )
    expect(comment).toContain(
      '> [!WARNING]\n> 🗑️ **Deletes** 1 association (vm-04) and 1 link (law-old).',
    )
    expect(comment.indexOf('[!CAUTION]')).toBeLessThan(comment.indexOf('### Changes'))
    expect(comment).not.toContain('reporting')
  })

  it('stop reporting where ingestion is PrivateOnly', () => {
    const comment = told('PrivateOnly')
    expect(comment).toContain('**vm-04 stops reporting**')
    expect(comment).toContain("senders in the scope's networks **stop reporting**")
  })
})
