import { z } from 'zod'

/** The texts about a field of the topology file: editors show them from the schema, authors get them in messages. */
export interface About {
  /** Purpose of the field; editors show it on hover. */
  readonly description: string
  /** The allowed value, as the end of a sentence that begins with "… must be". */
  readonly wanted: string
  /** An example, as one line of YAML. */
  readonly example: string
  /** Set for a mandatory field. */
  readonly required?: true
  /** Extra keywords for the JSON Schema: constraints that the parser checks later, with its own messages. */
  readonly json?: Readonly<Record<string, unknown>>
}

/** The texts of every schema, for messages about values that the schema rejects. */
export const wording = z.registry<About>()

/** Attaches the texts about a field to its schema. */
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

/** A text that matches the pattern, if given. */
export function text(about: About, pattern?: RegExp) {
  return field(pattern ? z.string().regex(pattern) : z.string(), about)
}

/** A non-empty list. */
export function listOf<S extends z.ZodType>(item: S, about: About) {
  return field(z.array(item).min(1), about)
}

/** One of these words, case-sensitive. */
export function oneOf<const W extends readonly [string, ...string[]]>(words: W, about: About) {
  return field(z.enum(words), about)
}

/** Ids of subscriptions and tenants. Azure accepts any 8-4-4-4-12 hex digits, including some that strict UUID checks reject. */
export const guid = /^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}$/

/** One segment of a resource id. Stricter than Azure, so that no character can change a URL. */
export const segment = /^(?!\.{1,2}$)[\p{L}\p{N}_.()-]{1,260}$/u

/** An alias, or the name of a remote writer. */
export const label = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9])?$/

/** A region, as `westeurope` or `West Europe`. */
export const region = /^[A-Za-z][A-Za-z0-9 ]{1,62}$/

const part = '[^/\\s?#%\\\\]+'

/** A full resource id or `<resource group>/<name>`; `readReference` checks it in detail. */
export function reference(about: Omit<About, 'wanted' | 'json'>) {
  return text({
    ...about,
    wanted: 'a full resource id or <resource group>/<name>',
    json: { pattern: `^/?${part}(/${part})+/?$` },
  })
}

/** The alias of a workspace in `section`; `readDestinations` checks that it exists. */
export function aliasOf(section: string, about: Omit<About, 'wanted' | 'json'>) {
  return text({ ...about, wanted: `an alias of ${section}`, json: { pattern: label.source } })
}

/** A mapping of tag names to values, within Azure's limits. */
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
