// The table of answers, without ids of subscriptions, tenants and users.

const rows = []

/** Answers one point; an error is an answer too. */
export async function point(number, question, look) {
  let seen
  try {
    seen = await look()
  } catch (error) {
    seen = `no answer: ${error instanceof Error ? error.message : String(error)}`
  }
  rows.push({ number, question, seen: String(seen) })
  console.error(`${number}  ${question}\n      ${hide(String(seen))}`)
}

/** Adds a row that is not a point, such as why the script stopped. */
export function addRow(question, seen) {
  rows.push({ number: '–', question, seen })
}

/** Texts to hide, with their replacements. */
export const hidden = new Map()

/** Removes ids of subscriptions and tenants, other GUIDs, and email addresses. */
export function hide(text) {
  let shown = text
  for (const [secret, name] of hidden) shown = shown.replaceAll(new RegExp(secret, 'gi'), name)
  return shown
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi, '<guid>')
    .replaceAll(/[\w.+-]+@[\w.-]+/g, '<user>')
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
