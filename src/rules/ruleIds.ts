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

/** Each rule in one sentence without a full stop; the comment shows it next to the rule's name, docs/rules.md in its table. */
export const inShort: Readonly<Record<RuleId, string>> = {
  'config-endpoint': 'each target has one endpoint for configuration access, in its own region',
  'config-association': 'the target is associated with that endpoint',
  'workspace-endpoint': 'the automatic endpoint of every Azure Monitor workspace is linked',
  'regional-endpoint': 'every endpoint that serves configuration is linked',
  'cluster-ingestion': "the endpoint through which a cluster's Prometheus rule sends is linked",
  'machine-ingestion': 'a machine with metrics has an ingestion endpoint, which is linked',
  'rule-endpoint': "every endpoint that a target's rules name is linked",
  'log-analytics': 'every Log Analytics workspace is linked',
  'access-modes': "the scope's access modes are as the file says",
}
