import { describe, expect, it, test } from '@jest/globals'
import { findCauses } from '../../src/render/driftCauses.ts'
import { renderDriftIssue } from '../../src/render/driftIssueBody.ts'
import { saltedDigest } from '../../src/render/carried/planData.ts'
import {
  associationResource,
  change,
  context,
  endpoint,
  endpointResource,
  error,
  linkResource,
  logWorkspace,
  machine,
  modes,
  plan,
  report,
} from './builders.ts'
import { harmIn } from './checks.ts'
import { nasty } from './nasty.ts'
import { manyChanges } from './situations.ts'

const commit = 'f00dfacef00dfacef00dfacef00dfacef00dface'
const history = { commit, at: '2026-01-01T10:00:00Z' }
const dce = endpoint('dce-production-northeurope')
const by = (at: string) => ({ changed: { by: 'ops@contoso.example', type: 'User', at } })

const moved = change(
  'config-association',
  'why',
  associationResource(machine('vm-1'), endpoint('dce-legacy', 'rg-old')),
  associationResource(machine('vm-1'), dce),
  by('2026-01-02T08:00:00Z'),
)
const older = change(
  'config-association',
  'why',
  associationResource(machine('vm-2'), dce),
  null,
  by('2025-12-31T08:00:00Z'),
)
const missing = change('config-association', 'why', null, associationResource(machine('vm-3'), dce))
const unlinked = change('log-analytics', 'why', null, linkResource(logWorkspace('law-weu')))
const undated = change('access-modes', 'why', modes('Open', 'Open'), modes('PrivateOnly', 'Open'))
const opened = change(
  'config-endpoint',
  'why',
  { ...endpointResource(dce, 'northeurope'), publicNetworkAccess: 'Enabled' } as never,
  endpointResource(dce, 'northeurope'),
  by('2026-01-03T08:00:00Z'),
)
const all = [opened, unlinked, moved, older, missing, undated]

function issueOf(changes: readonly (typeof moved)[], more: object = {}) {
  const drift = report({ command: 'drift', result: 'drift', plan: plan(changes), ...more })
  return renderDriftIssue(drift, { ...context, fileHistory: history })
}

describe('the cause of a difference', () => {
  it('follows from when the object and the file were changed', () => {
    expect(findCauses(all, history)).toEqual({
      drifted: [opened, moved],
      pending: [unlinked, older, missing],
      unclear: [undated],
    })
  })

  it('of a missing object follows from whether it was applied', () => {
    const salt = 'ab'.repeat(16)
    const digests = [saltedDigest(salt, missing.digest)]
    const applied = { pullRequest: 7, url: 'https://x', salt, digests }
    expect(findCauses([unlinked, missing], { ...history, applied })).toEqual({
      drifted: [missing],
      pending: [unlinked],
      unclear: [],
    })
  })

  it.each([
    ['without a history of the file', undefined],
    ['with one that nobody can read', { commit, at: 'yesterday' }],
  ])('is not told %s', (_, unknown) => {
    expect(findCauses(all, unknown).unclear).toEqual(all)
  })
})

describe('the drift issue', () => {
  it('shows what Azure has and what the file requires, by cause', () => {
    const portal = /\(https:\/\/portal\.azure\.com[^)]*\)/g
    expect(issueOf(all).body.replace(portal, '(portal)')).toBe(
      `<!-- azure-monitor-private-link:drift topology="production" -->

**Azure differs from the file in 6 places**: 2 because Azure was changed after the file, 3 because the file is ahead of Azure and 1 for an unknown reason. [.github/azure-monitor-private-link.yml](https://github.com/octo-org/platform/blob/${commit}/.github/azure-monitor-private-link.yml) was last changed on 2026-01-01 10:00 UTC (<code>f00dfac</code>).

### Changed in Azure

- Endpoint **[dce-production-northeurope](portal)**: public network access is Enabled, but the file requires **Disabled**. Last changed by <code>ops@&#8203;contoso.example</code> on 2026-01-03 08:00 UTC.
- **[vm-1](portal)** gets its configuration from dce-legacy, but the file requires **dce-production-northeurope**. Last changed by <code>ops@&#8203;contoso.example</code> on 2026-01-02 08:00 UTC.

### Not applied yet

- **[law-weu](portal)** is not linked to ampls-hub, but the file requires it.
- **[vm-2](portal)** gets its configuration from dce-production-northeurope, but the file no longer names it. Last changed by <code>ops@&#8203;contoso.example</code> on 2025-12-31 08:00 UTC.
- **[vm-3](portal)** has no endpoint for its configuration, but the file requires **dce-production-northeurope**.

### Unknown reason

- Access modes of **[ampls-hub](portal)**: ingestion is Open, but the file requires **PrivateOnly**.

### What to do

- To make Azure match the file, run the apply workflow: by hand with <code>command: apply</code>, or by merging any change to the file.
- To keep what Azure has, change <code>.github/azure-monitor-private-link.yml</code> in a pull request.

Each drift run updates this issue, and closes it when nothing differs any more. If you close it yourself, it stays closed until something else differs.`,
    )
  })

  it('has the same body in another run, at another commit', () => {
    const other = { ...context, runUrl: `${context.runUrl ?? ''}9`, commitSha: 'b'.repeat(40) }
    const drift = report({ command: 'drift', result: 'drift', plan: plan(all) })
    expect(renderDriftIssue(drift, { ...other, fileHistory: history }).body).toBe(issueOf(all).body)
  })

  it('shows the errors that block an apply', () => {
    const diagnostics = [error('limit-exceeded', 'Too much.', 'Raise it.')]
    expect(issueOf(all, { diagnostics }).body).toContain(
      '### Errors\n\nNothing can be applied until this is fixed.\n\n- **limit-exceeded**: Too much. Raise it.',
    )
  })

  it('with three thousand differences stays below the limit, and says where the rest is', () => {
    const { body } = issueOf(manyChanges(1000))
    expect(body.length).toBeLessThanOrEqual(60_000)
    expect(body.length).toBeGreaterThan(50_000)
    expect(body).toMatch(/- … and [\d,]+ more: see the step summary of the latest drift run\.\n/)
    expect(body).toContain('### What to do')
  })

  test.each(Object.entries(nasty))('is not harmed by %s', (_, s) => {
    const id = machine(s, s)
    const change1 = change(
      'config-association',
      s,
      associationResource(id, endpoint(s, s)),
      associationResource(id, dce),
      { changed: { by: s, type: s, at: s } },
    )
    const { body, title, farewell } = renderDriftIssue(
      report({
        command: 'drift',
        result: 'drift',
        topology: 'production',
        file: s,
        plan: plan([change1]),
        diagnostics: [error('blackout', s, s)],
      }),
      {
        ...context,
        fileHistory: {
          commit: s,
          at: s,
          applied: { pullRequest: 1, url: s, salt: s, digests: [s] },
        },
      },
    )
    expect(harmIn(body)).toEqual([])
    expect(harmIn(`x\n${farewell}`)).toEqual([])
    expect(title).toBe('Azure differs from private link topology production')
  })
})
