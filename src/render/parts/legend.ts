import type { Graph, Node, Role } from './graph.ts'
import { capital, sentence } from '../text/words.ts'

/** What the lines and shapes in the diagram mean. */
export function legend({ nodes, edges }: Graph): string {
  const states = new Set(edges.map((edge) => edge.state))
  const roles = new Set(nodes.map(shapeOf))
  const lines = [
    ...(states.has('added') || states.has('changed') ? [['thick', 'are new']] : []),
    ...(states.has('removed') ? [['dotted', 'are removed']] : []),
    ...(states.has('same') ? [['thin', 'are unchanged']] : []),
  ].map(([line = '', what = ''], index) => `${line} ${index === 0 ? 'lines' : 'ones'} ${what}`)
  const shapes = shapeWords
    .filter(([role]) => roles.has(role))
    .map(([, shape, what], index) => `${shape} ${index === 0 ? 'are ' : ''}${what}`)
  const hexagon = roles.has('scope') ? ['the hexagon is the scope'] : []
  const meaning = [...(shapes.length > 0 ? [shapes.join(', ')] : []), ...hexagon].join('; ')
  return `*${sentence(capital(lines.join(', ')))} ${sentence(capital(meaning))}*`
}

/** A node of machines and clusters is drawn as a machine. */
function shapeOf({ role, roles }: Node): Role {
  return new Set(roles).size > 1 ? 'machine' : role
}

const shapeWords = [
  ['machine', 'rectangles', 'machines'],
  ['cluster', 'double frames', 'clusters'],
  ['endpoint', 'rounded boxes', 'endpoints'],
  ['workspace', 'drums', 'workspaces'],
] as const
