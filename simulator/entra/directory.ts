import type { Knobs } from '../azure/knobs.ts'
import type { EstateSeed } from '../azure/seed.ts'
import type { TokenKey } from './tokens.ts'

/** The data that sign-in checks. */
export interface Directory {
  readonly seed: EstateSeed
  readonly tenant: string
  readonly knobs: Knobs
  readonly key: TokenKey
}
