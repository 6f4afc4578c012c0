import { describe, expect, test } from '@jest/globals'
import type { Answer, LogRow, MetricRow } from '../../src/telemetry/answers.ts'
import { maskAddress, pathOf } from '../../src/telemetry/address.ts'
import { expectTelemetry, type Expectation } from '../../src/telemetry/expected.ts'
import { judgeLogs } from '../../src/telemetry/judgeLogs.ts'
import { judgeMetrics, needsNames } from '../../src/telemetry/judgeMetrics.ts'
import { judgeWithoutQuery, type Verdict } from '../../src/telemetry/judgement.ts'
import { aks, amw, estateOf, law, rule, type Sends, topologyOf, vm, vmss } from './estate.ts'

const now = '2026-11-28T12:00:00.000Z'
const ago = (minutes: number) => new Date(Date.parse(now) - minutes * 60_000).toISOString()

function expectationsFor(targets: readonly string[], sends: Sends): readonly Expectation[] {
  const one = rule('dcr')
  const estate = estateOf(Object.fromEntries(targets.map((t) => [t, [one]])), { [one]: sends })
  const kind = sends.logs === undefined ? 'metrics' : 'logs'
  return expectTelemetry(topologyOf(targets), estate).expectations.filter(
    (e) => e.destination.kind === kind,
  )
}

const syslogs: Sends = { streams: ['Microsoft-Syslog', 'Microsoft-Perf'], logs: [law] }
const scrapes: Sends = { streams: ['Microsoft-PrometheusMetrics'], metrics: [amw] }
const row = (resource: string, minutes: number, more: Partial<LogRow> = {}): LogRow => ({
  resource: resource.toLowerCase(),
  table: 'Heartbeat',
  lastSeen: ago(minutes),
  address: '',
  records: 10,
  ...more,
})
const answered = <Row>(rows: readonly Row[], partial = false): Answer<Row> => ({
  state: 'answered',
  rows,
  partial,
  at: now,
})
const show = ({ state, cause, lastSeen }: Verdict) =>
  [state, cause, lastSeen].filter((word) => word !== undefined).join(' ')

describe('logs', () => {
  const [one] = expectationsFor([vm('vm-1')], syslogs)
  if (one === undefined) throw new Error('nothing is expected')
  const judge = (answer: Answer<LogRow>, window = 15) => judgeLogs([one], answer, window)[0]

  test('are received when a record is newer than the window', () => {
    expect(show(judge(answered([row(vm('vm-1'), 14.9)])) as Verdict)).toBe(`receiving ${ago(14.9)}`)
  })

  test('are silent, with the time, when the newest record is as old as the window', () => {
    expect(show(judge(answered([row(vm('vm-1'), 15)])) as Verdict)).toBe(`silent ${ago(15)}`)
  })

  test('are silent, without a time, when there is no record', () => {
    expect(show(judge(answered([])) as Verdict)).toBe('silent')
  })

  test('are judged by the newest of all witnesses', () => {
    const rows = [row(vm('vm-1'), 60), row(vm('vm-1'), 3, { table: 'Perf' })]
    expect(judge(answered(rows))).toMatchObject({
      state: 'receiving',
      lastSeen: ago(3),
      witnesses: [
        { name: 'Heartbeat', lastSeen: ago(60), records: 10 },
        { name: 'Perf', lastSeen: ago(3), records: 10 },
      ],
    })
  })

  test('in a table that no rule of the target fills do not count', () => {
    expect(judge(answered([row(vm('vm-1'), 1, { table: 'Event' })]))).toMatchObject({
      state: 'silent',
    })
  })

  test('that consist only of heartbeats are received, with a note', () => {
    expect(judge(answered([row(vm('vm-1'), 1)]))?.notes).toEqual([
      'Only heartbeats arrive: its rules also collect Perf, but no such record came within 24 hours.',
    ])
    const both = [row(vm('vm-1'), 1), row(vm('vm-1'), 1, { table: 'Perf' })]
    expect(judge(answered(both))?.notes).toEqual([])
  })

  test('in a partial answer are received if there is a row, and otherwise unknown', () => {
    expect(show(judge(answered([row(vm('vm-1'), 1)], true)) as Verdict)).toMatch('receiving')
    expect(show(judge(answered([], true)) as Verdict)).toBe('unknown partial-answer')
    expect(show(judge(answered([row(vm('vm-1'), 60)], true)) as Verdict)).toMatch(
      'unknown partial-answer',
    )
  })

  test('are unknown, with the cause, when the query is refused', () => {
    const causes = ['network-restricted', 'forbidden', 'throttled', 'error'] as const
    for (const reach of causes) {
      const refused = { state: 'refused' as const, reach, detail: 'Why.' }
      expect(judge(refused)).toMatchObject({ state: 'unknown', cause: reach, notes: ['Why.'] })
    }
  })

  test('that stop at a daily cap are silent, with the cap as the likely cause', () => {
    const cap = row('', 120, { table: '_LogOperation' })
    expect(judge(answered([cap]))).toMatchObject({
      state: 'silent',
      notes: [expect.stringContaining('daily cap')],
    })
    expect(judge(answered([cap, row(vm('vm-1'), 1)]))).toMatchObject({ state: 'receiving' })
  })

  test('of a machine whose clock is an hour ahead are received, with a note', () => {
    const ahead = judge(answered([row(vm('vm-1'), -60), row(vm('vm-1'), -60, { table: 'Perf' })]))
    expect(ahead).toMatchObject({
      state: 'receiving',
      notes: [expect.stringContaining('60 minutes ahead')],
    })
  })

  test('are matched by id in any case', () => {
    const upper = { ...row(vm('vm-1'), 1), resource: vm('vm-1').toUpperCase() }
    expect(judge(answered([upper]))).toMatchObject({ state: 'receiving' })
  })

  test('of a target outside the file change nothing', () => {
    expect(judgeLogs([one], answered([row(vm('vm-9'), 1)]), 15)).toHaveLength(1)
  })

  test('of an id that could end a literal are not queried', () => {
    const odd: Expectation = {
      ...one,
      target: { ...one.target, key: `${vm('x').toLowerCase()}') or (1 == 1` },
    }
    expect(show(judgeLogs([odd], answered([]), 15)[0] as Verdict)).toBe('unknown error')
  })

  test('that only billed tables could show are unknown', () => {
    const [cluster] = expectationsFor([aks('a')], {
      streams: ['Microsoft-ContainerLogV2'],
      logs: [law],
    })
    const verdicts = judgeLogs(cluster === undefined ? [] : [cluster], answered([]), 15)
    expect(verdicts[0]).toMatchObject({ state: 'unknown', cause: 'error' })
  })

  test('of an unreadable rule are received or unknown, never silent', () => {
    const hidden: Expectation = { ...one, expected: 'unknown' }
    const of = (rows: readonly LogRow[]) => judgeLogs([hidden], answered(rows), 15)[0] as Verdict
    expect(show(of([row(vm('vm-1'), 1)]))).toMatch('receiving')
    expect(show(of([]))).toBe('unknown forbidden')
  })
})

describe('the path', () => {
  test.each([
    ['fd40:1085:12:6d79:7712:100:c0a8:4', 'private'],
    ['FD40:1085:12:6C07:7412:100:C0A8:404', 'private'],
    ['fc00::1', 'unknown'],
    ['fe80::1', 'unknown'],
    ['::1', 'unknown'],
    ['2a01:111:f100::1', 'public'],
    ['203.0.113.10', 'public'],
    ['20.218.184.197', 'public'],
    ['::ffff:20.218.184.197', 'public'],
    ['::ffff:10.0.0.4', 'unknown'],
    ['10.0.0.4', 'unknown'],
    ['172.16.3.4', 'unknown'],
    ['172.32.3.4', 'public'],
    ['192.168.1.1', 'unknown'],
    ['100.64.1.1', 'unknown'],
    ['127.0.0.1', 'unknown'],
    ['0.0.0.0', 'unknown'],
    ['999.1.1.1', 'unknown'],
    ['fd40::1::2', 'unknown'],
    ['fd-not-an-address', 'unknown'],
    ['', 'unknown'],
  ])('of %s is %s', (address, path) => {
    expect(pathOf(address)).toBe(path)
  })

  test('comes from the heartbeat’s address, which is shown with its host part masked', () => {
    const [one] = expectationsFor([vm('vm-1')], syslogs)
    const rows = [row(vm('vm-1'), 1, { address: '203.0.113.10' })]
    const [verdict] = judgeLogs(one === undefined ? [] : [one], answered(rows), 15)
    expect(verdict).toMatchObject({ path: 'public', address: '203.0.113.x' })
  })

  test.each([
    ['203.0.113.10', '203.0.113.x'],
    ['fd40:1085:12:6d79:7712:100:c0a8:4', 'fd40:1085:12:…'],
    ['2a01::5', '2a01:…'],
    ['::1', '…'],
    ['mask me', undefined],
  ])('%s is masked to %s', (address, masked) => {
    expect(maskAddress(address)).toBe(masked)
  })
})

describe('metrics', () => {
  const judge = (
    targets: readonly string[],
    rows: readonly MetricRow[],
    clusters = targets,
    partial = false,
    windowMinutes = 15,
  ) =>
    judgeMetrics(expectationsFor(targets, scrapes), answered(rows, partial), {
      senders: new Set(clusters.map((c) => c.toLowerCase())),
      windowMinutes,
    }).map(show)
  const series = (resource: string, cluster: string, minutes?: number): MetricRow => ({
    resource,
    cluster,
    ...(minutes === undefined ? {} : { lastSeen: ago(minutes) }),
  })

  test('are received by resource id, in any case, if the series carry one', () => {
    expect(judge([aks('a')], [series(aks('a').toUpperCase(), 'a', 1)])).toEqual([
      `receiving ${ago(1)}`,
    ])
  })

  test('from before the window are silent, though the service looks back five minutes', () => {
    const rows = [series(aks('a'), 'a', 3), series('', 'b', 3)]
    const both = [aks('a'), aks('b')]
    expect(judge(both, rows, both, false, 2)).toEqual([`silent ${ago(3)}`, `silent ${ago(3)}`])
    expect(judge(both, rows, both, true, 2)).toEqual([
      `unknown partial-answer ${ago(3)}`,
      `unknown partial-answer ${ago(3)}`,
    ])
  })

  test('by a name that a remote writer of the file shares are unknown', () => {
    expect(judge([aks('a')], [series('', 'a', 1)], [aks('a'), 'remoteWrite/a'])).toEqual([
      'unknown ambiguous-name',
    ])
  })

  test('by id are distinguished although two clusters share a name', () => {
    const both = [aks('a', 'rg-1'), aks('a', 'rg-2')]
    expect(judge(both, [series(aks('a', 'rg-1'), 'a', 1)])).toEqual([
      `receiving ${ago(1)}`,
      'silent',
    ])
  })

  test('are received by name if the series carry no id and only one cluster has the name', () => {
    expect(judge([aks('a')], [series('', 'A')])).toEqual(['receiving'])
  })

  test('by a name that two clusters share are unknown, wherever the other cluster is', () => {
    const outside = [aks('a', 'rg-1'), aks('a', 'rg-9')]
    expect(judge([aks('a', 'rg-1')], [series('', 'a', 1)], outside)).toEqual([
      'unknown ambiguous-name',
    ])
  })

  test('are silent if no series has the id or the name', () => {
    expect(judge([aks('a')], [series('', 'b', 1), series(aks('c'), 'c', 1)])).toEqual(['silent'])
  })

  test('in a partial answer are unknown if there is no series', () => {
    expect(judge([aks('a')], [], [], true)).toEqual(['unknown partial-answer'])
  })

  test('of machines are identified only by id', () => {
    expect(judge([vm('vm-1')], [series(vm('vm-1'), '', 2)])).toEqual([`receiving ${ago(2)}`])
    expect(judge([vm('vm-1')], [series('', '', 2)])).toEqual(['unknown ambiguous-name'])
    expect(judge([vm('vm-1')], [series('', 'a', 2)])).toEqual(['silent'])
  })

  test('of a scale set instance count for its set', () => {
    const instance = `${vmss('set')}/virtualMachines/3`
    expect(judge([vmss('set')], [series(instance, '', 2)])).toEqual([`receiving ${ago(2)}`])
  })

  test('need the names of other clusters only if a series without id has the name of a target', () => {
    const wanted = expectationsFor([aks('a')], scrapes)
    expect(needsNames(wanted, answered([series('', 'a')]))).toBe(true)
    expect(needsNames(wanted, answered([series('', 'b'), series(aks('a'), 'a')]))).toBe(false)
  })
})

test('a target of which nothing is expected needs no query', () => {
  const estate = estateOf({ [vm('vm-1')]: [] }, {})
  const { expectations } = expectTelemetry(topologyOf([vm('vm-1')]), estate)
  expect(expectations.map((e) => judgeWithoutQuery(e)?.state)).toEqual([
    'nothing-expected',
    'nothing-expected',
  ])
})
