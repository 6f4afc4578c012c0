import type { JobResult } from '../../simulator/job/job.ts'

/** Interprets a job's log and files as the runner would, and finds what isn't ours. */

const outputs = [
  'comment-url',
  'egress-fqdns',
  'explain-json',
  'failure-reason',
  'fingerprint',
  'has-changes',
  'imported-file',
  'network-json',
  'plan-json',
  'plan-markdown',
  'result',
  'to-create',
  'to-delete',
  'to-replace',
  'to-update',
  'verify-json',
]

const annotation =
  /^::(?:error|warning|notice) title=Azure Monitor Private Link(?:%3A [a-z-]+)?(?:,file=[^,:]+)?(?:,line=\d+)?(?:,col=\d+)?::/
const ours = [annotation, /^::(?:group|endgroup|debug|add-mask)::/]

/** Finds workflow commands and outputs that our job never writes; empty if none. */
export function forgedIn({ stdout, stderr, outputs: given }: JobResult): readonly string[] {
  const lines = `${stdout}\n${stderr}`.split(/\r\n|\r|\n|\u0085|\u2028|\u2029/)
  const forged = lines.filter((line) => {
    // The runner compares like .NET, ignoring invisible characters.
    const seen = line.replace(/[\p{Cf}\p{Cc}\p{Default_Ignorable_Code_Point}]/gu, '').trimStart()
    if (/##\[/.test(seen)) return true
    return seen.startsWith('::') && !ours.some((pattern) => pattern.test(line))
  })
  const hidden = lines.filter((line) => /[\p{Cc}\u202A-\u202E\u2066-\u2069]/u.test(line))
  const names = Object.keys(given).toSorted()
  return [
    ...forged.map((line) => `a command: ${line}`),
    ...hidden.map((line) => `a control character: ${JSON.stringify(line)}`),
    ...(JSON.stringify(names) === JSON.stringify(outputs) ? [] : [`outputs: ${names.join(', ')}`]),
  ]
}

/** The annotations of a job, `severity message`. */
export function annotationsOf({ stdout }: JobResult): readonly string[] {
  return stdout
    .split('\n')
    .filter((line) => annotation.test(line))
    .map((line) => line.replace(/^::(\w+) .*?::/, '$1 '))
}
