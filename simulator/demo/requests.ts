import type { RecordedRequest } from '../simulator.ts'

/** The kinds of requests to Azure: sign-ins, queries, reads, writes and telemetry queries. */
export const requestKinds = ['reads', 'queries', 'writes', 'sign-in', 'telemetry'] as const
export type RequestKind = (typeof requestKinds)[number]

/** How many of these requests are of a kind. */
export function countRequests(requests: readonly RecordedRequest[], kind: RequestKind): number {
  return requests.filter((request) => kindOf(request) === kind).length
}

function kindOf({ host, method, path }: RecordedRequest): RequestKind {
  if (host === 'logs' || host === 'metrics') return 'telemetry'
  if (host !== 'arm' || path === '/metadata/endpoints') return 'sign-in'
  if (/\/providers\/Microsoft\.ResourceGraph\//i.test(path)) return 'queries'
  return method === 'GET' || method === 'HEAD' ? 'reads' : 'writes'
}
