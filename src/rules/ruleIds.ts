/** The derivation rules of contract section 2, in the order in which they claim an object. */
export const rules = [
  'config-endpoint',
  'config-association',
  'workspace-endpoint',
  'regional-endpoint',
  'cluster-ingestion',
  'machine-ingestion',
  'rule-endpoint',
  'log-analytics',
  'access-modes',
] as const
export type RuleId = (typeof rules)[number]
