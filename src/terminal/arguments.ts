import { parseArgs } from 'node:util'
import { InputError } from '../errors.ts'
import { nearest } from '../topology/nearest.ts'
import { isOffered, offered, type OfferedCommand, offeredCommands } from './offered.ts'
import { commonOptions, type Option, optionsOf, outputOptions, withoutMeaning } from './options.ts'
import { program } from './usage.ts'

/** A parsed command line. */
export type Request =
  | { readonly what: 'help'; readonly command: OfferedCommand | undefined }
  | { readonly what: 'version' }
  | Task

export interface Task {
  readonly what: 'run'
  readonly command: OfferedCommand
  /** As given, in order. */
  readonly operands: readonly string[]
  /** Inputs by name. */
  readonly inputs: ReadonlyMap<string, string>
  readonly output: 'text' | 'json' | 'markdown'
  readonly detailedExitCode: boolean
}

/**
 * Parses the arguments with Node's own parser.
 *
 * @throws InputError that says what is wrong and what to write instead
 */
export function readArguments(args: readonly string[]): Request {
  const [first = '', ...others] = args
  if (first === 'help') return { what: 'help', command: others.find(isOffered) }
  const command = args.find((arg) => !arg.startsWith('-'))
  if (command === undefined) return withoutCommand(args)
  if (!isOffered(command)) throw unknownCommand(command)
  const options = optionsOf(offered[command].inputs)
  const { values, positionals } = parse(spellOut(args, options), options, command)
  const [, ...operands] = positionals
  if (values.has('help')) return { what: 'help', command }
  if (values.has('version')) return { what: 'version' }
  if (values.has('json') && values.has('markdown')) {
    throw wrong('--json and --markdown exclude each other', `Use one of them.`, command)
  }
  const own = new Set([...outputOptions, ...commonOptions].map(({ name }) => name))
  return {
    what: 'run',
    command,
    operands,
    inputs: new Map([...values].filter(([name]) => !own.has(name))),
    output: values.has('json') ? 'json' : values.has('markdown') ? 'markdown' : 'text',
    detailedExitCode: values.has('detailed-exitcode'),
  }
}

/** Handles arguments without a command: help, version, or an error. */
function withoutCommand(args: readonly string[]): Request {
  const { values } = parse(args, commonOptions, undefined)
  if (values.has('version')) return { what: 'version' }
  if (values.has('help')) return { what: 'help', command: undefined }
  throw wrong('there is no command', `Use one of ${offeredCommands.join(', ')}.`, undefined)
}

function unknownCommand(word: string): InputError {
  if (word === 'apply') return new InputError(noApply, howToApply)
  const near = nearest(word, [...offeredCommands, 'apply'])
  const none = `there is no command ${JSON.stringify(word)}`
  if (near === 'apply')
    return wrong(none, `Did you mean apply? But ${noApply} ${howToApply}`, undefined)
  const known = `The commands are ${offeredCommands.join(', ')}.`
  return wrong(none, near === undefined ? known : `Did you mean ${near}? ${known}`, undefined)
}

const noApply = 'apply is not available in a terminal: changes to Azure go through review.'
const howToApply = `To see what would change, run ${program} plan. To apply it, commit the file, open a pull request and merge it once its plan comment is approved, or run the workflow by hand with command: apply.`

/** Gives every boolean option the value that the parser needs: `true` when it has none, `false` after `--no-`. */
function spellOut(args: readonly string[], options: readonly Option[]): readonly string[] {
  const booleans = new Set(options.filter((o) => o.isBoolean === true).map(({ name }) => name))
  return args.map((arg, index) => {
    const name = arg.replace(/^--(?:no-)?/, '')
    if (!arg.startsWith('--') || !booleans.has(name)) return arg
    if (arg === `--no-${name}`) return `--${name}=false`
    return /^(?:true|false)$/.test(args[index + 1] ?? '') ? arg : `--${name}=true`
  })
}

interface Parsed {
  /** A switch has the value `true`. */
  readonly values: ReadonlyMap<string, string>
  readonly positionals: readonly string[]
}

function parse(
  args: readonly string[],
  options: readonly Option[],
  command: OfferedCommand | undefined,
): Parsed {
  const { positionals, tokens } = parseArgs({
    args: [...args],
    allowPositionals: true,
    // Not strict: we write our own errors, which suggest the nearest option.
    strict: false,
    tokens: true,
    options: Object.fromEntries(
      options.map(({ name, short, value }) => [
        name,
        { type: value === undefined ? 'boolean' : 'string', ...(short && { short }) } as const,
      ]),
    ),
  })
  const values = new Map<string, string>()
  for (const token of tokens) {
    if (token.kind !== 'option') continue
    const { name, rawName, value } = token
    const option = options.find((known) => known.name === name)
    if (option === undefined) throw unknownOption(rawName, name, options, command)
    checkValue(option, rawName, value, command)
    const before = values.get(name)
    if (before !== undefined && value !== undefined && option.isList !== true) {
      throw wrong(`${rawName} is given twice`, 'Use it once.', command)
    }
    values.set(name, before === undefined ? (value ?? 'true') : `${before}\n${value ?? ''}`)
  }
  return { values, positionals }
}

function checkValue(
  option: Option,
  raw: string,
  value: string | undefined,
  command: OfferedCommand | undefined,
): void {
  if (option.value === undefined && value !== undefined) {
    throw wrong(`${raw} takes no value`, 'Remove the value.', command)
  }
  if (option.value !== undefined && (value === undefined || value === '')) {
    throw wrong(`${raw} needs a value`, `Write --${option.name} <${option.value}>.`, command)
  }
}

function unknownOption(
  raw: string,
  name: string,
  options: readonly Option[],
  command: OfferedCommand | undefined,
): InputError {
  const why = withoutMeaning[name]
  if (why !== undefined)
    return wrong(`${raw} is not an option in a terminal: ${why}`, 'Remove it.', command)
  const near = nearest(
    name,
    options.map((option) => option.name),
  )
  const remedy = near === undefined ? '' : `Did you mean --${near}? `
  return wrong(`there is no option ${raw}`, remedy.trim(), command)
}

function wrong(what: string, remedy: string, command: OfferedCommand | undefined): InputError {
  const help = `${program}${command === undefined ? '' : ` ${command}`} --help lists the ${command === undefined ? 'commands' : 'options'}.`
  return new InputError(
    `${what.charAt(0).toUpperCase()}${what.slice(1)}.`,
    remedy === '' ? help : `${remedy} ${help}`,
  )
}
