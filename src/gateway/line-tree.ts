import {endOfValue, type Form} from './line-form.ts'

/** A part of a line: what stands before a value, and how the value is written; null behind the last. */
export type Part = {constant: Buffer; form: Form | null}

/** What a branch has up to its value is the same in all its lines; where they part, they part by one byte. */
export type Branch<Leaf> = {
  first: number
  length: number
  /** Its bytes: comparing them by the four takes a third of the time. */
  constant: DataView
  form: Form | null
  next: Branch<Leaf>[]
  leaf: Leaf | null
}

export const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.length)

const newBranch = <Leaf>(constant: Uint8Array, form: Form | null): Branch<Leaf> => ({
  first: constant[0] ?? -1,
  length: constant.length,
  constant: viewOf(constant),
  form,
  next: [],
  leaf: null,
})

export const newTree = <Leaf>(): Branch<Leaf> => newBranch<Leaf>(new Uint8Array(0), null)

const isSame = (a: DataView, aAt: number, b: DataView, length: number): boolean => {
  let i = 0
  for (; i + 4 <= length; i += 4) if (a.getInt32(aAt + i) !== b.getInt32(i)) return false
  for (; i < length; i += 1) if (a.getInt8(aAt + i) !== b.getInt8(i)) return false
  return true
}

const parting = <Leaf>(next: readonly Branch<Leaf>[], byte: number | undefined): Branch<Leaf> | null => {
  for (let i = 0; i < next.length; i += 1) if (next[i]!.first === byte) return next[i]!
  return null
}

/** Where the values of the line in hand begin and end, in their order. */
export type Places = Int32Array

export const mostValues = 32
export const noPlaces = (): Places => new Int32Array(mostValues * 2)

/** What was kept of lines like this one, the places of its values filled in; null where none was. */
export const follow = <Leaf>(
  root: Branch<Leaf>,
  bytes: Buffer,
  view: DataView,
  start: number,
  end: number,
  places: Places,
): Leaf | null => {
  let at = start
  let place = 0
  let branch = parting(root.next, bytes[at])
  while (branch !== null) {
    const {length, form, next} = branch
    if (at + length > end || !isSame(view, at, branch.constant, length)) return null
    at += length
    if (form !== null) {
      const valueEnd = endOfValue(form, bytes, at, end)
      if (valueEnd === at) return null
      places[place] = at
      places[place + 1] = valueEnd
      place += 2
      at = valueEnd
    }
    if (next.length === 0) return branch.leaf
    branch = parting(next, bytes[at])
  }
  return null
}

const bytesOf = ({constant}: Branch<unknown>): Uint8Array =>
  new Uint8Array(constant.buffer, constant.byteOffset, constant.byteLength)

const alikeUpTo = (a: Uint8Array, b: Uint8Array): number => {
  let i = 0
  while (i < a.length && i < b.length && a[i] === b[i]) i += 1
  return i
}

const split = <Leaf>(branch: Branch<Leaf>, at: number): void => {
  const bytes = bytesOf(branch)
  const {form, next, leaf} = branch
  const rest = Object.assign(newBranch<Leaf>(bytes.subarray(at), form), {next, leaf})
  Object.assign(branch, newBranch<Leaf>(bytes.subarray(0, at), null), {next: [rest]})
}

/** The branch of one part, made if need be; null where earlier lines have a value and this one has none, or the reverse. */
const grownBy = <Leaf>(from: Branch<Leaf>, {constant, form}: Part): Branch<Leaf> | null => {
  const branch = parting(from.next, constant[0])
  if (branch === null) {
    const made = newBranch<Leaf>(constant, form)
    from.next.push(made)
    return made
  }
  const alike = alikeUpTo(bytesOf(branch), constant)
  if (alike < branch.length) split(branch, alike)
  if (alike === constant.length) return branch.form === form ? branch : null
  return branch.form === null ? grownBy(branch, {constant: constant.subarray(alike), form}) : null
}

/** The end of the branch that such a line goes along from now on; null where it can have none. */
export const grow = <Leaf>(root: Branch<Leaf>, parts: readonly Part[]): Branch<Leaf> | null => {
  let branch: Branch<Leaf> | null = root
  for (const part of parts) branch = branch && grownBy(branch, part)
  return branch
}
