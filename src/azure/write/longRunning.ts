import { AzureError } from '../../errors.ts'
import type { ArmResponse } from '../arm.ts'
import { readErrorBody } from '../http/errorBody.ts'
import { knownRemedy, wordsOf } from '../errors/explainRefusal.ts'
import { text } from '../azureJson.ts'
import { pollUntil } from '../poll.ts'
import { withoutTokens } from '../http/redact.ts'
import { UnfinishedError, type WriteContext } from './context.ts'

/**
 * Polls a long-running operation at `Azure-AsyncOperation`, else at `Location`, honoring
 * `Retry-After`, until it ends. Without either header it returns, and the caller checks the object
 * itself. A body with `Failed` is a failure, whatever the status (toolchain, section 1.5).
 */
export async function followOperation(
  context: WriteContext,
  answer: ArmResponse,
  what: string,
): Promise<void> {
  const operation = answer.headers.get('azure-asyncoperation')
  const location = answer.headers.get('location')
  const url = operation ?? (answer.status === 202 ? location : undefined)
  if (url === undefined) return
  const last = await pollUntil({
    waitMs: context.waitMs,
    signal: context.giveUp,
    // An identity that may write may not be allowed to poll; then the object itself shows the
    // result.
    read: () =>
      context.arm.send({
        method: 'GET',
        path: url,
        accept: [403, 404],
        what: `${what} (polling the operation)`,
      }),
    isDone: (response) => stateOf(response) !== 'running',
    retryAfterMs: (response) => retryAfter(response),
  })
  const state = stateOf(last)
  if (state === 'succeeded') return
  if (state === 'running') {
    if (context.giveUp.aborted) throw new UnfinishedError(`Azure is still working on it: ${what}.`)
    throw new AzureError(
      `Could not ${what}: it is still running after ${Math.round(context.waitMs / 60_000)} min.`,
      {
        remedy:
          'Run the same job again: it waits for the operation. If that is not enough, raise wait-timeout-minutes.',
        code: 'OperationTimedOut',
        correlationId: last.headers.get('x-ms-correlation-request-id'),
      },
    )
  }
  const error = readErrorBody(last.text)
  const { code } = error
  const words = withoutTokens(wordsOf(error) || `the operation ended as ${state}`)
  throw new AzureError(`Could not ${what}: ${code === undefined ? '' : `${code}: `}${words}`, {
    remedy:
      knownRemedy(error) ??
      'Check the scope and its private endpoints in the portal, then run the same job again.',
    code: code ?? `Operation${state}`,
    correlationId: last.headers.get('x-ms-correlation-request-id'),
  })
}

/** `running`, `succeeded`, or Azure's word for a failure. */
function stateOf(response: ArmResponse): string {
  const status = text(response.body, 'status')
  if (status !== undefined) {
    if (/^succeeded$/i.test(status)) return 'succeeded'
    return /^(failed|canceled|cancelled)$/i.test(status) ? status : 'running'
  }
  if (response.status === 202) return 'running'
  return 'succeeded'
}

function retryAfter(response: ArmResponse): number | undefined {
  const seconds = Number(response.headers.get('retry-after'))
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : undefined
}
