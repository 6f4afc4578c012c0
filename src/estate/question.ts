import { idKey } from '../resources/id.ts'

/**
 * A question that only a provider can answer exactly. Deriving and comparing are pure: where they
 * need to know more than the estate holds, they ask, the answers are read, and they run again.
 */
export interface Question {
  readonly what:
    | 'target'
    | 'monitorWorkspace'
    | 'logWorkspace'
    | 'endpoint'
    | 'rule'
    /** The configuration association of the resource `id`. */
    | 'association'
    /** All associations of the resource `id`. */
    | 'ruleAssociations'
    /** What is associated with the endpoint `id`, and which rules send through it. */
    | 'uses'
    /** What is associated with the rule `id`. */
    | 'ruleUses'
  readonly id: string
  /** For an association: the endpoint whose own list probably has it, beside many others. */
  readonly endpointId?: string
  /** For an association: where there is none, the target itself is read with it. */
  readonly withTarget?: true
}

/** Two questions with one key have one answer. */
export function questionKey(question: Question): string {
  return `${question.what}:${idKey(question.id)}`
}
