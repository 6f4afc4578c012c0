/** The version of the action; a test compares it with package.json. */
export const version = '1.0.0'

/** The user agent of requests to Azure. */
export const userAgentPrefix = `azure-monitor-private-link/${version}`

/** The remedy for our own bugs. */
export const reportRemedy =
  'This is a bug in azure-monitor-private-link: please report it, with the log of this run.'
