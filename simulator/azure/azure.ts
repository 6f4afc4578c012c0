import type { TokenKey } from '../entra/tokens.ts'
import type { SimulatedRequest } from '../http.ts'
import { TelemetryHistory } from '../telemetry/history.ts'
import { createResourceGraph } from '../resourceGraph/resourceGraph.ts'
import { Access } from './access.ts'
import { type Fault, Faults } from './faults.ts'
import { handleArm, type Handled } from './gateway.ts'
import { GraphView } from './graph.ts'
import { canonicalPath, type Kinds, kindsOf } from './kinds.ts'
import { defaultKnobs, type Knobs } from './knobs.ts'
import { finishWrites, notify } from './operations.ts'
import { parseArmPath, parseSeedId } from './path.ts'
import { completeIds, defaultTenant, type EstateSeed, type SeedResource } from './seed.ts'
import { snapshotOf } from './snapshot.ts'
import type { AzureState, CommitListener } from './state.ts'
import { Store, type Unstamped } from './store.ts'
import { Throttle } from './throttle.ts'
import { removeResource, stampOf, storeResource } from './write.ts'

/** One request and its answer, for tests. */
export interface RecordedRequest {
  readonly n: number
  /** Milliseconds since 1970. */
  readonly at: number
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly host: 'arm' | 'entra' | 'oidc' | 'logs' | 'metrics'
  /** 0 until there is an answer; stays 0 when a fault prevents one. */
  readonly status: number
  /** Parsed where it is JSON. */
  readonly requestBody: unknown
  readonly responseBody: unknown
  readonly apiVersion: string | undefined
  readonly clientRequestId: string | undefined
  /** Client id. */
  readonly principal: string | undefined
}

/** A simulated Azure: its state, and the means to inspect and change it. */
export interface AzureSimulator {
  /** Take effect at once. */
  readonly knobs: Knobs
  readonly requests: readonly RecordedRequest[]
  addFault(fault: Fault): void
  /** Calls a listener after each commit; the answer waits for it. Returns a function that removes it. */
  onCommit(listener: CommitListener): () => void
  /** Ends every long-running write at once, except those that a fault prevents from ending. */
  finishWrites(): Promise<void>
  /** The present state as a seed: sorted, without the values that the service generates. */
  snapshot(): EstateSeed
  /** Writes a resource without a request. */
  put(resource: SeedResource): void
  /** Removes a resource and its children without a request. */
  remove(id: string): void
}

/** The parts of a simulated Azure that the server needs. */
export class Azure implements AzureSimulator {
  readonly requests: RecordedRequest[] = []
  readonly faults = new Faults()
  readonly state: AzureState
  readonly #kinds: Kinds
  readonly history: TelemetryHistory
  readonly #handle: (request: SimulatedRequest, fault: Fault | undefined) => Handled

  constructor(seed: EstateSeed, knobs: Partial<Knobs>, key: TokenKey) {
    const complete = completeIds(seed, seed.subscriptions)
    const state: AzureState = {
      seed: complete,
      access: new Access(complete),
      tenant: seed.tenant ?? defaultTenant,
      knobs: { ...defaultKnobs, ...knobs },
      store: new Store(),
      changes: [],
      operations: new Map(),
      busyScopes: new Map(),
      listeners: new Set(),
      hidden: new Map(),
      deletedScopes: new Set(),
      origin: '',
    }
    this.state = state
    this.#kinds = kindsOf(state)
    for (const resource of complete.resources) state.store.put(this.#unstamped(resource))
    for (const group of complete.resourceGroups ?? []) addGroup(state, group)
    this.history = new TelemetryHistory(state)
    const graph = createResourceGraph({
      pageSize: () => state.knobs.graphPageSize,
      now: () => Date.now(),
      get quota() {
        return state.knobs.graphQuota
      },
      answerBytes: () => state.knobs.graphAnswerBytes,
      lists: () => state.knobs.graphLists,
    })
    const view = new GraphView(state, this.#kinds)
    const gateway = {
      azure: state,
      kinds: this.#kinds,
      throttle: new Throttle(state.knobs),
      key,
      graph,
      tables: view.tables.bind(view),
    }
    this.#handle = (request, fault) => handleArm(gateway, request, fault)
  }

  get knobs(): Knobs {
    return this.state.knobs
  }

  /** Handles a request completely, including the listeners. */
  async handle(request: SimulatedRequest, fault: Fault | undefined): Promise<Handled> {
    const handled = this.#handle(request, fault)
    for (const write of handled.commits) await notify(this.state, write)
    return handled
  }

  addFault(fault: Fault): void {
    this.faults.add(fault)
  }

  onCommit(listener: CommitListener): () => void {
    this.state.listeners.add(listener)
    return () => this.state.listeners.delete(listener)
  }

  finishWrites(): Promise<void> {
    return finishWrites(this.state)
  }

  snapshot(): EstateSeed {
    return snapshotOf(this.state)
  }

  put(resource: SeedResource): void {
    const complete = completeIds(resource, this.state.seed.subscriptions)
    storeResource(this.state, this.#unstamped(complete))
  }

  remove(id: string): void {
    const { key } = parseSeedId(completeIds(id, this.state.seed.subscriptions))
    removeResource(this.state, key)
  }

  /** Stops everything that is still running. */
  stop(): void {
    for (const operation of this.state.operations.values()) clearTimeout(operation.timer)
    this.state.listeners.clear()
  }

  #unstamped(resource: SeedResource): Unstamped {
    const { id, properties, systemData, ...rest } = resource
    const stamp = { ...stampOf('seed@example.com', 'User'), ...seedTimes }
    return {
      ...rest,
      path: canonicalPath(parseSeedId(id), this.#kinds),
      properties: properties ?? {},
      systemData: { ...stamp, ...systemData },
    }
  }
}

/** The creation date of the seed's resources, fixed so that answers are reproducible. */
const seedTimes = {
  createdAt: '2025-01-15T08:00:00.0000000Z',
  lastModifiedAt: '2025-01-15T08:00:00.0000000Z',
}

function addGroup(state: AzureState, group: string): void {
  const first = state.seed.subscriptions[0] ?? ''
  const id = group.startsWith('/') ? group : `/subscriptions/${first}/resourceGroups/${group}`
  const path = parseArmPath(id)
  if (path?.kind !== 'resourceGroup') throw new Error(`Not a resource group: ${group}`)
  state.store.addGroup(path)
}
