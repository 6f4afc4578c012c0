import { randomUUID } from 'node:crypto'
import type { Answer } from '../http.ts'
import { providerError, refuse } from './answers.ts'
import { type JsonObject, textAt } from './json.ts'
import type { AzureState, Call, CommittedWrite, Operation } from './state.ts'

/** How a long-running write ends. */
export type Ending = 'Succeeded' | 'Failed' | 'Canceled'

/** The scope's present state: `Provisioning` during a write. */
export function scopeState(azure: AzureState, scopeKey: string): string {
  if (azure.busyScopes.has(scopeKey)) return 'Provisioning'
  return textAt(azure.store.get(scopeKey)?.properties, 'provisioningState') ?? 'Succeeded'
}

/** Refuses a write to a scope that is already being written (facts, section 3, row 1). */
export function requireIdleScope(azure: AzureState, scopeKey: string): void {
  const state = scopeState(azure, scopeKey)
  if (state !== 'Provisioning' && state !== 'Deleting') return
  refuse(
    providerError(
      azure.knobs.busyStatus,
      azure.knobs.busyStatus === 409 ? 'Conflict' : 'BadRequest',
      `Cannot modify resource while in provisioning state: '${state}'`,
    ),
  )
}

/**
 * Starts a long-running write of a scope: the scope is `Provisioning` until the write ends after
 * `scopedWriteMs`. A fault can make it fail or never end. With 0 ms it ends at once, with `Infinity` when
 * `finishWrites` is called.
 */
export function startOperation(
  call: Call,
  scope: string,
  options: {
    readonly end: (ending: Ending) => CommittedWrite
    readonly result: Operation['result']
  },
): Operation {
  const { azure } = call
  const operation: Operation = {
    id: randomUUID(),
    scope,
    startedAt: Date.now(),
    status: 'InProgress',
    result: options.result,
  }
  azure.operations.set(operation.id, operation)
  azure.busyScopes.set(scope, operation)
  if (call.fault === 'lro-never') return operation
  const ending =
    call.fault === 'lro-failed'
      ? 'Failed'
      : call.fault === 'lro-canceled'
        ? 'Canceled'
        : 'Succeeded'
  const finish = (): CommittedWrite => {
    clearTimeout(operation.timer)
    delete operation.finish
    operation.status = ending
    operation.endedAt = Date.now()
    azure.busyScopes.delete(scope)
    return options.end(ending)
  }
  const { scopedWriteMs } = azure.knobs
  if (scopedWriteMs <= 0) {
    call.commits.push(finish())
    return operation
  }
  operation.finish = () => notify(azure, finish())
  if (Number.isFinite(scopedWriteMs)) {
    operation.timer = setTimeout(() => void operation.finish?.(), scopedWriteMs)
  }
  return operation
}

/** Ends every long-running write, except those that never end. */
export async function finishWrites(azure: AzureState): Promise<void> {
  for (const operation of azure.operations.values()) await operation.finish?.()
}

/** Calls every listener about a commit, one at a time. */
export async function notify(azure: AzureState, write: CommittedWrite): Promise<void> {
  for (const listener of azure.listeners) await listener(write)
}

/** 202 with the polling headers (quirks 10 and 14). */
export function accepted(call: Call, operation: Operation): Answer {
  const { origin } = call.request
  const version = `api-version=${call.apiVersion}`
  const status = `${origin}/subscriptions/${call.path.subscription}/providers/microsoft.insights/privatelinkscopeoperationstatuses/${operation.id}?${version}`
  const result = `${origin}${call.path.key}/operationresults/${operation.id}?${version}`
  return {
    status: 202,
    headers: {
      ...(call.azure.knobs.lro === 'location' ? {} : { 'azure-asyncoperation': status }),
      location: result,
      'retry-after': String(call.azure.knobs.retryAfterSeconds),
    },
  }
}

/** The answer of the operation's status URL, in the form of 2022 (quirk 14). */
export function presentOperation(call: Call, operation: Operation): JsonObject {
  const failed = operation.status === 'Failed' || operation.status === 'Canceled'
  return {
    id: `/subscriptions/${call.path.subscription}/providers/microsoft.insights/privatelinkscopeoperationstatuses/${operation.id}`,
    name: operation.id,
    status: operation.status,
    startTime: new Date(operation.startedAt).toISOString(),
    ...(operation.endedAt === undefined
      ? {}
      : { endTime: new Date(operation.endedAt).toISOString() }),
    ...(failed ? { error: endedBadly(operation.status) } : {}),
  }
}

/** The answer to polling `Location`: 202 until the end, then the resource, nothing, or an error. */
export function operationResult(call: Call, operation: Operation): Answer {
  if (operation.status === 'InProgress') return accepted(call, operation)
  if (operation.status !== 'Succeeded') {
    const { code, message } = endedBadly(operation.status)
    return providerError(409, code, message)
  }
  const body = operation.result(call.apiVersion)
  return { status: 200, ...(body ? { body } : {}) }
}

function endedBadly(status: string): { code: string; message: string } {
  return status === 'Canceled'
    ? { code: 'OperationCanceled', message: 'The operation was canceled.' }
    : { code: 'InternalServerError', message: 'The operation on the private link scope failed.' }
}
