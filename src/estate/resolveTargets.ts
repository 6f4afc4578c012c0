import type { Diagnostic } from '../diagnostics.ts'
import { compareText, nameOf, parseResourceId } from '../resources/id.ts'
import type {
  Destinations,
  Position,
  SelectEntry,
  TargetEntry,
  TargetKind,
  Topology,
} from '../topology/topology.ts'
import type { Question } from './question.ts'
import type { Estate, Target } from './estate.ts'
import { explainReading } from './reading.ts'
import { explainHiddenSubscriptions } from './hiddenSubscriptions.ts'
import { readRules, type Resolving } from './targetRules.ts'
import type { ResolvedTarget, ResolvedTargets } from './resolved.ts'

interface Candidate extends Destinations {
  readonly id: string
  readonly key: string
  readonly kind: TargetKind
  readonly at: Position
  readonly explicit: boolean
}

/** Resolves the targets of a file: those named explicitly, and those matched by selects. */
export function resolveTargets(topology: Topology, estate: Estate): ResolvedTargets {
  const { candidates, diagnostics: duplicates } = gatherCandidates(topology, estate)
  const diagnostics: Diagnostic[] = [...duplicates, ...explainHiddenSubscriptions(topology, estate)]
  const questions: Question[] = []
  const targets: ResolvedTarget[] = []
  for (const candidate of candidates.values()) {
    const reading = estate.targets.get(candidate.key)
    if (reading === undefined) questions.push({ what: 'target', id: candidate.id })
    else if (reading.state === 'found') {
      const target = reading.value
      if (isFlexible(target)) diagnostics.push(explainFlexible(topology.file, target, candidate))
      else targets.push(resolve(candidate, target, { topology, estate, questions, diagnostics }))
    } else {
      const what = `${candidate.kind} "${nameOf(candidate.id)}"`
      const remedy = remedyFor(candidate.id)
      diagnostics.push(
        explainReading(reading, {
          ...{ what, id: candidate.id, file: topology.file, at: candidate.at },
          ...(remedy !== undefined && { remedy }),
        }),
      )
    }
  }
  return {
    targets: targets.toSorted((a, b) => compareText(a.key, b.key)),
    named: new Set(candidates.keys()),
    diagnostics,
    questions,
  }
}

function resolve(candidate: Candidate, target: Target, resolving: Resolving): ResolvedTarget {
  const { key, kind, at } = candidate
  const ruleKeys = resolving.estate.ruleAssociations.get(key) ?? []
  const { rules, hasHiddenRule } = readRules(ruleKeys, { target, at }, resolving)
  return { key, target, kind, at, rules, hasHiddenRule, ...destinationsOf(candidate) }
}

/** Collects the targets. An explicit entry wins over a select; selects that match the same target must agree. */
function gatherCandidates(
  topology: Topology,
  estate: Estate,
): { candidates: ReadonlyMap<string, Candidate>; diagnostics: readonly Diagnostic[] } {
  const candidates = new Map<string, Candidate>()
  const diagnostics: Diagnostic[] = []
  for (const entry of topology.targets) candidates.set(entry.id.key, fromEntry(entry))
  topology.selects.forEach((select, index) => {
    for (const key of estate.selected[index] ?? []) {
      const earlier = candidates.get(key)
      if (earlier?.explicit === true) continue
      if (earlier === undefined) candidates.set(key, fromSelect(select, key, estate))
      else if (!sameDestinations(earlier, select)) {
        diagnostics.push(explainDuplicate(topology.file, key, earlier.at, select.at))
      }
    }
  })
  return { candidates, diagnostics }
}

function fromEntry(entry: TargetEntry): Candidate {
  return {
    id: entry.id.text,
    key: entry.id.key,
    kind: entry.kind,
    at: entry.at,
    explicit: true,
    ...destinationsOf(entry),
  }
}

function fromSelect(select: SelectEntry, key: string, estate: Estate): Candidate {
  const reading = estate.targets.get(key)
  const id = reading?.state === 'found' ? reading.value.id : key
  return { id, key, kind: select.kind, at: select.at, explicit: false, ...destinationsOf(select) }
}

function destinationsOf(entry: Destinations): Destinations {
  return entry.metrics === undefined
    ? { logs: entry.logs }
    : { metrics: entry.metrics, logs: entry.logs }
}

function sameDestinations(a: Destinations, b: Destinations): boolean {
  const logs = (entry: Destinations) => entry.logs.toSorted(compareText).join('\n')
  return a.metrics === b.metrics && logs(a) === logs(b)
}

/** Azure allows no association on a flexible scale set (facts, section 1.3). */
function isFlexible(target: Target): boolean {
  return target.orchestrationMode?.toLowerCase() === 'flexible'
}

function explainFlexible(file: string, target: Target, candidate: Candidate): Diagnostic {
  const place = { resource: target.id, file, line: candidate.at.line, column: candidate.at.column }
  const why = `Scale set "${target.name}" has flexible orchestration, for which Azure allows no data collection association`
  return candidate.explicit
    ? {
        severity: 'error',
        code: 'flexible-scale-set',
        message: `${why}.`,
        remedy: 'Name its virtual machines instead, for example with a select on their tags.',
        ...place,
      }
    : {
        severity: 'warning',
        code: 'flexible-scale-set',
        message: `${why}; the select skips it.`,
        remedy: 'Select its virtual machines instead (types: [Microsoft.Compute/virtualMachines]).',
        ...place,
      }
}

function explainDuplicate(
  file: string,
  key: string,
  first: Position,
  second: Position,
): Diagnostic {
  return {
    severity: 'error',
    code: 'duplicate-target',
    message: `The selects on line ${first.line} and line ${second.line} both match "${nameOf(key)}", but set different metrics or logs for it.`,
    remedy:
      'Make the two selects disjoint, or add an explicit entry for the target, which takes precedence.',
    resource: key,
    file,
    line: second.line,
    column: second.column,
  }
}

/** The remedy for a missing machine or cluster: the author may have used a short reference for another type. */
function remedyFor(id: string): string | undefined {
  return remedies.get(parseResourceId(id)?.type ?? '')
}

const remedies: ReadonlyMap<string, string> = new Map([
  [
    'microsoft.compute/virtualmachines',
    'Check resource group and name. A short reference means a virtual machine in "subscription"; for an Arc machine, a scale set or another subscription, use the full id.',
  ],
  [
    'microsoft.containerservice/managedclusters',
    'Check resource group and name. A short reference means an AKS cluster in "subscription"; for an Arc-enabled cluster or another subscription, use the full id.',
  ],
])
