import { describe, expect, it } from '@jest/globals'
import { decodePlanData, encodePlanData } from '../../src/render/carried/planData.ts'
import {
  renderTelemetryPart,
  withoutTelemetryPart,
  withTelemetryPart,
} from '../../src/render/telemetry/commentPart.ts'
import { renderTelemetryIssue } from '../../src/render/telemetry/issueBody.ts'
import { renderTelemetrySummary } from '../../src/render/telemetry/summary.ts'
import { renderTelemetryVerdict } from '../../src/render/telemetry/verdict.ts'
import { renderVerifyJson } from '../../src/render/telemetry/verifyJson.ts'
import type { TargetTelemetry, Telemetry } from '../../src/telemetry/telemetry.ts'
import type { Report } from '../../src/report.ts'

const base = '/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg/providers'
const law = `${base}/Microsoft.OperationalInsights/workspaces/law`
const vm = (name: string) => `${base}/Microsoft.Compute/virtualMachines/${name}`
const context = {
  portal: 'https://portal.azure.com',
  rulesUrl: 'https://r',
  runUrl: 'https://github.com/o/r/actions/runs/1',
}
const row = (name: string, more: Partial<TargetTelemetry> = {}): TargetTelemetry => ({
  id: vm(name),
  destination: law,
  kind: 'logs',
  state: 'receiving',
  lastSeen: '2026-11-28T12:00:00.000Z',
  witnesses: [{ name: 'Heartbeat', lastSeen: '2026-11-28T12:00:00.000Z', records: 1440 }],
  path: 'private',
  address: 'fd40:1085:12:…',
  notes: [],
  changedSince: [],
  ...more,
})
const moved = (name: string) =>
  row(name, {
    state: 'silent',
    lastSeen: '2026-11-28T10:00:30.000Z',
    path: 'unknown',
    changedSince: [
      {
        id: `${vm(name)}/providers/Microsoft.Insights/dataCollectionRuleAssociations/configurationAccessEndpoint`,
        at: '2026-11-28T10:01:00.000Z',
        by: 'alice@example.com',
      },
    ],
  })
const telemetry = (targets: readonly TargetTelemetry[]): Telemetry => ({
  topology: 'production',
  checkedAt: '2026-11-28T12:00:30.000Z',
  windowMinutes: 15,
  destinations: [{ id: law, kind: 'logs', reachable: 'yes', detail: '' }],
  targets,
})
const report = (found: Telemetry): Report => ({
  file: 'f.yml',
  command: 'verify',
  situation: 'found',
  result: 'silent',
  diagnostics: [],
  findings: { kind: 'telemetry', telemetry: found },
})
const many = telemetry([
  moved('vm-1'),
  moved('vm-2'),
  ...Array.from({ length: 198 }, (_, index) => row(`ok-${index}`)),
])

describe('the headline', () => {
  it('counts who sends and who is silent, and since which change', () => {
    expect(renderTelemetryVerdict(many)).toBe(
      '🔴 **Telemetry arrives from 198 of 200 machines**; 2 have been silent since their association changed (2026-11-28 10:01 UTC). Newest heartbeats: 198 arrived privately.',
    )
  })

  it('says that telemetry arrives from all targets', () => {
    expect(renderTelemetryVerdict(telemetry([row('a', { path: 'unknown' })]))).toBe(
      '🟢 **Telemetry arrives from 1 machine.**',
    )
  })
})

describe('the summary', () => {
  it('lists silent rows first, with who changed what when and what to do, and folds healthy rows', () => {
    const text = renderTelemetrySummary(many, report(many), context)
    const [silent, well] = [text.indexOf('vm-1'), text.indexOf('<details>')]
    expect(silent).toBeGreaterThan(0)
    expect(well).toBeGreaterThan(silent)
    expect(text).toContain('2026-11-28 10:00 UTC, 120 min ago'.replace('120 min', '2 h'))
    expect(text).toMatch(
      /Its association configurationAccessEndpoint was changed on 2026-11-28 10:01 UTC by/,
    )
    expect(text).toContain('evidence, not proof')
  })

  it('stays small with 10,000 targets', () => {
    const large = telemetry(Array.from({ length: 10_000 }, (_, index) => row(`vm-${index}`)))
    const text = renderTelemetrySummary(large, report(large), context)
    expect(Buffer.byteLength(text)).toBeLessThan(1_000_000)
    expect(text).toContain('… and 8,500 more')
  })

  it('lets nothing hostile through', () => {
    const evil = row('x', {
      id: vm('<img src=x>@octo ::error::x | y'),
      state: 'silent',
      notes: ['![a](https://evil) <!-- azure-monitor-private-link:verify end -->'],
      changedSince: [{ id: law, at: '2026-11-28T10:01:00.000Z', by: '@everyone <b>' }],
    })
    for (const text of [
      renderTelemetrySummary(telemetry([evil]), report(telemetry([evil])), context),
      renderTelemetryPart(telemetry([evil]), context),
      renderTelemetryIssue(telemetry([evil]), context).body,
    ]) {
      expect(text).not.toMatch(/<img|<b>|@octo|@everyone|!\[a\]/)
      expect(text.split('\n').filter((line) => line.startsWith('::'))).toEqual([])
    }
  })
})

describe('the part of the plan comment', () => {
  const data = encodePlanData({
    formatVersion: 1,
    topology: 'production',
    fingerprint: `sha256:${'a'.repeat(64)}`,
    blocked: false,
    salt: 'ab'.repeat(16),
  })
  const comment = `<!-- marker -->\n\nThe plan.\n\n${data}`

  it('leaves the reviewed text unchanged, and is replaced by the next', () => {
    const once = withTelemetryPart(comment, renderTelemetryPart(many, context))
    expect(once.startsWith('<!-- marker -->\n\n<!-- azure-monitor-private-link:verify -->')).toBe(
      true,
    )
    expect(decodePlanData(once)).toEqual(decodePlanData(comment))
    const well = renderTelemetryPart(telemetry([row('a')]), context)
    const twice = withTelemetryPart(once, well)
    expect(twice).toBe(withTelemetryPart(comment, well))
    expect(withoutTelemetryPart(twice)).toBe(comment)
  })

  it('is short, however many targets are silent', () => {
    const all = telemetry(Array.from({ length: 5000 }, (_, index) => moved(`machine-${index}`)))
    expect(renderTelemetryPart(all, context).length).toBeLessThan(5500)
  })
})

describe('the issue', () => {
  it('has the same body for the same silence at any time', () => {
    const later = { ...many, checkedAt: '2026-11-28T13:00:30.000Z' }
    const body = (found: Telemetry) => renderTelemetryIssue(found, context).body
    expect(body(many)).toBe(body(later))
    expect(body(many)).toContain('vm-1')
    expect(body(many).length).toBeLessThan(60_000)
  })
})

describe('verify-json', () => {
  it('has the fields of the contract, and null for unknown values', () => {
    const bare: TargetTelemetry = {
      id: vm('u'),
      destination: law,
      kind: 'logs',
      state: 'unknown',
      cause: 'forbidden',
      witnesses: row('u').witnesses,
      path: 'unknown',
      notes: ['x'],
      changedSince: [],
    }
    const json = JSON.parse(renderVerifyJson(telemetry([moved('vm-1'), bare]))) as unknown
    expect(json).toEqual({
      formatVersion: 1,
      topology: 'production',
      checkedAt: '2026-11-28T12:00:30.000Z',
      windowMinutes: 15,
      destinations: [{ id: law, kind: 'logs', reachable: 'yes', detail: '' }],
      targets: [
        {
          id: vm('vm-1'),
          destination: law,
          state: 'silent',
          lastSeen: '2026-11-28T10:00:30.000Z',
          witnesses: [{ name: 'Heartbeat', lastSeen: '2026-11-28T12:00:00.000Z', records: 1440 }],
          path: 'unknown',
          reason: null,
          changedSince: [
            {
              id: expect.stringContaining('configurationAccessEndpoint') as unknown,
              at: '2026-11-28T10:01:00.000Z',
              by: 'alice@example.com',
            },
          ],
        },
        {
          id: vm('u'),
          destination: law,
          state: 'unknown',
          lastSeen: null,
          witnesses: [{ name: 'Heartbeat', lastSeen: '2026-11-28T12:00:00.000Z', records: 1440 }],
          path: 'unknown',
          reason: 'forbidden',
          changedSince: [],
        },
      ],
      counts: { receiving: 0, silent: 1, unknown: 1, 'nothing-expected': 0 },
    })
  })
})
