/** A module of webpack's list, in as much as it is read here. */
interface Module {
  readonly nameForCondition: string | null
  readonly chunks?: readonly number[]
  readonly modules?: readonly Module[]
}

export declare const licensesFile: string
export declare function bundledPackages(
  stats: {
    readonly chunks: readonly { readonly id: number; readonly files: readonly string[] }[]
    readonly modules: readonly Module[]
  },
  left?: readonly string[],
): readonly string[]
export declare function licensesOf(folders: readonly string[]): string
