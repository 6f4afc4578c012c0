import { type Arm, asAzureError } from '../arm.ts'
import { text } from '../azureJson.ts'

/** API version of a workspace's tables (facts-2 A.4). */
const apiVersion = '2022-10-01'

/**
 * The tables whose queries are free. Queries of Basic and Auxiliary tables are billed by the
 * gigabyte, so a table whose plan cannot be read is left out; a table that the workspace does not
 * have costs nothing.
 */
export async function analyticsTables(
  arm: Arm,
  workspace: string,
  tables: readonly string[],
): Promise<readonly string[]> {
  const plans = await Promise.all(tables.map((table) => readPlan(arm, workspace, table)))
  return tables.filter((_, index) => plans[index] === 'Analytics')
}

async function readPlan(
  arm: Arm,
  workspace: string,
  table: string,
): Promise<'Analytics' | 'other'> {
  const what = `read the plan of table ${table}`
  try {
    const answer = await arm.send({
      method: 'GET',
      path: `${workspace}/tables/${table}`,
      apiVersion,
      accept: [400, 403, 404],
      what,
    })
    if (answer.status === 403) return 'other'
    const plan = text(answer.body, 'properties', 'plan') ?? 'Analytics'
    return plan.toLowerCase() === 'analytics' ? 'Analytics' : 'other'
  } catch (error) {
    const { code, status } = asAzureError(error, what)
    // An abort ends the job; any other failure only costs a second witness.
    if (code === 'Aborted' || status === undefined) throw error
    return 'other'
  }
}
