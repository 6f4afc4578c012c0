import { describe, expect, test } from '@jest/globals'
import type { Change } from '../../src/plan/plan.ts'
import { mermaid } from '../../src/render/parts/diagram.ts'
import { foldGraph } from '../../src/render/parts/fold.ts'
import { graphOf } from '../../src/render/parts/mermaid.ts'
import { legend } from '../../src/render/parts/legend.ts'
import { mermaidLabel } from '../../src/render/text/markdown.ts'
import { stepsOf } from '../../src/render/parts/steps.ts'
import { viewOf } from '../../src/render/view.ts'
import {
  associationResource,
  change,
  context,
  endpoint,
  endpointResource,
  linkResource,
  machine,
  plan,
  report,
} from './builders.ts'
import { articleChanges, manyChanges } from './situations.ts'

const draw = (changes: readonly Change[]) =>
  mermaid(foldGraph(graphOf(viewOf(report({ plan: plan(changes) }), context))))

describe('the picture', () => {
  test('of one new machine', () => {
    const dce = endpoint('dce-weu')
    const changes = [
      change('config-endpoint', 'r', null, endpointResource(dce, 'westeurope')),
      change('regional-endpoint', 'r', null, linkResource(dce)),
      change(
        'config-association',
        'r',
        associationResource(machine('vm-01'), endpoint('dce-old')),
        associationResource(machine('vm-01'), dce),
      ),
      change('regional-endpoint', 'r', linkResource(endpoint('dce-old')), null),
    ]
    expect(draw(changes)).toBe(`flowchart LR
  subgraph r0["westeurope"]
    n2["vm-01"]
    n3(["dce-weu<br/>new"])
  end
  n0(["dce-old"])
  n1{{"ampls-hub"}}
  n2 -.->|no more| n0
  n2 ==>|moves here| n3
  n0 -.-|unlinked| n1
  n3 ===|new link| n1
  classDef added stroke:#2da44e,stroke-width:3px
  class n3 added
  linkStyle 3 stroke:#2da44e,stroke-width:3px
  linkStyle 1 stroke:#bf8700,stroke-width:3px
  linkStyle 0,2 stroke:#e5534b,stroke-width:2px`)
  })

  test('has a legend of what is in it, and of nothing else', () => {
    const tell = (changes: readonly Change[]) =>
      legend(foldGraph(graphOf(viewOf(report({ plan: plan(changes) }), context))))
    expect(tell([change('regional-endpoint', 'r', null, linkResource(endpoint('dce-weu')))])).toBe(
      '*Thick lines are new. Rounded boxes are endpoints; the hexagon is the scope.*',
    )
    expect(tell(articleChanges)).toBe(
      '*Thick lines are new, dotted ones go away. Rectangles are machines, double frames clusters, rounded boxes endpoints, drums workspaces; the hexagon is the scope.*',
    )
  })

  test('does not depend on the order of changes', () => {
    expect(draw(articleChanges.toReversed())).toBe(draw(articleChanges))
  })

  test.each([1, 13, 14, 200, 3000])('of 3 × %d changes stays within what GitHub draws', (count) => {
    const graph = foldGraph(graphOf(viewOf(report({ plan: plan(manyChanges(count)) }), context)))
    expect(mermaid(graph).length).toBeLessThan(50_000)
    expect(graph.edges.length).toBeLessThan(500)
    expect(graph.nodes.length).toBeLessThanOrEqual(40)
  })

  test('of very many regions is folded across them, and counts everything', () => {
    const changes = Array.from({ length: 400 }, (_, i) =>
      change('config-endpoint', 'r', null, endpointResource(endpoint(`dce-${i}`), `region${i}`)),
    )
    const links = changes.map((c) => change('regional-endpoint', 'r', null, linkResource(c.id)))
    const text = draw([...changes, ...links])
    expect(text).toContain('400 endpoints<br/>in 400 regions')
    expect(text).toContain('400 new link')
  })
})

test.each([
  ['plain', 'vm-01', 'vm-01'],
  ['quotes and brackets', 'a"] --> b["c', 'a#34;#93; --#62; b#91;#34;c'],
  ['an entity', '#quot;', '#35;quot#59;'],
  ['markdown', '`**a**`', '#96;#42;#42;a#42;#42;#96;'],
  ['a number and a point', '1. a', '1#46; a'],
  ['a dash', '- a', '#45; a'],
  ['mathematics', '$$x$$', '#36; #36;x#36; #36;'],
  ['nothing', '', '(nothing)'],
])('a label with %s', (_, label, expected) => {
  expect(mermaidLabel(label)).toBe(expected)
})

describe('steps', () => {
  test('of the article: endpoints, links, associations, modes', () => {
    expect(stepsOf(articleChanges).map((s) => [s.kind, s.action, s.changes.length])).toEqual([
      ['dataCollectionEndpoint', 'create', 2],
      ['scopedResource', 'create', 5],
      ['association', 'create', 3],
      ['association', 'replace', 1],
      ['accessModes', 'update', 1],
    ])
  })

  test('a change that waits for a later step begins a new one', () => {
    const [first, second] = [endpoint('a'), endpoint('b')].map((id) =>
      change('config-endpoint', 'r', null, endpointResource(id, 'westeurope')),
    )
    if (first === undefined || second === undefined) throw new Error('there are two')
    const link = change('regional-endpoint', 'r', null, linkResource(endpoint('a')), {
      dependsOn: [first.key],
    })
    const late = { ...second, dependsOn: [link.key] }
    expect(stepsOf([first, link, late]).map((s) => s.kind)).toEqual([
      'dataCollectionEndpoint',
      'scopedResource',
      'dataCollectionEndpoint',
    ])
  })

  test('interleaved changes are gathered as far as their dependencies allow', () => {
    const changes = [0, 1, 2].flatMap((i) => {
      const dce = change(
        'config-endpoint',
        'r',
        null,
        endpointResource(endpoint(`d${i}`), 'westeurope'),
      )
      return [
        dce,
        change('regional-endpoint', 'r', null, linkResource(dce.id), { dependsOn: [dce.key] }),
      ]
    })
    expect(stepsOf(changes).map((s) => s.changes.length)).toEqual([3, 3])
  })
})
