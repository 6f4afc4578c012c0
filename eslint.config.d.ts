import type { Linter } from 'eslint'

export const rooms: readonly { readonly name: string; readonly pure: boolean }[]
export const stairs: Linter.Config[]
declare const config: Linter.Config[]
export default config
