import { compareText, idKey, nameOf, parseResourceId } from '../resources/id.ts'
import { groupBy } from './group.ts'

/**
 * Short names for resource ids: the resource's own name, and with its resource group (and, where
 * that isn't enough, its subscription) when another resource of that type has the same one.
 */
export function shortNames(ids: readonly string[]): (id: string) => string {
  const keys = [...new Set(ids.map(idKey))].toSorted(compareText)
  const names = new Map<string, string>()
  const forms = [nameOf, inGroup, inSubscription]
  let open = keys
  for (const form of forms) {
    const byForm = groupBy(open, (key) => `${parseResourceId(key)?.type ?? ''} ${form(key)}`)
    open = []
    for (const sharing of byForm.values()) {
      if (sharing.length > 1 && form !== inSubscription) open.push(...sharing)
      else for (const key of sharing) names.set(key, form.name)
    }
  }
  const byName = new Map(forms.map((form) => [form.name, form]))
  return (id) => (byName.get(names.get(idKey(id)) ?? '') ?? nameOf)(id)
}

function inGroup(id: string): string {
  const parsed = parseResourceId(id)
  return parsed ? `${parsed.resourceGroup}/${parsed.name}` : nameOf(id)
}

function inSubscription(id: string): string {
  const parsed = parseResourceId(id)
  return parsed ? `${parsed.subscription}/${parsed.resourceGroup}/${parsed.name}` : nameOf(id)
}
