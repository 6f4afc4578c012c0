import { type Arm, asAzureError } from '../arm.ts'
import { text } from '../azureJson.ts'

/** Tables of one workspace are read at this version (facts-2 A.4). */
const apiVersion = '2022-10-01'

/**
 * Those of the tables that a query costs nothing extra for. A Basic or Auxiliary table is billed by the
 * gigabyte that a query reads, so one whose plan may not be read is left out; one that the workspace
 * does not have costs nothing.
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
    // A job that is being stopped ends; any other trouble costs a second witness, and no more.
    if (code === 'Aborted' || status === undefined) throw error
    return 'other'
  }
}
