import { idKey } from '../../resources/id.ts'
import { judgeNetwork, type NetworkVerdict } from '../../network/judge.ts'
import type { NewLink } from '../../network/judging.ts'
import type { Network } from '../../network/network.ts'
import type { Desired } from '../../rules/derive.ts'
import type { Outlook } from '../capabilities.ts'
import type { OrderedDraft } from '../order.ts'

/** Judges the network around the scope for a plan, in the state after the plan is applied. */
export function inspectNetwork(
  { world, named }: Desired,
  outlook: Outlook,
  changes: readonly OrderedDraft[],
  network: Network,
): NetworkVerdict {
  const { topology, estate, targets } = world
  return judgeNetwork({
    topology,
    estate,
    network,
    targets,
    named,
    linked: outlook.after.links,
    newLinks: findNewLinks(changes, estate),
    closes: changes.some(
      ({ before, after }) =>
        before?.kind === 'accessModes' &&
        after?.kind === 'accessModes' &&
        after.ingestion === 'PrivateOnly' &&
        before.ingestion !== 'PrivateOnly',
    ),
  })
}

/** The new links of the plan, with the region of the linked resource if known. */
function findNewLinks(
  changes: readonly OrderedDraft[],
  estate: Desired['world']['estate'],
): readonly NewLink[] {
  const made = new Map(
    changes.flatMap(({ after }) =>
      after?.kind === 'dataCollectionEndpoint' ? [[idKey(after.id), after.location] as const] : [],
    ),
  )
  return changes.flatMap(({ after, action }): readonly NewLink[] => {
    if (after?.kind !== 'scopedResource' || action === 'delete') return []
    const key = idKey(after.linkedResourceId)
    const isEndpoint = key.includes('/datacollectionendpoints/')
    const live = estate.endpoints.get(key) ?? estate.logWorkspaces.get(key)
    const region = live?.state === 'found' ? live.value.location : made.get(key)
    return [{ key, isEndpoint, ...(region === undefined ? {} : { region }) }]
  })
}
