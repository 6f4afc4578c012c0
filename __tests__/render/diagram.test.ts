import { describe, expect, test } from '@jest/globals'
import type { Change } from '../../src/plan/plan.ts'
import { foldGraph } from '../../src/render/parts/fold.ts'
import { graphOf } from '../../src/render/parts/graph.ts'
import { drawPicture } from '../../src/render/parts/picture.ts'
import { legend } from '../../src/render/parts/legend.ts'
import { mermaidLabel } from '../../src/render/text/markdown.ts'
import { render } from '../../src/render/render.ts'
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

const graph = (changes: readonly Change[]) =>
  graphOf(viewOf(report({ plan: plan(changes) }), context))
const draw = (changes: readonly Change[]) => drawPicture(graph(changes))?.source ?? 'no picture'

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
    expect(draw(changes)).toBe(`%%{init: {"flowchart": {"nodeSpacing": 20, "rankSpacing": 40}}}%%
flowchart TB
  n0(["dce-old"])
  n1{{"ampls-hub"}}
  n2["vm-01"]
  n3(["dce-weu<br/>new"])
  n2 -.-> n0
  n2 ==> n3
  n0 -.- n1
  n3 === n1
  classDef added stroke:#2da44e,stroke-width:3px
  class n3 added
  linkStyle 3 stroke:#2da44e,stroke-width:3px
  linkStyle 1 stroke:#bf8700,stroke-width:3px
  linkStyle 0,2 stroke:#e5534b,stroke-width:2px`)
  })

  test('has a legend of exactly what it contains', () => {
    const tell = (changes: readonly Change[]) => legend(foldGraph(graph(changes)))
    expect(tell([change('regional-endpoint', 'r', null, linkResource(endpoint('dce-weu')))])).toBe(
      '*Thick lines are new. Rounded boxes are endpoints; the hexagon is the scope.*',
    )
    expect(tell(articleChanges)).toBe(
      '*Thick lines are new, dotted ones are removed. Rectangles are machines, double frames clusters, rounded boxes endpoints, drums workspaces; the hexagon is the scope.*',
    )
  })

  test('does not depend on the order of changes', () => {
    expect(draw(articleChanges.toReversed())).toBe(draw(articleChanges))
  })

  test.each([1, 13, 14, 200, 3000])('of 3 × %d changes stays small', (count) => {
    const picture = drawPicture(graph(manyChanges(count)))
    expect(picture?.graph.nodes.length).toBeLessThanOrEqual(8)
    expect(picture?.graph.edges.length).toBeLessThanOrEqual(12)
    expect(foldGraph(graph(manyChanges(count))).nodes.length).toBeLessThanOrEqual(40)
  })

  test('merges similar nodes and counts them', () => {
    const source = draw(manyChanges(200))
    expect(source).toContain('200 machines')
    expect(source).toContain('200 endpoints<br/>in 3 regions<br/>new')
  })

  test('is left out if it would not be readable on a phone, and the text stays', () => {
    const long = (n: number) => endpoint(`dce${'x'.repeat(36)}${n}`)
    const changes = [0, 1].flatMap((n) => [
      change('config-association', 'r', null, associationResource(machine(`vm-${n}`), long(n))),
      change(
        'regional-endpoint',
        'r',
        linkResource(long(n)),
        n === 0 ? null : linkResource(long(n)),
      ),
    ])
    expect(drawPicture(graph(changes))).toBeUndefined()
    const { comment } = render(report({ plan: plan(changes) }), context)
    expect(comment).not.toContain('mermaid')
    expect(comment).toContain('**vm-0** will be configured from')
  })

  test('of very many regions counts everything', () => {
    const changes = Array.from({ length: 400 }, (_, i) =>
      change('config-endpoint', 'r', null, endpointResource(endpoint(`dce-${i}`), `region${i}`)),
    )
    const links = changes.map((c) => change('regional-endpoint', 'r', null, linkResource(c.id)))
    expect(draw([...changes, ...links])).toContain('400 endpoints<br/>in 400 regions<br/>new')
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

  test('a change that waits for a later step starts a new one', () => {
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
