import {endOfValue, type Form} from './line-form.ts'

/** A part of a line: what stands before a value, and how the value is written; null where none follows. */
export type Part = {constant: string; form: Form | null}

/**
 * Lines that begin alike share a branch up to where they part, by one byte. It is kept in numbers and in one run of bytes,
 * each text once, so that it stays in the processor's cache: there it is three times as fast as a tree of objects.
 */
export type Tree = {
  nodes: Int32Array
  count: number
  bytes: Buffer
  view: DataView
  used: number
  /** Where a constant stands that came before. */
  known: Map<string, number>
  ends: number
}

/** What a node has: its constant, its value, a node behind it, the next beside it, a number if a line ends here, its first byte. */
const [from, length, form, behind, beside, end, first] = [0, 1, 2, 3, 4, 5, 6]
const size = 7
const none = -1
const forms: readonly (Form | null)[] = [null, 'word', 'number']

export const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.length)

export const newTree = (): Tree => {
  const bytes = Buffer.alloc(1 << 12)
  const tree = {nodes: new Int32Array(64 * size), count: 0, bytes, view: viewOf(bytes), used: 0, known: new Map(), ends: 0}
  addNode(tree, 0, 0, 0)
  return tree
}

/** Where the values of the line in hand begin and end, in their order. */
export type Places = Int32Array

export const mostValues = 32
export const noPlaces = (): Places => new Int32Array(mostValues * 2)

const isSameShort = (a: DataView, aAt: number, b: DataView, bAt: number, count: number): boolean => {
  for (let i = 0; i < count; i += 1) if (a.getInt8(aAt + i) !== b.getInt8(bAt + i)) return false
  return true
}

/**
 * By the eight, and the last eight once more: that is several times as fast as byte by byte. No eight bytes of a text are
 * one of the two zeros; what is no number is like nothing, and the line is read as if it were new.
 */
const isSame = (a: DataView, aAt: number, b: DataView, bAt: number, count: number): boolean => {
  if (count < 8) return isSameShort(a, aAt, b, bAt, count)
  const last = count - 8
  for (let i = 0; i < last; i += 8) if (a.getFloat64(aAt + i) !== b.getFloat64(bAt + i)) return false
  return a.getFloat64(aAt + last) === b.getFloat64(bAt + last)
}

const parting = (nodes: Int32Array, node: number, byte: number | undefined): number => {
  let next = nodes[node + behind]!
  while (next !== none && nodes[next + first] !== byte) next = nodes[next + beside]!
  return next
}

/** The number of the lines that are like this one, the places of its values filled in; -1 where none was. */
export const follow = (tree: Tree, bytes: Buffer, view: DataView, start: number, to: number, places: Places): number => {
  const {nodes} = tree
  let at = start
  let place = 0
  let node = parting(nodes, 0, bytes[at])
  while (node !== none) {
    const count = nodes[node + length]!
    if (at + count > to || !isSame(view, at, tree.view, nodes[node + from]!, count)) return none
    at += count
    const value = nodes[node + form]!
    if (value !== 0) {
      const valueEnd = endOfValue(value === 1, bytes, at, to)
      if (valueEnd === at) return none
      places[place] = at
      places[place + 1] = valueEnd
      place += 2
      at = valueEnd
    }
    if (nodes[node + end] !== none) return nodes[node + end]!
    node = parting(nodes, node, bytes[at])
  }
  return none
}

const addNode = (tree: Tree, start: number, count: number, value: number): number => {
  const node = tree.count * size
  if (node === tree.nodes.length) {
    const grown = new Int32Array(node * 2)
    grown.set(tree.nodes)
    tree.nodes = grown
  }
  tree.count += 1
  tree.nodes.set([start, count, value, none, none, none, tree.bytes[start] ?? 0], node)
  return node
}

const append = (tree: Tree, constant: string): number => {
  const start = tree.used
  tree.used += constant.length
  while (tree.used > tree.bytes.length) tree.bytes = Buffer.concat([tree.bytes, Buffer.alloc(tree.bytes.length)])
  tree.view = viewOf(tree.bytes)
  tree.bytes.write(constant, start, 'latin1')
  return start
}

const placeOf = (tree: Tree, constant: string): number => {
  const start = tree.known.get(constant) ?? append(tree, constant)
  tree.known.set(constant, start)
  return start
}

const makeBehind = (tree: Tree, node: number, {constant, form: value}: Part): number => {
  const made = addNode(tree, placeOf(tree, constant), constant.length, forms.indexOf(value))
  tree.nodes[made + beside] = tree.nodes[node + behind]!
  tree.nodes[node + behind] = made
  return made
}

const split = (tree: Tree, node: number, at: number): void => {
  const rest = addNode(tree, tree.nodes[node + from]! + at, tree.nodes[node + length]! - at, tree.nodes[node + form]!)
  const {nodes} = tree
  nodes[rest + behind] = nodes[node + behind]!
  nodes[rest + end] = nodes[node + end]!
  nodes.set([at, 0, rest], node + length)
  nodes[node + end] = none
}

const alikeUpTo = ({nodes, bytes}: Tree, node: number, constant: string): number => {
  const start = nodes[node + from]!
  const count = Math.min(nodes[node + length]!, constant.length)
  let i = 0
  while (i < count && bytes[start + i] === constant.charCodeAt(i)) i += 1
  return i
}

/** The node of one part, made if need be; none where earlier lines have a value and this one has none, or the reverse. */
const grownBy = (tree: Tree, before: number, part: Part): number => {
  const node = parting(tree.nodes, before, part.constant.charCodeAt(0))
  if (node === none) return makeBehind(tree, before, part)
  const alike = alikeUpTo(tree, node, part.constant)
  if (alike < tree.nodes[node + length]!) split(tree, node, alike)
  const value = tree.nodes[node + form]
  if (alike === part.constant.length) return value === forms.indexOf(part.form) ? node : none
  return value === 0 ? grownBy(tree, node, {...part, constant: part.constant.slice(alike)}) : none
}

/** The number that lines like this one have from now on; -1 where they can have none. */
export const grow = (tree: Tree, parts: readonly Part[]): number => {
  let node = 0
  for (const part of parts) if (node !== none) node = grownBy(tree, node, part)
  if (node === none) return none
  if (tree.nodes[node + end] === none && tree.nodes[node + behind] === none) {
    tree.nodes[node + end] = tree.ends
    tree.ends += 1
  }
  return tree.nodes[node + end]!
}
