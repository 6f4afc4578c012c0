import type { AzureState } from '../azure/state.ts'
import type { StoredResource } from '../azure/store.ts'
import { findSenders, type Sender } from './senders.ts'

/** A period in which a target sent to a workspace without interruption. */
export interface Stretch extends Sender {
  /** Milliseconds since 1970, by the simulated clock. */
  readonly from: number
  /** Absent while it continues. */
  readonly to?: number
}

/** Agents have been sending for two days when a simulator starts. */
const before = 2 * 86_400_000

/** Which target sent what and when: replays the changes of Azure on request (paragraph V5). */
export class TelemetryHistory {
  readonly #azure: AzureState
  readonly #resources: Map<string, StoredResource>
  readonly #begun: number
  #played = 0
  #stretches: Stretch[] | undefined

  /** Starts with everything in the store. */
  constructor(azure: AzureState) {
    this.#azure = azure
    this.#resources = new Map(azure.store.resources)
    this.#begun = Date.now()
  }

  /** Every period of sending until now. */
  stretches(): readonly Stretch[] {
    const { changes, knobs } = this.#azure
    this.#stretches ??= this.#senders().map((sender) => ({ ...sender, from: this.#begun - before }))
    while (this.#played < changes.length) {
      const change = changes[this.#played]
      this.#played += 1
      if (change === undefined) break
      if (change.resource) this.#resources.set(change.key, change.resource)
      else this.#resources.delete(change.key)
      this.#step(change.time)
    }
    // The knob `outside` may have changed meanwhile.
    this.#step(Date.now() + knobs.clockOffsetMs)
    return this.#stretches
  }

  #senders(): readonly Sender[] {
    return findSenders(this.#resources, this.#azure.knobs.outside)
  }

  /** Ends the periods of senders that stopped, and starts those of new senders. */
  #step(at: number): void {
    const now = new Map(this.#senders().map((sender) => [keyOf(sender), sender]))
    this.#stretches = (this.#stretches ?? []).map((stretch) => {
      if (stretch.to !== undefined) return stretch
      const goesOn = now.delete(keyOf(stretch))
      return goesOn ? stretch : { ...stretch, to: at }
    })
    for (const sender of now.values()) this.#stretches.push({ ...sender, from: at })
  }
}

function keyOf({ target, destination, path, brings }: Sender): string {
  return [target.toLowerCase(), destination, path, ...brings].join(' ')
}
