import type { ListSizes } from '../azure/look/answerFromLists.ts'
import type { Written } from '../azure/look/lookAfterWrites.ts'
import { asFailure, AzureError, type Failure } from '../errors.ts'
import type { Question } from '../estate/question.ts'
import { associationQuestion } from '../plan/confirm.ts'
import type { Change } from '../plan/plan.ts'
import type { ReportFacts } from '../report.ts'
import type { ApplyContext } from './context.ts'
import { findBlock } from './reportOf.ts'
import { lookTwice } from './lookTwice.ts'
import { type Observation, observeIn } from './observe.ts'

/**
 * Reads everything that an apply touched again, from the providers (contract section 4, promise 5). Returns the
 * report's part on it; empty when Azure matches the file. Never throws: the report must list what was written even
 * when Azure can't be read.
 */
export async function readBack(
  context: ApplyContext,
  changes: readonly Change[],
  sizes: ListSizes,
): Promise<Pick<ReportFacts, 'remaining' | 'failure'>> {
  const { log, topology } = context
  return await log.group(`Read Azure again for ${topology.name}`, async () => {
    try {
      const { plan } = await lookUntilEmpty(context, {
        questions: changes.flatMap(questionsAbout),
        sizes,
      })
      if (plan.changes.length > 0) {
        return { remaining: plan.changes, failure: explainRemaining(plan.changes.length) }
      }
      const blocked = findBlock(plan.diagnostics)
      if (blocked !== undefined) return { failure: explainUnsure(blocked) }
      log.info('Azure matches the file.')
      return {}
    } catch (error) {
      const failure = asFailure(error)
      log.info(failure.message)
      if (error instanceof AzureError && error.correlationId !== undefined) {
        log.info(`Azure correlation id: ${error.correlationId}`)
      }
      return { failure: explainUnsure(failure) }
    }
  })
}

async function lookUntilEmpty(context: ApplyContext, written: Written): Promise<Observation> {
  return await lookTwice(context, {
    look: () =>
      observeIn(context, {
        written,
        // An apply doesn't change the network, and it was read before the writes.
        checkNetwork: false,
      }),
    complaint: ({ plan }) => {
      const left = plan.changes.length
      return left === 0 ? undefined : `${left} differences are left`
    },
  })
}

function explainRemaining(count: number): Failure {
  const differences = count === 1 ? '1 difference' : `${count} differences`
  return {
    reason: 'not-converged',
    message: `Everything was written, but reading Azure again shows ${differences}: something else may be changing the same objects.`,
    remedy:
      'Look at the remaining differences, stop whatever else writes these objects (a policy, another workflow), then run the same job again.',
  }
}

/** Everything was written but not verified; the failure is what prevented the check. */
function explainUnsure({ reason, message, remedy }: Failure): Failure {
  return {
    reason: reason === 'blocked' ? 'not-converged' : reason,
    message: `Everything was written, but whether Azure matches the file now could not be checked. ${message}`,
    remedy,
  }
}

function questionsAbout(change: Change): readonly Question[] {
  const object = change.after ?? change.before
  switch (object.kind) {
    case 'dataCollectionEndpoint':
      return [{ what: 'endpoint', id: object.id }]
    case 'association':
      return [associationQuestion(object)]
    case 'scopedResource':
    case 'accessModes':
      return []
  }
}
