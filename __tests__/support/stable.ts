import { topologyFile } from './repository.ts'

/** The subscription of the scenarios, which goldens omit, as estates may. */
export const subscription = '11111111-1111-1111-1111-111111111111'

/**
 * A text in its golden form: without the port of the simulator, and with shortened URLs, so that a diff shows
 * what matters. Links to the portal and to the file are still recognisable as links.
 */
export function stable(text: string): string {
  return (
    text
      .replaceAll(/https:\/\/localhost:\d+/g, 'https://arm.test')
      .replaceAll(/\(https:\/\/portal\.azure\.[a-z]+\/#resource\/[^)\s]*\)/g, '(portal)')
      .replaceAll(/https:\/\/github\.com\/octo-org\/platform\/blob\/[0-9a-f]{40}\//g, 'repo:/')
      .replaceAll(/https:\/\/github\.com\/octo-org\/platform\//g, 'github:/')
      .replaceAll(`repo:/${topologyFile}`, 'file')
      .replaceAll(/<!-- azure-monitor-private-link:shown .*? -->\n\n?/g, '')
      // The comment's hidden data, which has its own tests.
      .replaceAll(/<!-- azure-monitor-private-link:(?!comment |plan )[\s\S]*?-->\n*/g, '')
      .replaceAll(/"digests":"[^"]*"/g, '"digests":"…"')
      // Different in each run.
      .replaceAll(/,"salt":"[0-9a-f]+"(?:,"(?:run|wrote)":\[\d+,\d+\])*/g, '')
      .replaceAll(/(\/actions\/runs)\/\d+/g, '$1/4711')
      .replaceAll(
        new RegExp(`/subscriptions/${subscription}/resourceGroups/`, 'gi'),
        '/resourceGroups/',
      )
  )
}

/** A value in its golden form: one line per list entry, short ids. */
export function stableJson(value: unknown): string {
  return stable(`${JSON.stringify(value, null, 2)}\n`)
}

/** One resource per line: readable, and a diff shows what differs. */
export function stableLines(resources: readonly unknown[]): string {
  const lines = resources.map((resource) => `  ${stable(JSON.stringify(resource))}`)
  return `[\n${lines.join(',\n')}\n]\n`
}
