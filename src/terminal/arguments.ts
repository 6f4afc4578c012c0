import { parseArgs } from 'node:util'
import { InputError } from '../errors.ts'
import { nearest } from '../topology/nearest.ts'
import { isOffered, offered, type OfferedCommand, offeredCommands } from './offered.ts'
import { commonOptions, type Option, optionsOf, outputOptions, withoutMeaning } from './options.ts'
import { program } from './usage.ts'

/** What a command line asks for. */
export type Asked =
  | { readonly what: 'help'; readonly command: OfferedCommand | undefined }
  | { readonly what: 'version' }
  | Task

export interface Task {
  readonly what: 'run'
  readonly command: OfferedCommand
  /** As they were named, in order. */
  readonly operands: readonly string[]
  /** Inputs by their names. */
  readonly inputs: ReadonlyMap<string, string>
  readonly output: 'text' | 'json' | 'markdown'
  readonly detailedExitCode: boolean
}

/**
 * Reads the arguments, by Node's own parser.
 *
 * @throws InputError that says what is wrong, and what to write instead.
 */
export function readArguments(args: readonly string[]): Asked {
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
    throw wrong('--json and --markdown are both given', `Give one of them.`, command)
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

/** Only options: they ask for the help or the version, or for nothing that can be done. */
function withoutCommand(args: readonly string[]): Asked {
  const { values } = parse(args, commonOptions, undefined)
  if (values.has('version')) return { what: 'version' }
  if (values.has('help')) return { what: 'help', command: undefined }
  throw wrong('no command is given', `Give one of ${offeredCommands.join(', ')}.`, undefined)
}

function unknownCommand(word: string): InputError {
  if (word === 'apply') {
    return new InputError(
      'apply is not offered in a terminal: what changes Azure goes through review.',
      `To see what would change: ${program} plan. To apply it: commit the file, open a pull request, and merge it once its plan comment is approved; or run the workflow by hand with command: apply.`,
    )
  }
  const near = nearest(word, offeredCommands)
  const known = `The commands are ${offeredCommands.join(', ')}.`
  return wrong(
    `there is no command ${JSON.stringify(word)}`,
    near === undefined ? known : `Did you mean ${near}? ${known}`,
    undefined,
  )
}

/** A boolean that stands alone means `true`, and `--no-` before it `false`; the parser wants a value. */
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
  /** A switch that is given has the value `true`. */
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
    // What is wrong is said here, in our words and with the nearest option.
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
      throw wrong(`${rawName} is given twice`, 'Give it once.', command)
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
    throw wrong(`${raw} takes no value`, 'Leave the value out.', command)
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
    return wrong(`${raw} is not an option here: ${why}`, 'Leave it out.', command)
  const near = nearest(
    name,
    options.map((option) => option.name),
  )
  const remedy = near === undefined ? '' : `Did you mean --${near}? `
  return wrong(`there is no option ${raw}`, remedy.trim(), command)
}

function wrong(what: string, remedy: string, command: OfferedCommand | undefined): InputError {
  const help = `${program}${command === undefined ? '' : ` ${command}`} --help shows what there is.`
  return new InputError(
    `${what.charAt(0).toUpperCase()}${what.slice(1)}.`,
    remedy === '' ? help : `${remedy} ${help}`,
  )
}
