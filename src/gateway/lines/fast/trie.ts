import {endOfValue, type Form} from './value-format.ts'

/** One segment of a template: the literal text before a value, and the value's format; null where no value follows. */
export type Part = {constant: string; form: Form | null}

/**
 * Lines that begin alike share a branch up to where they part, by one byte. It is kept in numbers and in one run of bytes,
 * each text once, so that it stays in the processor's cache: there it is three times as fast as a tree of objects.
 */
export type TemplateTrie = {
  nodes: Int32Array
  count: number
  bytes: Buffer
  view: DataView
  used: number
  /** Where a constant stands that came before. */
  offsets: Map<string, number>
  leafCount: number
}

/** What a node has: its constant, its value, a node behind it, the next beside it, a number if a line ends here, its first byte. */
const [from, length, form, child, sibling, end, first] = [0, 1, 2, 3, 4, 5, 6]
const size = 7
const none = -1
const forms: readonly (Form | null)[] = [null, 'word', 'number']

export const dataViewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.length)

export const createTrie = (): TemplateTrie => {
  const bytes = Buffer.alloc(1 << 12)
  const trie = {
    nodes: new Int32Array(64 * size),
    count: 0,
    bytes,
    view: dataViewOf(bytes),
    used: 0,
    offsets: new Map(),
    leafCount: 0,
  }
  addNode(trie, 0, 0, 0)
  return trie
}

/** Where the values of the line in hand begin and end, in their order. */
export type ValueSpans = Int32Array

export const maxValues = 32
export const createValueSpans = (): ValueSpans => new Int32Array(maxValues * 2)

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

const childFor = (nodes: Int32Array, node: number, byte: number | undefined): number => {
  let next = nodes[node + child]!
  while (next !== none && nodes[next + first] !== byte) next = nodes[next + sibling]!
  return next
}

/** The number of the lines that are like this one, the places of its values filled in; -1 where none was. */
export const matchLine = (
  trie: TemplateTrie,
  bytes: Buffer,
  view: DataView,
  start: number,
  to: number,
  spans: ValueSpans,
): number => {
  const {nodes} = trie
  let at = start
  let place = 0
  let node = childFor(nodes, 0, bytes[at])
  while (node !== none) {
    const count = nodes[node + length]!
    if (at + count > to || !isSame(view, at, trie.view, nodes[node + from]!, count)) return none
    at += count
    const value = nodes[node + form]!
    if (value !== 0) {
      const valueEnd = endOfValue(value === 1, bytes, at, to)
      if (valueEnd === at) return none
      spans[place] = at
      spans[place + 1] = valueEnd
      place += 2
      at = valueEnd
    }
    if (nodes[node + end] !== none) return nodes[node + end]!
    node = childFor(nodes, node, bytes[at])
  }
  return none
}

const addNode = (trie: TemplateTrie, start: number, count: number, value: number): number => {
  const node = trie.count * size
  if (node === trie.nodes.length) {
    const grown = new Int32Array(node * 2)
    grown.set(trie.nodes)
    trie.nodes = grown
  }
  trie.count += 1
  trie.nodes.set([start, count, value, none, none, none, trie.bytes[start] ?? 0], node)
  return node
}

const append = (trie: TemplateTrie, constant: string): number => {
  const start = trie.used
  trie.used += constant.length
  while (trie.used > trie.bytes.length) trie.bytes = Buffer.concat([trie.bytes, Buffer.alloc(trie.bytes.length)])
  trie.view = dataViewOf(trie.bytes)
  trie.bytes.write(constant, start, 'latin1')
  return start
}

const offsetOf = (trie: TemplateTrie, constant: string): number => {
  const start = trie.offsets.get(constant) ?? append(trie, constant)
  trie.offsets.set(constant, start)
  return start
}

const addChild = (trie: TemplateTrie, node: number, {constant, form: value}: Part): number => {
  const made = addNode(trie, offsetOf(trie, constant), constant.length, forms.indexOf(value))
  trie.nodes[made + sibling] = trie.nodes[node + child]!
  trie.nodes[node + child] = made
  return made
}

const split = (trie: TemplateTrie, node: number, at: number): void => {
  const rest = addNode(trie, trie.nodes[node + from]! + at, trie.nodes[node + length]! - at, trie.nodes[node + form]!)
  const {nodes} = trie
  nodes[rest + child] = nodes[node + child]!
  nodes[rest + end] = nodes[node + end]!
  nodes.set([at, 0, rest], node + length)
  nodes[node + end] = none
}

const commonPrefixLength = ({nodes, bytes}: TemplateTrie, node: number, constant: string): number => {
  const start = nodes[node + from]!
  const count = Math.min(nodes[node + length]!, constant.length)
  let i = 0
  while (i < count && bytes[start + i] === constant.charCodeAt(i)) i += 1
  return i
}

/** The node of one part, made if need be; none where earlier lines have a value and this one has none, or the reverse. */
const insertPart = (trie: TemplateTrie, before: number, part: Part): number => {
  const node = childFor(trie.nodes, before, part.constant.charCodeAt(0))
  if (node === none) return addChild(trie, before, part)
  const alike = commonPrefixLength(trie, node, part.constant)
  if (alike < trie.nodes[node + length]!) split(trie, node, alike)
  const value = trie.nodes[node + form]
  if (alike === part.constant.length) return value === forms.indexOf(part.form) ? node : none
  return value === 0 ? insertPart(trie, node, {...part, constant: part.constant.slice(alike)}) : none
}

/** The number that lines like this one have from now on; -1 where they can have none. */
export const insertParts = (trie: TemplateTrie, parts: readonly Part[]): number => {
  let node = 0
  for (const part of parts) if (node !== none) node = insertPart(trie, node, part)
  if (node === none) return none
  if (trie.nodes[node + end] === none && trie.nodes[node + child] === none) {
    trie.nodes[node + end] = trie.leafCount
    trie.leafCount += 1
  }
  return trie.nodes[node + end]!
}
