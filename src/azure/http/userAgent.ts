/** The version of the action; a test holds it equal to package.json's. */
export const version = '1.0.0'

/** What the requests to Azure say they come from. */
export const userAgentPrefix = `azure-monitor-private-link/${version}`

/** Where a problem that is ours is to be reported. */
export const reportRemedy =
  'This is a bug in azure-monitor-private-link: please report it, with the log of this run.'
