/** One entry of `error.details` in an answer of Resource Graph. */
export interface Detail {
  readonly code: string
  readonly message: string
  readonly line?: number
  readonly characterPositionInLine?: number
  readonly token?: string
}

/** A query that Azure would refuse, with the content of `error.details`. */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly details: readonly Detail[]

  constructor(details: readonly Detail[]) {
    super(details.map(({ code, message }) => `${code}: ${message}`).join('\n'))
    this.details = details
  }
}

/** A query that Azure may answer but this simulator can't; never presented as an answer of Azure. */
export class NotSimulated extends Error {
  override readonly name = 'NotSimulated'

  constructor(what: string) {
    super(
      `The simulated Resource Graph does not know ${what}. Write the query without it, or add it to simulator/resourceGraph.`,
    )
  }
}

/** The first detail of every refused query, as recorded. */
export const invalidQuery: Detail = {
  code: 'InvalidQuery',
  message:
    'Query is invalid. Please refer to the documentation for the Azure Resource Graph service and fix the error before retrying.',
}
