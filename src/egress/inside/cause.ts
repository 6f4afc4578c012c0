/** Why a name isn't as expected, by the failure modes of facts-2, B.2 and B.3. */
export interface Cause {
  readonly kind: CauseKind
  /** What is wrong, in one sentence. */
  readonly text: string
  /** What to do, in one sentence. */
  readonly remedy: string
}

export const causeKinds = [
  'no private endpoint',
  'zone missing',
  'zone not linked',
  'not scoped',
  'record missing',
  'zone of another scope',
  'own DNS server',
  'route or firewall',
  'intercepted TLS',
  'not healthy',
  'not tried',
  'not known whose',
] as const
export type CauseKind = (typeof causeKinds)[number]
