import { type Context, readReference } from './references.ts'
import { normalLocation } from '../resources/id.ts'
import { ownershipTag } from '../resources/ownership.ts'
import { guid, segment } from './fields.ts'
import { childOf, entriesOf, type Node, textOf } from './node.ts'
import { quoted, type Report } from './problem.ts'
import { readTags } from './tags.ts'
import { defaultNames, readTemplate } from './templates.ts'
import type { EndpointSettings, ExistingEndpoint } from './topology.ts'

/** Azure allows 50 tags on a resource, and one is the ownership mark. */
const mostTags = 49

/** Reads `dataCollectionEndpoints`; omitted settings get their defaults. */
export function readEndpoints(root: Node, context: Context): EndpointSettings {
  const { report } = context
  const section = childOf(root, 'dataCollectionEndpoints')
  const value = (key: string) => textOf(childOf(section, key))
  const resourceGroup = readResourceGroup(childOf(section, 'resourceGroup'), context)
  const ingestion = value('machineIngestion')
  return {
    ...(resourceGroup && { resourceGroup }),
    regionalName:
      readTemplate(childOf(section, 'regionalName'), 'regionalName', report) ??
      defaultNames.regionalName,
    machineName:
      readTemplate(childOf(section, 'machineName'), 'machineName', report) ??
      defaultNames.machineName,
    machineIngestion: ingestion === 'perRegion' || ingestion === 'none' ? ingestion : 'perMachine',
    publicNetworkAccess: value('publicNetworkAccess') === 'Enabled' ? 'Enabled' : 'Disabled',
    tags: readEndpointTags(childOf(section, 'tags'), report),
    existing: readExisting(childOf(section, 'existing'), context),
    at: section?.keyAt ?? root.at,
  }
}

/** Accepts a name in the subscription of the file, or `/subscriptions/<id>/resourceGroups/<name>`. */
function readResourceGroup(
  node: Node | undefined,
  { subscription, report }: Context,
): EndpointSettings['resourceGroup'] {
  const text = textOf(node)
  if (!node || text === undefined) return undefined
  if (segment.test(text)) return { subscription, name: text }
  const [first, id = '', groups, name = '', ...rest] = text
    .replace(/^\//, '')
    .replace(/\/$/, '')
    .split('/')
  const isFull =
    first?.toLowerCase() === 'subscriptions' && groups?.toLowerCase() === 'resourcegroups'
  if (isFull && rest.length === 0 && guid.test(id) && segment.test(name)) {
    return { subscription: id.toLowerCase(), name }
  }
  report({
    code: 'invalid-value',
    at: node.at,
    message: `${quoted(text)} is neither the name of a resource group nor its full id.`,
    remedy: 'Write rg-monitor, or /subscriptions/<id>/resourceGroups/rg-monitor.',
  })
  return undefined
}

function readEndpointTags(node: Node | undefined, report: Report) {
  const tags = readTags(node, report)
  for (const [name, child] of entriesOf(node)) {
    if (name.toLowerCase() !== ownershipTag) continue
    report({
      code: 'invalid-value',
      at: child.keyAt,
      message: `The tag ${ownershipTag} is the ownership mark, which this action sets on every endpoint that it creates.`,
      remedy: 'Remove it.',
    })
  }
  const count = Object.keys(tags).length
  if (node && count > mostTags) {
    report({
      code: 'invalid-value',
      at: node.at,
      message: `${count} tags are too many: Azure allows 50 on a resource, and one is the ownership mark.`,
      remedy: `Keep at most ${mostTags}.`,
    })
  }
  return tags
}

function readExisting(node: Node | undefined, context: Context): readonly ExistingEndpoint[] {
  const lines = new Map<string, number>()
  return entriesOf(node).flatMap(([name, child]) => {
    const region = normalLocation(name)
    const located = readReference(child, 'existing', context)
    const first = lines.get(region)
    if (first === undefined) {
      lines.set(region, child.keyAt.line)
      return located ? [{ ...located, region }] : []
    }
    context.report({
      code: 'duplicate-key',
      at: child.keyAt,
      message: `The region ${region} is listed twice; the first entry is on line ${first}.`,
      remedy: 'Keep one endpoint per region.',
    })
    return []
  })
}
