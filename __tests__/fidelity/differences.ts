import type { Replayed } from './replay.ts'

/** An intended difference between a recording and the simulator, with its explanation. */
export interface Explained {
  /** The type, as `Replayed.about` has it. */
  readonly about: RegExp
  readonly file?: RegExp
  /** Lines of `differencesOf`. */
  readonly lines: RegExp
  readonly why: string
}

/** All remaining differences. The test fails if one no longer occurs, or if another one does. */
export const explained: readonly Explained[] = [
  {
    about: /^microsoft\.compute\/virtualmachines$/,
    file: /arm-errors\/404/,
    lines: /error\.code/,
    why: 'Compute’s own 404 while Resource Manager still lists an evicted machine; the simulator has the gateway’s 404, as for the same type in `arm-errors/404.json` #13. For the product, any 404 means missing.',
  },
  {
    about: /^microsoft\.insights\/privatelinkscopes$/,
    file: /arm-errors\/404/,
    lines: /error\.|^-\s+= null$/,
    why: 'Out of context: the scope was just deleted. Together with the delete, it is step 36 of `test_monitor_private_link_scope_scenario`, and the same here (quirk 12, README G7).',
  },
  {
    about: /^microsoft\.operationalinsights\/workspaces$/,
    lines: /properties\.provisioningState/,
    why: 'Timing: Azure was still creating it (the same type is `Succeeded` in the recordings of 2020 and 2021). Requests don’t create workspaces here, so they are never in an intermediate state; the product does not read their state.',
  },
  {
    about: /^microsoft\.resourcegraph\/resources\[\]$/,
    lines: /error\.details\[\]\.expectedToken/,
    why: 'Noise of the 2021 parser (`"Ï"`): the simulator’s refusals contain line, position and token (resourceGraph/README.md); the product shows the message.',
  },
  {
    about: /^resourcegroups$/,
    lines: /^[-+] (location|tags\.)/,
    why: 'Groups are implied by their content (README A2): their own location and tags are not used.',
  },
]

/** The explanation that covers a line, if any. */
export function explain(replayed: Replayed, line: string): Explained | undefined {
  return explained.find(
    ({ about, file, lines }) =>
      about.test(replayed.about) && (file?.test(replayed.file) ?? true) && lines.test(line),
  )
}
