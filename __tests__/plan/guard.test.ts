import { describe, expect, test } from '@jest/globals'
import { makeOutlook } from '../../src/plan/capabilities.ts'
import { compare } from '../../src/plan/compare.ts'
import { guard } from '../../src/plan/guard.ts'
import { order, type OrderedDraft } from '../../src/plan/order.ts'
import { derive } from '../../src/rules/derive.ts'
import { judge } from '../oracle/judge.ts'
import { observe } from '../oracle/world.ts'
import {
  association,
  dceId,
  endpoint,
  link,
  machine,
  ours,
  scope,
  target,
  topology,
  vmId,
  world,
} from './builders.ts'

/** A machine that moves from an endpoint of ours to the regional one, while ingestion becomes PrivateOnly. */
const here = 'westeurope'
const [old, next] = [dceId('old'), dceId('dce-prod-westeurope')]
const file = topology({
  targets: [machine('vm')],
  existingAssociations: 'replace',
  accessModes: { ingestion: 'PrivateOnly', at: { line: 1, column: 1 } },
})
const azure = world({
  scope: scope(),
  targets: [target(vmId('vm'), here)],
  endpoints: [endpoint(old, here, { tags: ours }), { id: next, state: 'missing' }],
  links: [link(old)],
  associations: [association(vmId('vm'), old)],
})

const desired = derive(file, observe(azure))
const right = order(compare(desired).drafts)

function key(action: string, kind: string): string {
  return right.find((one) => one.action === action && one.kind === kind)?.key ?? ''
}

const keys = {
  link: key('create', 'scopedResource'),
  make: key('create', 'dataCollectionEndpoint'),
  move: key('replace', 'association'),
  unlink: key('delete', 'scopedResource'),
  remove: key('delete', 'dataCollectionEndpoint'),
  close: key('update', 'accessModes'),
}

/** The correct order without one dependency. */
function forget(key: string, ...needs: string[]): readonly OrderedDraft[] {
  return right.map((one) =>
    one.key === key
      ? { ...one, dependsOn: one.dependsOn.filter((need) => !needs.includes(need)) }
      : one,
  )
}

const breachesOf = (changes: readonly OrderedDraft[]) =>
  guard(makeOutlook(desired, changes), changes)
const verdict = (changes: readonly OrderedDraft[]) =>
  judge(
    file,
    azure,
    changes.map((one) => ({ ...one, digest: '' })),
    numbers(),
    40,
  )

function numbers(): () => number {
  let state = 1
  return () => (state = (state * 16807) % 2147483647) / 2147483647
}

describe('The guard', () => {
  test('accepts the order of the plan, as the judge does', () => {
    expect(right.map((one) => one.key)).toEqual([
      keys.make,
      keys.link,
      keys.move,
      keys.unlink,
      keys.remove,
      keys.close,
    ])
    expect(breachesOf(right)).toEqual([])
    expect(verdict(right)).toEqual([])
  })

  test('catches an association that is written before its endpoint is linked', () => {
    const broken = forget(keys.move, keys.link)
    expect(breachesOf(broken)).toContainEqual({
      target: vmId('vm'),
      capability: 'association before link',
      after: [keys.move],
    })
    expect(verdict(broken).join()).toContain('associated before it is linked')
  })

  test('catches an association that is written before its endpoint exists', () => {
    const broken = forget(keys.move, keys.link, keys.make)
    expect(breachesOf(broken).map((one) => one.capability)).toContain('association before endpoint')
  })

  test('catches an endpoint that is unlinked or deleted before its association is moved', () => {
    for (const broken of [
      forget(keys.unlink, keys.move),
      forget(keys.remove, keys.move, keys.unlink),
    ]) {
      expect(breachesOf(broken).map((one) => one.capability)).toContain('configuration')
      expect(verdict(broken)).not.toEqual([])
    }
  })
})

describe('The guard of the modes', () => {
  test('catches ingestion that becomes PrivateOnly before a target has a private path', () => {
    const bare = world({
      scope: scope(),
      targets: [target(vmId('vm'), here)],
      endpoints: [{ id: next, state: 'missing' }],
    })
    const wanted = derive(file, observe(bare))
    const changes = order(compare(wanted).drafts)
    const close = changes.at(-1)
    expect(guard(makeOutlook(wanted, changes), changes)).toEqual([])
    for (const need of close?.dependsOn ?? []) {
      const early = changes.map((one) =>
        one === close ? { ...one, dependsOn: one.dependsOn.filter((key) => key !== need) } : one,
      )
      const found = guard(makeOutlook(wanted, early), early)
      const isImplied = changes.some((one) => one !== close && one.dependsOn.includes(need))
      expect(found.map((one) => one.capability)).toEqual(
        isImplied ? [] : ['configuration, closed too early'],
      )
    }
  })

  test('catches a change that could be made before a mode is set to Open', () => {
    const opened = topology({
      targets: [machine('vm')],
      accessModes: { ingestion: 'Open', at: { line: 1, column: 1 } },
    })
    const closed = scope('PrivateOnly')
    const wanted = derive(
      opened,
      observe(
        world({
          scope: closed,
          targets: [target(vmId('vm'), here)],
          endpoints: [{ id: next, state: 'missing' }],
        }),
      ),
    )
    const changes = order(compare(wanted).drafts)
    expect(guard(makeOutlook(wanted, changes), changes)).toEqual([])
    const rash = changes.map((one) => ({ ...one, dependsOn: [] }))
    const found = guard(makeOutlook(wanted, rash), rash).map((one) => one.capability)
    expect(found.filter((one) => one === 'change before Open').length).toBe(changes.length - 1)
  })
})

describe('The judge', () => {
  test('catches PrivateOnly before its dependencies', () => {
    const broken = forget(keys.close, keys.move, keys.link, keys.make)
    const early = broken.toSorted(
      (a, b) => Number(b.key === keys.close) - Number(a.key === keys.close),
    )
    expect(verdict(early).join()).toContain("PrivateOnly isn't last")
  })
})
