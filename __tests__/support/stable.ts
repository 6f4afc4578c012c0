import { topologyFile } from './repository.ts'

/** The subscription that the scenarios are in: left out of goldens, as estates may leave it out. */
export const subscription = '11111111-1111-1111-1111-111111111111'

/**
 * A text as a golden holds it: without the port of the simulator, and with the addresses that every
 * line repeats cut short, so that a diff shows what matters. Links to the portal and to the file keep
 * that they are links.
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
      // What the comment notes for itself, to be told from a later one; its own tests hold it.
      .replaceAll(/<!-- azure-monitor-private-link:(?!comment |plan )[\s\S]*?-->\n*/g, '')
      .replaceAll(/"digests":"[^"]*"/g, '"digests":"…"')
      // Made anew by each run.
      .replaceAll(/,"salt":"[0-9a-f]+"(?:,"(?:run|wrote)":\[\d+,\d+\])*/g, '')
      .replaceAll(/(\/actions\/runs)\/\d+/g, '$1/4711')
      .replaceAll(
        new RegExp(`/subscriptions/${subscription}/resourceGroups/`, 'gi'),
        '/resourceGroups/',
      )
  )
}

/** A value as a golden holds it: one line for each entry of its lists, ids short. */
export function stableJson(value: unknown): string {
  return stable(`${JSON.stringify(value, null, 2)}\n`)
}

/** One resource a line: short enough to be read, and a diff names what differs. */
export function stableLines(resources: readonly unknown[]): string {
  const lines = resources.map((resource) => `  ${stable(JSON.stringify(resource))}`)
  return `[\n${lines.join(',\n')}\n]\n`
}
