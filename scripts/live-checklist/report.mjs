// What was seen, and how it is shown: a table without ids of subscriptions, tenants and people.

const rows = []

/** Looks at one point; what goes wrong is what was seen. */
export async function point(number, question, look) {
  let seen
  try {
    seen = await look()
  } catch (error) {
    seen = `could not be seen: ${error instanceof Error ? error.message : String(error)}`
  }
  rows.push({ number, question, seen: String(seen) })
  console.error(`${number}  ${question}\n      ${hide(String(seen))}`)
}

/** Tells of something that is no point: why it ended early. */
export function tell(question, seen) {
  rows.push({ number: '–', question, seen })
}

/** What must not be shown, and what is shown for it. */
export const hidden = new Map()

/** Without ids of subscriptions and tenants, other GUIDs, and addresses of people. */
export function hide(text) {
  let shown = text
  for (const [secret, name] of hidden) shown = shown.replaceAll(new RegExp(secret, 'gi'), name)
  return shown
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi, '<guid>')
    .replaceAll(/[\w.+-]+@[\w.-]+/g, '<somebody>')
    .replaceAll(/\s+/g, ' ')
    .replaceAll('|', '\\|')
}

/** Prints the table. */
export function report(command) {
  const lines = [
    `### Live checklist, \`${command}\`, ${new Date().toISOString().slice(0, 10)}`,
    '',
    '| point | question | seen |',
    '|---|---|---|',
    ...rows.map(({ number, question, seen }) => `| ${number} | ${question} | ${hide(seen)} |`),
  ]
  console.log(lines.join('\n'))
}
