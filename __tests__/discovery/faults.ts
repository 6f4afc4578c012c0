import fc from 'fast-check'
import { idOf } from '../oracle/random.ts'
import { found, low, type World } from '../oracle/world.ts'
import {
  addRule,
  buildCompliant,
  type Building,
  type Draw,
  drawFrom,
  worldOf,
} from './compliant.ts'

/** Faults of real estates: each breaks something in an estate that followed the article. */
const faults: readonly ((building: Building, draw: Draw) => void)[] = [
  function aLinkIsGone(building, draw) {
    const gone = draw.number(Math.max(0, building.links.length - 1))
    building.links = building.links.filter((_, index) => index !== gone)
  },
  function aLinkFailed(building, draw) {
    const failed = draw.number(Math.max(0, building.links.length - 1))
    building.links = building.links.map((link, index) =>
      index === failed ? { ...link, provisioningState: 'Failed' } : link,
    )
  },
  function anAssociationIsGone(building, draw) {
    const keys = [...building.associations.keys()]
    building.associations.delete(keys[draw.number(keys.length)] ?? '')
  },
  function anAssociationLeadsToAnotherRegion(building, draw) {
    const [key, association] = [...building.associations][draw.number(9)] ?? []
    const endpoints = [...building.endpoints.values()].flatMap((reading) =>
      reading.state === 'found' ? [reading.value] : [],
    )
    const [first, ...more] = endpoints
    if (key === undefined || association === undefined || first === undefined) return
    const endpointId = draw.pick([first, ...more]).id
    building.associations.set(key, { ...association, endpointId })
  },
  function anEndpointIsGone(building, draw) {
    const keys = [...building.endpoints.keys()].filter((key) => !key.includes('/ma_'))
    const key = keys[draw.number(keys.length)]
    if (key !== undefined) building.endpoints.set(key, { state: 'missing' })
  },
  function aRuleSendsToAWorkspaceThatIsNotLinked(building, draw) {
    const [, target] = [...building.targets][draw.number(5)] ?? []
    const id = idOf(
      '11111111-1111-1111-1111-111111111111',
      'rg-soc',
      'Microsoft.OperationalInsights/workspaces',
      'law-soc',
    )
    building.logWorkspaces.set(
      id.key,
      draw.odds(70)
        ? found({ id: id.text, name: id.name, location: 'westeurope' })
        : draw.odds(50)
          ? { state: 'missing' }
          : { state: 'unreadable', why: 'Forbidden\n# not yours: *x' },
    )
    if (target?.state !== 'found') return
    const more = { streams: ['Microsoft-Syslog'], logDestinations: [id.text] }
    addRule(building, target.value, 'to-soc', 'westeurope', more)
  },
  function aTargetMayNotBeRead(building, draw) {
    const key = [...building.targets.keys()][draw.number(9)]
    if (key !== undefined) building.targets.set(key, { state: 'unreadable', why: 'Forbidden' })
  },
  function aRuleSendsPastTheScope(building, draw) {
    const keys = [...building.rules.keys()]
    const key = keys[draw.number(keys.length)] ?? ''
    const reading = building.rules.get(key)
    if (reading?.state !== 'found' || reading.value.endpointId === undefined) return
    building.links = building.links.filter(
      (link) => low(link.linkedResourceId) !== low(reading.value.endpointId ?? ''),
    )
  },
]

/** Estates that followed the article, with one to four faults. */
export function faultyWorlds(): fc.Arbitrary<World> {
  return fc.gen().map((generate) => {
    const draw = drawFrom(generate)
    const building = buildCompliant(draw)
    for (let n = 1 + draw.number(3); n > 0; n--)
      faults[draw.number(faults.length - 1)]?.(building, draw)
    return worldOf(building)
  })
}
