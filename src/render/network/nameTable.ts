import type { CheckedName, NameState } from '../../egress/inside/checkedName.ts'
import { isForeignIssuer } from '../../egress/inside/issuer.ts'
import { compareText } from '../../resources/id.ts'
import { code, table, text } from '../text/markdown.ts'
import { countTargets, thousands } from '../text/words.ts'

const signs: Readonly<Record<NameState, string>> = {
  private: '✅ private',
  'other-private': '❌ other-private',
  public: '❌ public',
  'no-address': '❌ no-address',
  unreachable: '❌ unreachable',
}

const head = ['Name', 'State', 'Address', 'Port 443', 'Certificate', '`/ping`', 'Needed by']

/** The names as table lines, header first; names with a cause come before the others. */
export function nameRows(names: readonly CheckedName[]): readonly string[] {
  const rank = ({ cause, isPublic }: CheckedName) =>
    cause === undefined ? 2 : isPublic === 'never' ? 0 : 1
  const rows = names
    .toSorted((a, b) => rank(a) - rank(b) || compareText(a.name, b.name))
    .map((name) => [
      code(name.name, 300),
      stateText(name),
      resolvedText(name.observed),
      connectedText(name),
      certificateText(name),
      text(name.observed.connection?.ping ?? '–', 100),
      countTargets(name.for),
    ])
  return table(head, rows).split('\n')
}

/** A public name that may be public is not a fault. */
function stateText({ state, isPublic, cause }: CheckedName): string {
  if (isPublic === 'never') return signs[state]
  if (cause !== undefined) return `⚠️ ${state}`
  return isPublic === 'always' ? `${state}, as always` : `${state}, which is fine`
}

/** The addresses that programs on this machine get, and those from its DNS servers if different. */
function resolvedText({ addresses, byServers }: CheckedName['observed']): string {
  const own = addressText(addresses)
  if (byServers === undefined) return own
  return `${own}; the DNS servers return ${byServers.length === 0 ? 'none' : addressText(byServers)}`
}

function addressText(addresses: readonly string[]): string {
  if (addresses.length === 0) return '–'
  const more = addresses.length > 2 ? ` and ${thousands(addresses.length - 2)} more` : ''
  return `${addresses
    .slice(0, 2)
    .map((address) => code(address, 100))
    .join(', ')}${more}`
}

function connectedText({ observed: { connection } }: CheckedName): string {
  if (connection === undefined) return '–'
  return connection.connected ? 'open' : text(`closed (${connection.failure ?? 'unknown'})`, 100)
}

function certificateText({ observed: { connection } }: CheckedName): string {
  const tls = connection?.tls
  if (tls === undefined) return '–'
  const state = tls.failure === undefined ? tls.state : `${tls.state} (${tls.failure})`
  const by = tls.issuer === undefined ? '' : `, by ${tls.issuer}`
  const note = isForeignIssuer(tls.issuer) ? ' (not Microsoft’s)' : ''
  return text(`${state}${by}${note}`, 300)
}
