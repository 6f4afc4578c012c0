import { describe, expect, test } from '@jest/globals'
import { expandEstate, idOf } from '../../simulator/estate.ts'
import type { JobResult } from '../../simulator/job/job.ts'
import type { Simulator } from '../../simulator/simulator.ts'
import {
  closedByMerge,
  dispatched,
  merge,
  opened,
  pullNumber,
  pushed,
  seedGitHub,
  topologyFile,
} from '../support/repository.ts'
import { subscription } from '../support/stable.ts'
import { endOf, run, tallyOf, withSimulator, writesOf } from './runs.ts'
import { hub, small } from './situations.ts'

const files = { [topologyFile]: small }
const machine = (name: string) => idOf(subscription, 'machine', `rg-app/${name}`)
const associationOf = (name: string) =>
  `${machine(name)}/providers/Microsoft.Insights/dataCollectionRuleAssociations/configurationAccessEndpoint`

const applied = { exitCode: 0, result: 'applied', reason: '' }
const changed = { exitCode: 1, result: 'failed', reason: 'plan-changed' }
const notFound = { exitCode: 1, result: 'failed', reason: 'plan-not-found' }

/** Plans a pull request that adds `small`; `act` runs before and after its merge. */
async function afterPlan(act: (simulator: Simulator) => Promise<void>): Promise<void> {
  await withSimulator({ estate: expandEstate(hub), github: seedGitHub() }, async (simulator) => {
    expect(endOf(await run(simulator, opened(files)))).toMatchObject({ result: 'changes' })
    await act(simulator)
  })
}

async function push(simulator: Simulator): Promise<JobResult> {
  merge(simulator)
  return await run(simulator, pushed(files))
}

/** The comment's hidden plan, its last line, without the run that wrote it last. */
function planOf({ github }: Simulator): string {
  const line = github?.comments[0]?.body.trimEnd().split('\n').at(-1) ?? ''
  return line.replace(/,"wrote":\[\d+,\d+\]/, '')
}

function bodyOf({ github }: Simulator): string {
  return github?.comments[0]?.body ?? ''
}

/** Associates vm-03 with an endpoint of another region, so that its association must be replaced. */
function interfere({ azure }: Simulator): void {
  azure.put({
    id: associationOf('vm-03'),
    properties: { dataCollectionEndpointId: idOf(subscription, 'endpoint', 'rg-old/dce-eus') },
  })
}

/** Makes the first association fail permanently, or the given number of times. */
function refuseAssociations({ azure }: Simulator, times?: number): void {
  azure.addFault({
    match: { method: 'PUT', path: /\/dataCollectionRuleAssociations\//i },
    do: { status: 403, body: { error: { code: 'AuthorizationFailed', message: 'Not yet.' } } },
    ...(times === undefined ? {} : { times }),
  })
}

describe('what the reviewer saw is applied', () => {
  test('also after a re-run of the plan, which edits its comment', async () => {
    await afterPlan(async (simulator) => {
      const other = { [topologyFile]: small.replace('  - rg-app/vm-03\n', '') }
      await run(simulator, opened(other))
      const edited = bodyOf(simulator)
      await run(simulator, opened(files))
      expect(bodyOf(simulator)).not.toBe(edited)
      expect(simulator.github?.comments).toHaveLength(1)
      expect(endOf(await push(simulator))).toEqual(applied)
    })
  })

  test('on the event that closes the pull request as merged', async () => {
    await afterPlan(async (simulator) => {
      merge(simulator)
      expect(endOf(await run(simulator, closedByMerge(files)))).toEqual(applied)
    })
  })

  test('also after changes that the review did not depend on', async () => {
    await afterPlan(async (simulator) => {
      const { azure } = simulator
      const lastModifiedBy = 'somebody@example.com'
      for (const resource of azure.snapshot().resources) {
        if (!/\/(virtualMachines|dataCollectionEndpoints)\/[^/]+$/i.test(resource.id)) continue
        const tags = { ...resource.tags, touched: 'yes' }
        azure.put({ ...resource, tags, systemData: { lastModifiedBy } })
      }
      expect(endOf(await push(simulator))).toEqual(applied)
    })
  })

  test('and a forged comment of another account is ignored', async () => {
    await afterPlan(async (simulator) => {
      // The forged comment contains exactly what would be applied now.
      interfere(simulator)
      await run(simulator, opened(files))
      const now = bodyOf(simulator)
      const [comment] = simulator.github?.comments ?? []
      if (comment !== undefined) simulator.github?.deleteComment(comment.id)
      simulator.azure.remove(associationOf('vm-03'))
      await run(simulator, opened(files))
      simulator.github?.state.addComment(pullNumber, now, 'mallory')
      interfere(simulator)
      expect(endOf(await push(simulator))).toEqual(changed)
      expect(writesOf(simulator)).toEqual([])
      simulator.azure.remove(associationOf('vm-03'))
      expect(endOf(await push(simulator))).toEqual(applied)
    })
  })
})

describe('unreviewed changes are not applied', () => {
  test('a blocked plan does not count as a review', async () => {
    await afterPlan(async (simulator) => {
      const blocked = { [topologyFile]: small.replace('rg-app/vm-02', 'rg-app/vm-gone') }
      expect(endOf(await run(simulator, opened(blocked)))).toMatchObject({ reason: 'blocked' })
      expect(endOf(await push(simulator))).toEqual(notFound)
      expect(writesOf(simulator)).toEqual([])
    })
  })

  test('a plan that failed later does not count as a review', async () => {
    await afterPlan(async (simulator) => {
      simulator.azure.addFault({
        match: { method: 'GET', path: /\/scopedResources$/i },
        times: 1,
        do: { status: 403, body: { error: { code: 'AuthorizationFailed', message: 'No.' } } },
      })
      expect(endOf(await run(simulator, opened(files)))).toMatchObject({ reason: 'forbidden' })
      expect(simulator.github?.comments).toHaveLength(1)
      expect(endOf(await push(simulator))).toEqual(notFound)
      expect(writesOf(simulator)).toEqual([])
    })
  })

  test('the plan of another topology does not count as a review', async () => {
    const github = seedGitHub()
    await withSimulator({ estate: expandEstate(hub), github }, async (simulator) => {
      const other = small.replace('name: production', 'name: staging')
      await run(simulator, opened({ [topologyFile]: other }))
      expect(simulator.github?.comments).toHaveLength(1)
      expect(endOf(await push(simulator))).toEqual(notFound)
      expect(writesOf(simulator)).toEqual([])
    })
  })

  test('not even with the comment of another topology under our marker', async () => {
    await afterPlan(async (simulator) => {
      const [comment] = simulator.github?.comments ?? []
      if (comment === undefined) throw new Error('there is no comment')
      const body = comment.body.replace('"topology":"production"', '"topology":"staging"')
      simulator.github?.editComment(comment.id, body, simulator.github.state.login)
      expect(endOf(await push(simulator))).toEqual(notFound)
    })
  })
})

describe('the report shows the reviewed changes beside the present ones', () => {
  const reviewed =
    /^### Reviewed changes\n\n<!-- \S+:reviewed -->\n\n([\s\S]*?)\n\n<!-- \S+:reviewed end -->\n\n### All changes needed now$/m
  /** The changes shown by the comment of a plan. */
  const changesIn = (body: string) =>
    /^### Changes\n\n([\s\S]*?)\n\n(?:<details>|<!-- |### )/m.exec(body)?.[1] ?? 'no changes'

  test('in comment and summary, word for word, also in a later report', async () => {
    await afterPlan(async (simulator) => {
      const shown = changesIn(bodyOf(simulator))
      expect(shown).toContain('➕ Associate **')
      interfere(simulator)
      for (let time = 0; time < 2; time++) {
        const refused = await push(simulator)
        expect(endOf(refused)).toEqual(changed)
        expect(reviewed.exec(bodyOf(simulator))?.[1]).toBe(shown)
        expect(reviewed.exec(refused.summary)?.[1]).toBe(shown)
      }
    })
  })

  test('also after a partial apply, with its results', async () => {
    await afterPlan(async (simulator) => {
      refuseAssociations(simulator, 2)
      await push(simulator)
      interfere(simulator)
      expect(endOf(await push(simulator))).toEqual(changed)
      const shown = reviewed.exec(bodyOf(simulator))?.[1] ?? ''
      expect(shown.match(/^- ✅ done/gm)).toHaveLength(3)
      expect(shown.match(/^- ❌ failed/gm)).toHaveLength(2)
      expect(shown).not.toContain('<details>')
    })
  })
})

describe('after the merge the comment shows the apply, and keeps the review', () => {
  test('so that a re-run finishes an interrupted apply', async () => {
    await afterPlan(async (simulator) => {
      const reviewed = planOf(simulator)
      refuseAssociations(simulator, 2)
      const first = await push(simulator)
      expect(endOf(first)).toEqual({ exitCode: 1, result: 'partial', reason: 'partial-apply' })
      expect(tallyOf(first)).toEqual({ done: 3, failed: 2 })
      expect(bodyOf(simulator)).toContain('3 of 5 changes made')
      expect(planOf(simulator)).toBe(reviewed)

      expect(endOf(await push(simulator))).toEqual(applied)
      expect(bodyOf(simulator)).toContain('2 changes applied')
      expect(planOf(simulator)).toBe(reviewed)
      expect(simulator.github?.comments).toHaveLength(1)
    })
  })

  test('so that a re-run restores reviewed objects that were removed', async () => {
    await afterPlan(async (simulator) => {
      const reviewed = planOf(simulator)
      expect(endOf(await push(simulator))).toEqual(applied)
      simulator.azure.remove(associationOf('vm-03'))
      expect(endOf(await push(simulator))).toEqual(applied)
      expect(planOf(simulator)).toBe(reviewed)
    })
  })

  test('so that a re-run applies no new changes', async () => {
    await afterPlan(async (simulator) => {
      const reviewed = planOf(simulator)
      refuseAssociations(simulator, 2)
      await push(simulator)
      interfere(simulator)
      const writes = writesOf(simulator).length
      expect(endOf(await push(simulator))).toEqual(changed)
      expect(writesOf(simulator)).toHaveLength(writes)
      expect(planOf(simulator)).toBe(reviewed)
      // After another report the reviewed plan still counts.
      expect(endOf(await push(simulator))).toEqual(changed)
      expect(writesOf(simulator)).toHaveLength(writes)
    })
  })

  test('and an edit by another account makes it untrusted', async () => {
    await afterPlan(async (simulator) => {
      refuseAssociations(simulator, 2)
      await push(simulator)
      const [comment] = simulator.github?.comments ?? []
      simulator.github?.editComment(comment?.id ?? 0, `${comment?.body ?? ''} `, 'mallory')
      const writes = writesOf(simulator).length
      expect(endOf(await push(simulator))).toEqual(notFound)
      expect(writesOf(simulator)).toHaveLength(writes)
    })
  })
})

describe('writing as our account is not enough to be trusted', () => {
  /** The comment of a plan with one more change, as after a change in Azure. */
  async function widerBody(simulator: Simulator): Promise<string> {
    interfere(simulator)
    await run(simulator, opened(files))
    return bodyOf(simulator)
  }

  /** What another workflow of the repository writes, on an unreviewed branch. */
  function forge({ github }: Simulator, body: string): void {
    const id = github?.comments[0]?.id ?? 0
    github?.editComment(id, body, github.state.login)
  }

  const hiddenOf = (body: string) => body.trimEnd().split('\n').at(-1) ?? ''

  /** As if written while the run of the plan was in progress, so that only the visible part can be checked. */
  function inTime({ github }: Simulator): void {
    for (const run of github?.state.runs ?? []) {
      const last = run.attempts.at(-1)
      if (last) last.endedAt = github?.state.now() ?? null
    }
  }

  test.each<[string, (reviewed: string, wider: string) => string]>([
    [
      'only the hidden part was widened after the approval',
      (reviewed, wider) => reviewed.replace(hiddenOf(reviewed), hiddenOf(wider)),
    ],
    [
      '"nothing to do" stands above the digests',
      (reviewed, wider) =>
        [
          reviewed.split('\n', 1)[0],
          '## ✅ production: nothing to do',
          'Azure matches the file (7 managed objects).',
          hiddenOf(wider),
        ].join('\n\n'),
    ],
    [
      'a bare fingerprint stands under a greeting',
      (reviewed, wider) =>
        [
          reviewed.split('\n', 1)[0],
          'hello',
          hiddenOf(wider).replace(/,"digests":"[^"]*"/, ''),
        ].join('\n\n'),
    ],
    [
      'the lines are there and nobody sees them',
      (_, wider) =>
        wider.replace('### Changes', '<!--\n### Changes').replace('### Before', '-->\n### Before'),
    ],
  ])('%s: nothing is applied', async (_, forgery) => {
    for (const isInTime of [false, true]) {
      await afterPlan(async (simulator) => {
        const reviewed = bodyOf(simulator)
        const wider = await widerBody(simulator)
        forge(simulator, forgery(reviewed, wider))
        if (isInTime) inTime(simulator)
        const { reason } = endOf(await push(simulator))
        expect(['plan-changed', 'plan-not-found']).toContain(reason)
        expect(writesOf(simulator)).toEqual([])
      })
    }
  })

  test('both parts were written after the end of the run: nothing is applied', async () => {
    await afterPlan(async (simulator) => {
      const reviewed = bodyOf(simulator)
      const wider = await widerBody(simulator)
      forge(simulator, reviewed)
      forge(simulator, wider)
      expect(endOf(await push(simulator))).toEqual(notFound)
      expect(writesOf(simulator)).toEqual([])
    })
  })

  test('a run of another commit, event or workflow made it: nothing is applied', async () => {
    const others = [{ workflow: '.github/workflows/other.yml' }, { event: 'pull_request_target' }]
    for (const other of others) {
      await withSimulator(
        { estate: expandEstate(hub), github: seedGitHub() },
        async (simulator) => {
          await run(simulator, opened(files, other))
          const isTarget = 'event' in other
          expect(bodyOf(simulator).includes('**no-review**')).toBe(isTarget)
          expect(bodyOf(simulator).includes('this plan does not count as a review')).toBe(isTarget)
          expect(endOf(await push(simulator))).toEqual(notFound)
          expect(writesOf(simulator)).toEqual([])
        },
      )
    }
  })

  test('without actions: read it is still applied, with a warning', async () => {
    await afterPlan(async (simulator) => {
      if (simulator.github) simulator.github.knobs.actions = false
      const result = await push(simulator)
      expect(endOf(result)).toEqual(applied)
      expect(result.stdout).toMatch(/^::warning [^\n]*not-confirmed[^\n]*actions: read/m)
    })
  })
})

describe('a run of an outdated commit', () => {
  const older = { [topologyFile]: small.replace('  - rg-app/vm-03\n', '') }
  const setMain = ({ github }: Simulator, of: Readonly<Record<string, string>>): void => {
    if (github) github.state.files['main'] = { ...of }
  }

  test('writes nothing, and names the newer commit', async () => {
    await afterPlan(async (simulator) => {
      setMain(simulator, older)
      const result = await push(simulator)
      expect(endOf(result)).toEqual({ exitCode: 0, result: 'superseded', reason: '' })
      expect(writesOf(simulator)).toEqual([])
      expect(result.stdout).toMatch(/^::warning [^\n]*superseded/m)
    })
  })

  test('by hand too', async () => {
    await afterPlan(async (simulator) => {
      setMain(simulator, older)
      const job = dispatched(files, { inputs: { command: 'apply' } })
      expect(endOf(await run(simulator, job))).toMatchObject({ result: 'superseded' })
      expect(writesOf(simulator)).toEqual([])
    })
  })

  test('continues if only other files or line endings changed', async () => {
    await afterPlan(async (simulator) => {
      setMain(simulator, { [topologyFile]: small.replaceAll('\n', '\r\n'), 'README.md': 'new' })
      expect(endOf(await push(simulator))).toEqual(applied)
    })
  })

  test('stops during the apply before it removes something', async () => {
    await afterPlan(async (simulator) => {
      setMain(simulator, files)
      interfere(simulator)
      await run(simulator, opened(files))
      // The newer commit arrives while the first links are created.
      simulator.azure.onCommit(() => setMain(simulator, older))
      const result = await push(simulator)
      expect(endOf(result)).toEqual({ exitCode: 0, result: 'superseded', reason: '' })
      const moved = writesOf(simulator).filter(({ path }) => path.includes('/vm-03/'))
      expect(moved).toEqual([])
      expect(writesOf(simulator).length).toBeGreaterThan(0)
      expect(bodyOf(simulator)).toContain('a newer commit takes over')
    })
  })
})

describe('an event of a pull request', () => {
  test.each(['pull_request', 'pull_request_target'])(
    '%s: applies nothing while it is open, whatever the inputs say',
    async (event) => {
      await afterPlan(async (simulator) => {
        const inputs = { command: 'apply', 'require-reviewed-plan': 'false' }
        for (const fork of [false, true]) {
          const result = await run(simulator, opened(files, { event, fork, inputs }))
          expect(endOf(result)).toMatchObject({ result: 'failed' })
        }
        expect(writesOf(simulator)).toEqual([])
      })
    },
  )
})
