import { expect } from '@jest/globals'
import type { Judges } from '../judge.ts'
import type { PlayedRun } from '../playReport.ts'

const endsOf = (runs: readonly PlayedRun[]) => runs.map(({ end }) => end)

/** Severity and message of a run's annotations with one code, one per line. */
const annotationsOf = (run: PlayedRun | undefined, code: string) =>
  (run?.annotations ?? [])
    .filter((line) => line.includes(`%3A ${code},`))
    .map((line) => line.replace(/^::(\w+) [^:]*::/, '$1: '))

const codesOf = (run: PlayedRun | undefined) =>
  (run?.annotations ?? []).map((line) => /^::(\w+) title=[^,]*%3A ([a-z-]+)/.exec(line)?.slice(1))

/** Reports about the plan of an estate. */
export const estates: Judges = {
  'aks-legacy-monitoring-addon': (runs) => {
    const [plan] = runs
    expect(annotationsOf(plan, 'addon-legacy-auth')).toEqual([
      expect.stringMatching(/^warning: .*aks-old signs in with the workspace key.*law-aks-old/),
    ])
    expect(annotationsOf(plan, 'destination-not-linked')).toEqual([
      expect.stringMatching(/^warning: .*aks-old sends logs to law-aks-old/),
    ])
    // The file asks for PrivateOnly.
    expect(annotationsOf(plan, 'blackout')).toEqual([
      expect.stringMatching(/^error: .*aks-old could not send logs to law-aks-old/),
    ])
    expect(plan?.end).toBe('failed: blocked')
    expect(plan?.comments[7]).toMatch(/➕ (?:Link|Associate) /)
  },

  'aks-prometheus-rule-under-the-reserved-name': (runs) => {
    expect(endsOf(runs)).toEqual([
      ...['failed: blocked', 'failed: blocked', 'failed: blocked'],
      ...['changes', 'changes'],
    ])
    const [plan, push, dispatch, waived, kept] = runs
    for (const run of [plan, push, dispatch]) {
      expect(annotationsOf(run, 'rule-would-be-lost')).toEqual([
        expect.stringMatching(/^error: .*scaletest-aks refers to the rule "scaletest-dcr"/),
      ])
      expect(run?.writes).toEqual([])
    }
    expect(annotationsOf(waived, 'rule-would-be-lost')).toEqual([
      expect.stringMatching(/^warning: /),
    ])
    expect(waived?.result.summary).toMatch(/1 cluster loses a rule|scaletest-aks stops sending/)
    expect(annotationsOf(kept, 'rule-would-be-lost')).toEqual([])
    for (const run of runs) expect(annotationsOf(run, 'prometheus-not-enabled')).toEqual([])
  },

  'high-scale-logs-without-ingestion-endpoint': (runs) => {
    const [plan] = runs
    expect(annotationsOf(plan, 'rule-without-endpoint')).toEqual([
      expect.stringMatching(
        /^warning: The rule MSCI-westeurope-aks-big .*Microsoft-ContainerLogV2-HighScale to law-weu.*no private path/,
      ),
    ])
    expect(annotationsOf(plan, 'blackout')).toEqual([expect.stringMatching(/^error: .*aks-big/)])
    expect(plan?.comments[7]).toMatch(/➕ (?:Link|Associate) /)
  },

  'managed-group-was-cleaned-up': (runs) => {
    expect(endsOf(runs)).toEqual(['failed: blocked'])
    const [words = '', ...more] = annotationsOf(runs[0], 'unknown-resource')
    expect(more).toEqual([])
    expect(words).toMatch(/^error: .*amw-weu.*its automatic endpoint .*no longer exists/)
    expect(words).toMatch(/managed resource group MA_amw-weu_westeurope_managed was deleted/)
    expect(words).toMatch(/topology file is correct/)
    expect(words).toMatch(/a new Azure Monitor workspace.*support/)
    expect(words).not.toMatch(/check the name/i)
  },

  'our-link-name-links-something-else': (runs) => {
    expect(endsOf(runs)).toEqual(['failed: blocked', 'failed: blocked', 'failed: blocked'])
    for (const run of runs) {
      expect(annotationsOf(run, 'link-name-taken')).toEqual([
        expect.stringMatching(
          /^error: .*production-dce-production-westeurope-84be39d3.*the link to law-weu.*Remove the link/,
        ),
      ])
      expect(run.writes).toEqual([])
    }
  },

  'topology-renamed': (runs) => {
    expect(endsOf(runs)).toEqual([
      ...['no-changes', 'no-changes', 'no-changes'],
      ...['changes', 'applied', 'no-changes'],
    ])
    const [plan, push, dispatch, taking, applied, after] = runs
    for (const run of [plan, push, dispatch]) {
      expect(annotationsOf(run, 'marked-by-unknown-topology')).toEqual([
        expect.stringMatching(
          /^warning: 4 objects have the mark of a topology "production".*formerNames: \[production\]/,
        ),
      ])
      expect(run?.writes).toEqual([])
    }
    for (const run of [taking, applied, after]) {
      expect(annotationsOf(run, 'marked-by-unknown-topology')).toEqual([])
    }
    expect(applied?.writes.map(({ method }) => method)).not.toContain('DELETE')
    expect(applied?.writes.length).toBeGreaterThan(0)
  },

  'two-scopes-write-one-dns-zone': (runs) => {
    const [plan] = runs
    const [words = '', ...more] = annotationsOf(plan, 'dns-zone-of-another-scope')
    expect(more).toEqual([])
    expect(words).toMatch(
      /^warning: Private endpoint pe-ampls and private endpoint pe-ampls-spoke of ampls-spoke both write to privatelink\.monitor\.azure\.com: .*the last writer/,
    )
    // Zones that the private endpoint never had are different: with PrivateOnly they block (section 8).
    expect(codesOf(plan).filter((one) => one?.[0] === 'error')).toEqual([
      ['error', 'dns-zone-missing'],
    ])
    expect(plan?.comments[7]).toMatch(/Set ingestion Open → \*\*PrivateOnly\*\*/)
  },
}
