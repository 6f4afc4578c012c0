import type { JobResult } from '../../simulator/job/job.ts'
import type { Simulator } from '../../simulator/simulator.ts'
import { githubToken } from './repository.ts'
import type { Outcome } from './scenario.ts'

/** The outputs of contract sections 3 and 9: every run sets every one of them. */
export const outputNames = [
  'result',
  'failure-reason',
  'has-changes',
  'to-create',
  'to-update',
  'to-replace',
  'to-delete',
  'fingerprint',
  'plan-json',
  'plan-markdown',
  'comment-url',
  'egress-fqdns',
  'verify-json',
  'imported-file',
  'network-json',
  'explain-json',
] as const

export const ruleIds = [
  'config-endpoint',
  'config-association',
  'workspace-endpoint',
  'regional-endpoint',
  'cluster-ingestion',
  'machine-ingestion',
  'rule-endpoint',
  'log-analytics',
  'access-modes',
] as const

/** `plan-json` of contract section 3, with the fields that tests use. */
export interface PlanJson {
  readonly formatVersion: number
  readonly topology: string | null
  readonly fingerprint: string | null
  readonly changes: readonly PlannedChange[]
  readonly unchanged: number
  readonly unmanaged: readonly {
    readonly id: string
    readonly kind: string
    readonly note: string
  }[]
  readonly diagnostics: readonly PlannedDiagnostic[]
}

interface PlannedChange {
  readonly id: string
  readonly kind: string
  readonly action: string
  readonly before: object | null
  readonly after: object | null
  readonly rule: string
  readonly reason: string
  readonly dependsOn: readonly string[]
  readonly digest: string
}

interface PlannedDiagnostic {
  readonly severity: string
  readonly code: string
  readonly message: string
  readonly remedy: string
}

export function readPlanJson(result: JobResult): PlanJson | undefined {
  const text = result.file('plan-json')
  return text === '' ? undefined : (JSON.parse(text) as PlanJson)
}

/** Compares a run with its expectation: outputs, exit code, log and `plan-json`. Returns the violations. */
export function judgeResult(result: JobResult, wanted: Outcome, simulator: Simulator): string[] {
  const { outputs, exitCode } = result
  const reason = wanted.failureReason ?? ''
  const mustFail = ['failed', 'partial', 'drift'].includes(wanted.result)
  const plan = readPlanJson(result)
  return [
    ...outputNames
      .filter((name) => !(name in outputs))
      .map((name) => `the output ${name} is missing`),
    ...(outputs['result'] === wanted.result && outputs['failure-reason'] === reason
      ? []
      : [
          `the result is ${outputs['result'] ?? 'nothing'} (${outputs['failure-reason'] ?? ''}), not ${wanted.result} (${reason}):\n${result.stdout}\n${result.stderr}`,
        ]),
    ...(exitCode === (mustFail ? 1 : 0) ? [] : [`the exit code is ${String(exitCode)}`]),
    ...judgeLog(result, simulator),
    ...(plan === undefined ? [] : judgePlanJson(plan, outputs)),
  ]
}

const knownCommands = /^::(group|endgroup|debug|add-mask|error|warning|notice)( [^:]*)?::/

/** Checks that a log contains only our own workflow commands, and no token. */
export function judgeLog({ stdout, stderr }: JobResult, simulator: Simulator): string[] {
  const lines = stdout.split(/\r?\n/)
  const commands = lines.filter((line) => /^\s*::/.test(line))
  const unmasked = lines.filter((line) => !line.startsWith('::add-mask::')).join('\n') + stderr
  const count = (start: string) => lines.filter((line) => line.startsWith(start)).length
  return [
    ...commands
      .filter((line) => !knownCommands.test(line))
      .map((line) => `the log commands: ${line}`),
    ...lines.filter((line) => line.includes('##[')).map((line) => `the log commands: ${line}`),
    ...(count('::group::') === count('::endgroup::') ? [] : ['a group of the log is left open']),
    ...(/eyJ[\w-]+\.[\w-]+\.[\w-]+/.test(unmasked) ? ['the log holds a token of Entra'] : []),
    ...(unmasked.includes(githubToken) ? ["the log holds GitHub's token"] : []),
    ...(unmasked.includes(simulator.oidc.requestToken) ? ['the log holds the request token'] : []),
    ...(stderr.trim() === '' ? [] : [`something was written to stderr: ${stderr}`]),
  ]
}

const kinds = ['dataCollectionEndpoint', 'association', 'scopedResource', 'accessModes']
const actions = ['create', 'update', 'replace', 'delete']

/** Compares `plan-json` with its form in the contract and with the outputs. */
function judgePlanJson(plan: PlanJson, outputs: Readonly<Record<string, string>>): string[] {
  const wrong: string[] = []
  const earlier = new Set<string>()
  if (plan.formatVersion !== 1) wrong.push('plan-json is not of format version 1')
  for (const change of plan.changes) {
    const { id, kind, action, before, after, rule, reason, dependsOn, digest } = change
    const isWellFormed =
      kinds.includes(kind) &&
      actions.includes(action) &&
      (ruleIds as readonly string[]).includes(rule) &&
      (before === null) === (action === 'create') &&
      (after === null) === (action === 'delete') &&
      /^[^\n]+[.]$/.test(reason) &&
      /^[0-9a-f]{64}$/.test(digest)
    if (!isWellFormed) wrong.push(`a change of plan-json is malformed: ${JSON.stringify(change)}`)
    for (const needed of dependsOn.filter((one) => !earlier.has(one))) {
      wrong.push(`${action} ${id} depends on ${needed}, which does not come before it`)
    }
    earlier.add(id)
  }
  for (const action of actions) {
    const count = plan.changes.filter((change) => change.action === action).length
    if (outputs[`to-${action}`] !== String(count)) wrong.push(`to-${action} is not ${count}`)
  }
  if (outputs['has-changes'] !== String(plan.changes.length > 0)) wrong.push('has-changes is wrong')
  if (outputs['fingerprint'] !== (plan.fingerprint ?? ''))
    wrong.push('fingerprint is not that of plan-json')
  for (const diagnostic of plan.diagnostics) {
    const { severity, code, message, remedy } = diagnostic
    const isWellFormed =
      ['error', 'warning', 'notice'].includes(severity) &&
      /^[a-z-]+$/.test(code) &&
      message !== '' &&
      remedy !== ''
    if (!isWellFormed) wrong.push(`a diagnostic is malformed: ${JSON.stringify(diagnostic)}`)
  }
  return wrong
}
