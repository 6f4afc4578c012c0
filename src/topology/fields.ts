import { z } from 'zod'

/** What is said about a field of the topology file: to editors by the schema, to authors by messages. */
export interface About {
  /** What the field is for: the hover in an editor. */
  readonly description: string
  /** What must stand there, to follow "must be". */
  readonly wanted: string
  /** How it is written, as one line of YAML. */
  readonly example: string
  /** Set when it can't be left out. */
  readonly required?: true
  /** What the JSON Schema says beyond zod's checks: what is checked later, with messages of its own. */
  readonly json?: Readonly<Record<string, unknown>>
}

/** What to say of a value that its schema refuses. */
export const wording = z.registry<About>()

/** Attaches to a schema what is said about its field. */
export function field<S extends z.ZodType>(schema: S, about: About): S {
  wording.add(schema, about)
  z.globalRegistry.add(schema, {
    description: `${about.description} Example: \`${about.example}\``,
    markdownDescription: `${about.description}\n\n\`\`\`yaml\n${about.example}\n\`\`\``,
    patternErrorMessage: `This must be ${about.wanted}.`,
    ...about.json,
  })
  return schema
}

/** A text, of this pattern if one is given. */
export function text(about: About, pattern?: RegExp) {
  return field(pattern ? z.string().regex(pattern) : z.string(), about)
}

/** A list of one or more. */
export function listOf<S extends z.ZodType>(item: S, about: About) {
  return field(z.array(item).min(1), about)
}

/** One of these words, exactly as written. */
export function oneOf<const W extends readonly [string, ...string[]]>(words: W, about: About) {
  return field(z.enum(words), about)
}

/** Ids of subscriptions and tenants. Azure's GUIDs are any 8-4-4-4-12 digits, which UUID checks refuse. */
export const guid = /^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}$/

/** One segment of a resource id: narrower than Azure, so that nothing in it can change a URL. */
export const segment = /^(?!\.{1,2}$)[\p{L}\p{N}_.()-]{1,260}$/u

/** An alias, or the name of a remote writer. */
export const label = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9])?$/

/** A region as people write it: `westeurope` or `West Europe`. */
export const region = /^[A-Za-z][A-Za-z0-9 ]{1,62}$/

const part = '[^/\\s?#%\\\\]+'

/** A full resource id or `<resource group>/<name>`; what it names is checked where it is resolved. */
export function reference(about: Omit<About, 'wanted' | 'json'>) {
  return text({
    ...about,
    wanted: 'a full resource id or <resource group>/<name>',
    json: { pattern: `^/?${part}(/${part})+/?$` },
  })
}

/** The alias of a workspace of `section`; whether it is known is checked where it is resolved. */
export function aliasOf(section: string, about: Omit<About, 'wanted' | 'json'>) {
  return text({ ...about, wanted: `an alias of ${section}`, json: { pattern: label.source } })
}

/** A mapping of names of tags to values, within Azure's limits. */
export function tags(about: About) {
  const name = text(
    {
      description: 'Name of the tag.',
      wanted: 'a tag name of 1 to 512 characters on one line, without < > % & \\ ? /',
      example: 'team: platform',
    },
    /^[^<>%&\\?/\n\t]{1,512}$/,
  )
  const value = text(
    {
      description: 'Value of the tag.',
      wanted: 'text of at most 256 characters on one line',
      example: 'team: platform',
    },
    /^[^\n\t]{0,256}$/,
  )
  return field(z.record(name, value), about)
}
