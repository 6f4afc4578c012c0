import type { Knobs } from '../../simulator/simulator.ts'

/**
 * An open question about Azure that only a live test can answer, and what the product does either
 * way.
 */
export interface Point {
  /** Its number in the page, the script and the names of the tests. */
  readonly id: string
  /** The related text of facts, section 10; none if the question comes from another section. */
  readonly facts: readonly string[]
  readonly open: string
  readonly does: string
  /** The simulator's knobs for it, with their values. */
  readonly knobs: { readonly [K in keyof Knobs]?: readonly Knobs[K][] }
  /** How it is simulated without a knob. */
  readonly played?: string
}

/** The points of docs/live-checklist.md. */
export const points: readonly Point[] = [
  {
    id: 'P1',
    facts: ['HTTP status + code of failure #1;'],
    open: 'Is a write to a scope that is already being written refused with 409 or 400?',
    does: 'Recognises both by the words "provisioning state", waits for the scope, and writes again until `wait-timeout-minutes` is over.',
    knobs: { busyStatus: [409, 400] },
  },
  {
    id: 'P2',
    facts: ['LRO headers on scopedResource 202 (Azure-AsyncOperation vs Location).'],
    open: 'Does a write of a link answer 200 with `Provisioning`, or 202 with `Azure-AsyncOperation` or `Location`?',
    does: 'Follows `Azure-AsyncOperation`, else `Location`, and then in any case the link itself until it is `Succeeded`.',
    knobs: { lro: ['body', 'async-operation', 'location'] },
  },
  {
    id: 'P3',
    facts: ['DELETE DCE with live DCRA', 'code and text.'],
    open: 'Is deleting an endpoint refused while targets are associated with it?',
    does: "Does not depend on it: the plan reads the endpoint's own list of associations (`endpoint-in-use`), and the apply reads it again right before the delete.",
    knobs: { endpointInUse: ['refuse', 'allow'] },
  },
  {
    id: 'P4',
    facts: ['/ still scoped:'],
    open: 'Is it refused while a scope links it?',
    does: 'Deletes its own link first and waits for it; a link in another scope blocks the plan (`endpoint-in-use`).',
    knobs: { linkedDelete: ['refuse', 'allow'] },
  },
  {
    id: 'P5',
    facts: [
      'Re-PUT of identical scopedResource (same name+id): 200 no-op or 409? (#28176 suggests 409 may occur.)',
    ],
    open: 'Does writing an identical link again answer 200 or 409?',
    does: 'Treats "same linked resource id already exists" as done once it has read the link.',
    knobs: { identicalLink: ['no-op', 'conflict'] },
  },
  {
    id: 'P6',
    facts: ['ARG: does the DCE row carry `privateLinkScopedResources`;'],
    open: 'Do rows of Resource Graph carry `privateLinkScopedResources`?',
    does: "Relies on the endpoint's own answer before it deletes or unlinks; rows only help to find links.",
    knobs: { graphLinks: ['shown', 'hidden'] },
  },
  {
    id: 'P7',
    facts: [
      'PUT of `configurationAccessEndpoint` with wrong-region DCE: rejected, or accepted and dead? (no source found; assume accepted)',
    ],
    open: 'Is an association with an endpoint of another region accepted?',
    does: 'Never writes one, and replaces an existing one.',
    knobs: { otherRegion: ['accept', 'refuse'] },
  },
  {
    id: 'P8',
    facts: [],
    open: 'Is the table of associations `insightsresources` or `insightresources`?',
    does: 'Queries the first, and the second if the first is refused.',
    knobs: { associationTable: ['insightsresources', 'insightresources'] },
  },
  {
    id: 'P9',
    facts: [
      'Which linked-action string is demanded for DCE/LAW scoping;',
      'rights in `MA_*_managed`;',
    ],
    open: 'Which right on the linked resource does linking require, also in the managed group of an Azure Monitor workspace?',
    does: "Names Azure's action and resource in the error's remedy; [permissions](./permissions.md) grants all known ones.",
    knobs: { linkedAction: ['scopedPrivateLinkProxies/write', 'write'] },
  },
  {
    id: 'P10',
    facts: ['is there a deny assignment/lock there.'],
    open: 'Is there a lock or a deny assignment on that group?',
    does: 'The link of its endpoint fails with the lock or the deny assignment as the reason; changes that do not depend on it are made.',
    knobs: { managedGroups: ['open', 'locked', 'denied'] },
  },
  {
    id: 'P11',
    facts: ['Casing of `linkedResourceId` echoed back.'],
    open: 'In which letter case do `linkedResourceId` and ids come back?',
    does: 'Compares ids without case and sends them as written.',
    knobs: { casing: ['azure', 'lower', 'upper'] },
  },
  {
    id: 'P12',
    facts: ['DCE name minimum/first-char rule.'],
    open: 'May a name begin with a digit, and what is its minimum length?',
    does: 'The default names begin with `dce-`. Names from templates are sent as the file says; a refusal shows the name and the file.',
    knobs: { endpointNames: ['usual', 'strict', 'lenient'] },
  },
  {
    id: 'P13',
    facts: ['RP rate limits on DCRA writes.'],
    open: 'How many associations may be written per minute?',
    does: "Paces itself by the remaining limit in Azure's headers, and waits as long as a 429 says, in headers or message.",
    knobs: { throttle: ['none', 'published'], associationWrites: [300, 30] },
    played: 'and faults, for a 429 in another form',
  },
  {
    id: 'P14',
    facts: ['DELETE of AMPLS with PE.'],
    open: 'Is deleting a scope refused while it has private endpoints?',
    does: 'Never deletes a scope.',
    knobs: {},
    played: 'README G7; no run of the product asks for it',
  },
  {
    id: 'P15',
    facts: ['are scopedResources queryable anywhere.'],
    open: 'Are the links of scopes rows of Resource Graph?',
    does: "Does not query them: links are read from the scope's own list, so such rows change nothing.",
    knobs: { graphScoped: ['nowhere', 'resources'] },
  },
]

/** Text of facts, section 10, that is not about Azure. */
export const noPoints = ['Test double']

/** The table of docs/live-checklist.md. */
export function describePoints(): string {
  return table(
    ['point', 'open', 'what the action does either way', 'knob'],
    points.map((point) => [point.id, point.open, point.does, knobsOf(point)]),
  )
}

/** The same table with the names of each point's tests. */
export function describeTests(names: readonly string[]): string {
  const testsOf = ({ id }: Point) => names.filter((name) => name.startsWith(`${id}: `))
  return [
    '# Open points, simulated with both answers',
    '',
    'Generated by `openPoints.test.ts`; `UPDATE_GOLDENS=1 npm test -- openPoints` regenerates it. What only a live test can answer (facts, section 10), what the product does',
    'with either answer, the knob that simulates it, and the tests that check it. [docs/live-checklist.md](../../docs/live-checklist.md) has the script that settles it.',
    '',
    table(
      ['point', 'open', 'what the product does either way', 'knob and its ways', 'tests'],
      points.map((point) => [
        point.id,
        point.open,
        point.does.replace('(./permissions.md)', '(../../docs/permissions.md)'),
        knobsOf(point),
        testsOf(point)
          .map((name) => name.slice(point.id.length + 2))
          .join('<br>'),
      ]),
    ),
    '',
  ].join('\n')
}

function knobsOf({ knobs, played }: Point): string {
  const all = Object.entries(knobs).map(
    ([name, ways]) =>
      `\`${name}\`: ${ways.map((way) => `\`${JSON.stringify(way).replaceAll('"', '')}\``).join(', ')}`,
  )
  return [...all, ...(played === undefined ? [] : [played])].join('<br>')
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n')
}
