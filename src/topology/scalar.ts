import {
  boolCoreTag,
  floatCoreTag,
  intCoreTag,
  NOT_RESOLVED,
  nullCoreTag,
  SCALAR_STYLE,
} from 'js-yaml'
import { quoted } from './problem.ts'

const coreTags = [nullCoreTag, boolCoreTag, intCoreTag, floatCoreTag]

/**
 * Resolves a scalar by the core schema of YAML 1.2: `no`, `on` and dates are text; `true`, `010` and
 * `~` are not.
 *
 * @param tag the YAML tag as written; empty if there is none
 */
export function resolveScalar(
  text: string,
  tag: string,
  style: number,
): { value: unknown } | { problem: { message: string; remedy: string } } {
  // Line breaks and tabs are legitimate in block scalars; escapes such as "\e" or "\uD800" are not.
  if (/[\p{Cc}\p{Cs}]/u.test(text.replace(/[\n\t]/g, ''))) {
    return {
      problem: {
        message: `The text ${quoted(text)} contains a control character.`,
        remedy: 'Remove it.',
      },
    }
  }
  if (tag === '!' || tag === '!!str') return { value: text }
  if (tag !== '') {
    return {
      problem: {
        message: `The YAML tag ${quoted(tag)} is not supported.`,
        remedy: 'Remove it. To make a value text, put quotes around it.',
      },
    }
  }
  if (style !== SCALAR_STYLE.PLAIN) return { value: text }
  for (const core of coreTags) {
    const value = core.resolve(text, false, core.tagName)
    if (value !== NOT_RESOLVED) return { value }
  }
  return { value: text }
}
