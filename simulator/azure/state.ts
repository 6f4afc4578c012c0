import type { SimulatedRequest } from '../http.ts'
import type { Access } from './access.ts'
import type { Principal } from '../entra/tokens.ts'
import type { FaultEffect } from './faults.ts'
import type { JsonObject } from './json.ts'
import type { Knobs } from './knobs.ts'
import type { CollectionPath, ResourcePath } from './path.ts'
import type { EstateSeed, SeedResource } from './seed.ts'
import type { Store, StoredResource } from './store.ts'

/** The shared state of the handlers of one simulated Azure. */
export interface AzureState {
  readonly seed: EstateSeed
  readonly access: Access
  readonly tenant: string
  readonly knobs: Knobs
  readonly store: Store
  /** Every change since the start, oldest first; Resource Graph follows it with its lag. */
  readonly changes: Change[]
  /** Long-running operations by id. */
  readonly operations: Map<string, Operation>
  /** Keys of scopes with a write in progress, with the operation. */
  readonly busyScopes: Map<string, Operation>
  readonly listeners: Set<CommitListener>
  /** Keys of resources that GET answers 404 for, with how often. */
  readonly hidden: Map<string, number>
  /** Keys of scopes removed by a long-running delete: their 404 has no body. */
  readonly deletedScopes: Set<string>
  /** `https://localhost:PORT`, once the server listens. */
  origin: string
}

export interface Change {
  readonly at: number
  /** By the simulated clock. */
  readonly time: number
  readonly key: string
  /** Absent when it was deleted. */
  readonly resource?: StoredResource
}

/** A long-running write of a private link scope. */
export interface Operation {
  readonly id: string
  readonly scope: string
  readonly startedAt: number
  endedAt?: number
  status: 'InProgress' | 'Succeeded' | 'Failed' | 'Canceled'
  timer?: NodeJS.Timeout
  /** Ends it now and calls the listeners; absent when it never ends or has ended. */
  finish?: () => Promise<void>
  /** The answer of `Location` at the end of a PUT. */
  readonly result: (apiVersion: string) => JsonObject | undefined
}

/** One request to a resource type's handlers. */
export interface Call {
  readonly azure: AzureState
  readonly request: SimulatedRequest
  readonly path: ResourcePath | CollectionPath
  readonly apiVersion: string
  /** Empty when none was sent. */
  readonly body: JsonObject
  readonly principal: Principal
  readonly fault: FaultEffect | undefined
  /** Commits so far, to report before the answer is sent. */
  readonly commits: CommittedWrite[]
}

/** A call for one resource. */
export interface ResourceCall extends Call {
  readonly path: ResourcePath
}

/** A change by a client, reported right after the commit and before the answer. */
export interface CommittedWrite {
  /** Number of the request. */
  readonly n: number
  readonly at: number
  readonly method: string
  readonly id: string
  /** A long-running write is `accepted` and later `finished`; any other is `committed`. */
  readonly phase: 'committed' | 'accepted' | 'finished'
  readonly before?: SeedResource
  readonly after?: SeedResource
  /** Client id. */
  readonly principal: string
}

export type CommitListener = (write: CommittedWrite) => void | Promise<void>
