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
 * The value of a scalar by the core schema of YAML 1.2: `no`, `on` and dates are text, `true`, `010`
 * and `~` are not.
 *
 * @param tag as written, empty when there is none
 */
export function resolveScalar(
  text: string,
  tag: string,
  style: number,
): { value: unknown } | { problem: { message: string; remedy: string } } {
  // Line breaks and tabs are honest in block scalars; escapes such as "\e" or "\uD800" are not.
  if (/[\p{Cc}\p{Cs}]/u.test(text.replace(/[\n\t]/g, ''))) {
    return {
      problem: {
        message: `The text ${quoted(text)} holds a control character.`,
        remedy: 'Take it out.',
      },
    }
  }
  if (tag === '!' || tag === '!!str') return { value: text }
  if (tag !== '') {
    return {
      problem: {
        message: `The YAML tag ${quoted(tag)} means nothing here.`,
        remedy: 'Take it out; put quotes around a value that is to be text.',
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
