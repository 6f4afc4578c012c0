import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { type Estate, expandEstate } from '../../simulator/estate.ts'
import type { EstateSeed, FaultEffect, Knobs, SeedResource } from '../../simulator/simulator.ts'

/** One scenario: the content of a folder of `__tests__/scenarios/`. */
export interface Scenario {
  readonly name: string
  readonly folder: string
  readonly topology: string
  /** The file on the base branch; absent if the pull request adds it. */
  readonly baseTopology?: string
  readonly estate: EstateSeed
  readonly spec: ScenarioSpec
}

/** `scenario.json`: the description of a scenario, and its differences from "planned, applied, nothing left". */
export interface ScenarioSpec {
  /** The situation and the expected behaviour, in one sentence. */
  readonly about: string
  /** Ids of the requirements that it covers; see `coverage.ts`. */
  readonly covers: readonly string[]
  readonly inputs?: Readonly<Record<string, string>>
  readonly knobs?: Partial<Knobs>
  /** Changes in Azure that Resource Graph doesn't show yet. */
  readonly unseen?: { readonly put?: readonly SeedResource[]; readonly remove?: readonly string[] }
  /** Changes by others in Azure between plan and apply. */
  readonly between?: { readonly put?: readonly SeedResource[]; readonly remove?: readonly string[] }
  /** Changes by others in Azure at a given time after the start. */
  readonly later?: { readonly afterMs: number; readonly put: readonly SeedResource[] }
  /** Faults during the apply; paths are regular expressions. */
  readonly faults?: readonly WrittenFault[]
  readonly expect?: {
    readonly plan?: Outcome
    readonly apply?: Outcome
    /** The same job, run again after a failed apply. */
    readonly again?: Outcome
    /** A plan after the apply. */
    readonly second?: Outcome
  }
}

/** The outputs `result` and `failure-reason` of a run. */
export interface Outcome {
  readonly result: string
  readonly failureReason?: string
}

interface WrittenFault {
  readonly match: { readonly method?: string; readonly path?: string }
  readonly after?: number
  readonly times?: number
  readonly do: FaultEffect
}

export const scenariosFolder = path.resolve(import.meta.dirname, '../scenarios')

/** Every scenario, sorted by name. */
export function readScenarios(): readonly Scenario[] {
  return readdirSync(scenariosFolder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
    .map(readScenario)
}

function readScenario(name: string): Scenario {
  const folder = path.join(scenariosFolder, name)
  const read = (file: string) => readFileSync(path.join(folder, file), 'utf8')
  const base = 'topology.base.yml'
  return {
    name,
    folder,
    topology: read('topology.yml'),
    ...(existsSync(path.join(folder, base)) ? { baseTopology: read(base) } : {}),
    estate: expandEstate(JSON.parse(read('azure.json')) as Estate),
    spec: JSON.parse(read('scenario.json')) as ScenarioSpec,
  }
}
