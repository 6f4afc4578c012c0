import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { SeedResource } from '../../simulator/simulator.ts'
import { sharedFolder } from '../fidelity/shared.ts'

/** A reduced public report: a folder of `../shared/reports`, whose README.md describes it. */
export interface Report {
  readonly name: string
  readonly resources: readonly SeedResource[]
  readonly spec: ReportSpec
  /** A topology file of the folder. */
  readonly topology: (file: string) => string
  readonly has: (file: string) => boolean
  /** The expected result, in three lines. */
  readonly expected: string
}

/** `steps.json`. */
export interface ReportSpec {
  readonly azure?: { readonly signIn?: 'refuse'; readonly subject?: string }
  readonly github?: GitHubTurn
  readonly ghes?: { readonly hideFields?: readonly string[] }
  readonly lateAssociation?: number
  readonly policy?: unknown
  readonly steps: readonly Step[]
}

export interface Step {
  readonly note?: string
  readonly run?: string
  readonly eventName?: string
  readonly notFork?: boolean
  readonly number?: number
  readonly sha?: string
  readonly headSha?: string
  readonly actor?: string
  readonly topology?: string
  readonly inputs?: Readonly<Record<string, string>>
  readonly env?: Readonly<Record<string, string>>
  readonly payload?: Readonly<Record<string, unknown>>
  readonly noOidc?: boolean
  readonly merge?: number
  readonly commits?: readonly string[]
  readonly mergeCommits?: readonly string[]
  readonly base?: string
  readonly headRepo?: string
  readonly open?: number
  readonly azure?: { readonly set?: readonly SeedResource[]; readonly remove?: readonly string[] }
  readonly comment?: number
  readonly edit?: number
  readonly delete?: number
  readonly body?: string
  readonly by?: string
  /** The author of the comments so far. */
  readonly as?: string
  readonly github?: GitHubTurn
  readonly githubFaults?: readonly {
    readonly match: { readonly method?: string; readonly pathRegex?: string }
    readonly status: number
    readonly message: string
  }[]
}

/** The knobs of GitHub from here on. */
export interface GitHubTurn {
  readonly readOnly?: boolean
  readonly hidden?: boolean
  readonly actions?: boolean
  readonly lateAssociation?: number
}

const folder = path.join(sharedFolder, 'reports')

/** Names of the reports, in order; none where `../shared` is absent. */
export function listReports(): readonly string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
}

export function readReport(name: string): Report {
  const at = (file: string) => path.join(folder, name, file)
  const read = (file: string) => readFileSync(at(file), 'utf8')
  return {
    name,
    resources: JSON.parse(read('azure.json')) as readonly SeedResource[],
    spec: JSON.parse(read('steps.json')) as ReportSpec,
    topology: read,
    has: (file) => existsSync(at(file)),
    expected: read('EXPECTED.md'),
  }
}
