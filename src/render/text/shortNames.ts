import { compareText, idKey, nameOf, parseResourceId } from '../../resources/id.ts'
import { groupBy } from '../../resources/group.ts'

/**
 * Short names for resource ids: the resource's name, prefixed with its resource group (and, if
 * needed, its subscription) when another resource of the same type has the same name.
 */
export function shortNames(ids: readonly string[]): (id: string) => string {
  const keys = new Set(ids.map(idKey))
  const names = new Map<string, string>()
  // Nearly every name is unique; only for the others, type and place matter.
  const byName = groupBy([...keys], nameOf)
  let open = [...byName.values()].filter((sharing) => sharing.length > 1).flat()
  open.sort(compareText)
  for (const form of forms) {
    const byForm = groupBy(open, (key) => `${parseResourceId(key)?.type ?? ''} ${form(key)}`)
    open = []
    for (const sharing of byForm.values()) {
      if (sharing.length > 1 && form !== inSubscription) open.push(...sharing)
      else for (const key of sharing) names.set(key, form.name)
    }
  }
  const byForm = new Map(forms.map((form) => [form.name, form]))
  return (id) => (byForm.get(names.get(idKey(id)) ?? '') ?? nameOf)(id)
}

/** Every name by which a resource may be shown, shortest first. */
export function namesOf(id: string): readonly string[] {
  return [...new Set(forms.map((form) => form(id)))]
}

function inGroup(id: string): string {
  const parsed = parseResourceId(id)
  return parsed ? `${parsed.resourceGroup}/${parsed.name}` : nameOf(id)
}

function inSubscription(id: string): string {
  const parsed = parseResourceId(id)
  return parsed ? `${parsed.subscription}/${parsed.resourceGroup}/${parsed.name}` : nameOf(id)
}

const forms = [nameOf, inGroup, inSubscription]
