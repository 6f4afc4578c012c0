import { columnsOf, type Look } from '../render/terminal/look.ts'
import { wrapSpans } from '../render/terminal/wrap.ts'
import { offered, type Offered, type OfferedCommand, offeredCommands } from './offered.ts'
import { commonOptions, type Option, optionsOf } from './options.ts'

/** The name of the installed program; `node dist/index.js` is the same. */
export const program = 'azure-monitor-private-link'

const helpColumns = 100

/** The help of the program, or of one command. */
export function helpOf(command: OfferedCommand | undefined, columns: number): string {
  const look: Look = { width: Math.min(columns, helpColumns), colors: false }
  return `${(command === undefined ? helpOfAll(look) : helpOfOne(command, look)).join('\n')}\n`
}

function helpOfAll(look: Look): readonly string[] {
  return [
    ...paragraph(
      'Keep Azure Monitor private link – data collection endpoints, their associations and the private link scope – as a file says. All commands are read-only; changes to Azure go through the review of a pull request.',
      look,
    ),
    '',
    `Usage: ${program} <command> [file…] [options]`,
    '',
    'Commands:',
    ...twoColumns(
      offeredCommands.map((name) => [name, offered[name].summary]),
      look,
    ),
    '',
    'Options:',
    ...twoColumns(commonOptions.map(describeOption), look),
    '',
    ...paragraph(`Every command has its own help: ${program} plan --help.`, look),
    '',
    ...signIn(look),
    '',
    'Exit codes:',
    ...twoColumns(exitCodes, look),
  ]
}

function helpOfOne(command: OfferedCommand, look: Look): readonly string[] {
  const { about, operands, inputs, examples }: Offered = offered[command]
  return [
    ...paragraph(about, look),
    '',
    `Usage: ${program} ${command} ${operands} [options]`,
    '',
    'Options:',
    ...twoColumns(optionsOf(inputs).map(describeOption), look),
    '',
    'Examples:',
    ...examples.map((example) => `  ${program} ${example}`),
    ...((inputs as readonly string[]).includes('cloud') ? ['', ...signIn(look)] : []),
    '',
    'Exit codes:',
    ...twoColumns(exitCodes, look),
  ]
}

const exitCodes = [
  ['0', 'Success; with --detailed-exitcode, also nothing to do.'],
  [
    '1',
    'Failure or wrong usage; also drift, a silent target or an unreachable name, unless an option allows it.',
  ],
  ['2', 'With --detailed-exitcode: changes or findings.'],
] as const

function signIn(look: Look): readonly string[] {
  return paragraph(
    'Sign-in: environment variables (AZURE_TENANT_ID, AZURE_CLIENT_ID and a secret, certificate or token file), else the login of the Azure CLI (az login), else the managed identity of the machine. The role Reader is enough.',
    look,
  )
}

function describeOption({ name, short, value, help }: Option): readonly [string, string] {
  const long = value === undefined ? `--${name}` : `--${name} <${value}>`
  return [short === undefined ? `    ${long}` : `-${short}, ${long}`, help]
}

function paragraph(text: string, look: Look): readonly string[] {
  return wrapSpans([{ text }], look)
}

function twoColumns(rows: readonly (readonly [string, string])[], look: Look): readonly string[] {
  const left = Math.max(...rows.map(([name]) => columnsOf(name))) + 4
  const rest = ' '.repeat(left)
  return rows.flatMap(([name, text]) =>
    wrapSpans([{ text }], look, { first: `  ${name}`.padEnd(left), rest }),
  )
}
