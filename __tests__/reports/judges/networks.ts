import type { Judges } from '../judge.ts'

/** Reports on the network around a scope. */
export const networks: Judges = {}
