import type { Judges } from '../judge.ts'

/** Reports on what a plan makes of an estate. */
export const estates: Judges = {}
