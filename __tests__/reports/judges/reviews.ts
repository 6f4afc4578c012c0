import type { Judges } from '../judge.ts'

/** Reports on reviews, GitHub and sign-in. */
export const reviews: Judges = {}
