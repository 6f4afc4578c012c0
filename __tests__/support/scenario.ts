import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { type Estate, expandEstate } from '../../simulator/estate.ts'
import type { EstateSeed, FaultEffect, Knobs, SeedResource } from '../../simulator/simulator.ts'

/** One situation of `__tests__/scenarios/`, as its folder tells it. */
export interface Scenario {
  readonly name: string
  readonly folder: string
  readonly topology: string
  /** The file on the base branch; absent: the pull request adds it. */
  readonly baseTopology?: string
  readonly estate: EstateSeed
  readonly spec: ScenarioSpec
}

/** `scenario.json`: what a scenario is about, and where it differs from "planned, applied, nothing left". */
export interface ScenarioSpec {
  /** The situation and what must come of it, in one sentence. */
  readonly about: string
  /** What of the contract, the article and the notes on estates it holds; see `coverage.ts`. */
  readonly covers: readonly string[]
  readonly inputs?: Readonly<Record<string, string>>
  readonly knobs?: Partial<Knobs>
  /** What somebody else did to Azure since Resource Graph last looked: it goes on showing what was before. */
  readonly unseen?: { readonly put?: readonly SeedResource[]; readonly remove?: readonly string[] }
  /** What somebody else does to Azure between plan and apply. */
  readonly between?: { readonly put?: readonly SeedResource[]; readonly remove?: readonly string[] }
  /** What somebody else does to Azure so long after the start. */
  readonly later?: { readonly afterMs: number; readonly put: readonly SeedResource[] }
  /** What goes wrong while it is applied; paths are regular expressions. */
  readonly faults?: readonly WrittenFault[]
  readonly expect?: {
    readonly plan?: Outcome
    readonly apply?: Outcome
    /** The same job, run again after an apply that did not end well. */
    readonly again?: Outcome
    /** A plan afterwards. */
    readonly second?: Outcome
  }
}

/** What a run comes to: the outputs `result` and `failure-reason`. */
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

/** Every scenario, in order of name. */
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
