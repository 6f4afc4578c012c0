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
 * Reads again, from the providers, all that an apply touched (contract section 4, promise 5). Gives
 * what a report says of it: nothing when Azure is as the file says. Never throws: what was written
 * must be told also when Azure can't be read any more.
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
      log.info('Azure is as the file says.')
      return {}
    } catch (error) {
      const failure = asFailure(error)
      log.info(failure.message)
      if (error instanceof AzureError && error.correlationId !== undefined) {
        log.info(`Correlation id of Azure: ${error.correlationId}`)
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
        // What an apply writes is not in the network: that was looked at before it wrote.
        checkNetwork: false,
      }),
    complaint: ({ plan }) => {
      const left = plan.changes.length
      return left === 0 ? undefined : `${left} differences are left`
    },
  })
}

function explainRemaining(count: number): Failure {
  const differences = count === 1 ? '1 difference is' : `${count} differences are`
  return {
    reason: 'not-converged',
    message: `Everything was written, and ${differences} there when Azure is read again: somebody else may be changing the same things.`,
    remedy:
      'Look at what is left, stop what else writes it (a policy, another workflow), then run the same job again.',
  }
}

/** Written is not verified: what kept us from looking is why the run did not end well. */
function explainUnsure({ reason, message, remedy }: Failure): Failure {
  return {
    reason: reason === 'blocked' ? 'not-converged' : reason,
    message: `Everything was written, but it could not be made sure that Azure is as the file says now. ${message}`,
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
