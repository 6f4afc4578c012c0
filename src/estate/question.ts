import { idKey } from '../resources/id.ts'

/**
 * A question that only a resource provider can answer reliably. Deriving and comparing are pure: if
 * the estate lacks something, they return questions; the answers are read, and they run again.
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
    /** The associations of the endpoint `id`, and the rules that send through it. */
    | 'uses'
    /** The associations of the rule `id`. */
    | 'ruleUses'
  readonly id: string
  /** For an association: an endpoint whose list of associations probably includes it, so that one read answers many questions. */
  readonly endpointId?: string
  /** For an association: if it doesn't exist, read the target too. */
  readonly withTarget?: true
}

/** Key of a question: questions with the same key have the same answer. */
export function questionKey(question: Question): string {
  return `${question.what}:${idKey(question.id)}`
}
