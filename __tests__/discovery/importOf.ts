import { discover, type Discovery } from '../../src/discovery/discover.ts'
import { fileOf } from '../../src/discovery/fileOf.ts'
import { select } from '../../src/estate/select.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { parseTopology } from '../../src/topology/parseTopology.ts'
import type { Topology } from '../../src/topology/topology.ts'
import { proposeFor } from '../oracle/disagree.ts'
import { answer, observe, type World } from '../oracle/world.ts'
import { scopeId } from './compliant.ts'

export interface Imported {
  readonly text: string
  readonly discovery: Discovery
  readonly topology: Topology
  readonly plan: Plan
}

/** Imports a small estate: what the command does, without the requests. */
export function importOf(world: World, name?: string): Imported {
  const given = { scope: scopeId, ...(name === undefined ? {} : { name }) }
  let estate = observe(world)
  let discovery = discover(estate, given)
  for (let round = 0; discovery.questions.length > 0; round++) {
    if (round > 10) throw new Error('It never stops asking.')
    estate = answer(estate, discovery.questions, world)
    discovery = discover(estate, given)
  }
  const text = fileOf(discovery)
  const { topology, diagnostics } = parseTopology(text, {
    file: 'topology.yml',
    today: '2026-01-01',
  })
  if (topology === undefined) throw new Error(`${JSON.stringify(diagnostics)}\n${text}`)
  const { plan } = proposeFor(topology, { ...world, selected: select(topology, observe(world)) })
  return { text, discovery, topology, plan }
}
