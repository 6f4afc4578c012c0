import type { Section } from '../text/limit.ts'
import { plural, thousands } from '../text/words.ts'
import type { View } from '../view.ts'

/** The most selects that are listed; most files have a few. */
const most = 20

/** How many resources each select matched, since a misspelt one matches too few or too many. */
export function renderSelects(view: View): Section[] {
  const { plan, report } = view
  const selects = plan?.selects ?? []
  if (selects.length === 0) return []
  const { file } = report
  const counts = selects
    .slice(0, most)
    .map((at) => `${view.place({ file, ...at })} matched **${thousands(at.matched)}**`)
  const more = selects.length > most ? `, and ${plural(selects.length - most, 'more select')}` : ''
  const whose = selects.length === 1 ? 'The select at' : 'The selects:'
  return [{ type: 'whole', text: `${whose} ${counts.join(', ')}${more}.` }]
}
