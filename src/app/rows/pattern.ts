import {type Assertion, isWord, type Node, parseSyntax, Refusal, refuse, type Test} from './pattern-syntax.ts'

/**
 * Regular expressions that are searched for in linear time. JavaScript's own backtrack: `(a+)+$` on one line that a stranger
 * has made for it would stop the screen for hours. What cannot be searched in linear time (look-around, back-references) is refused.
 */
export type Pattern = {matches: (lowerCaseText: string) => boolean}

/** A state of the automaton: it takes a character, holds at a place, goes on in several ways, or is the end. */
type AutomatonState =
  | {is: 'set'; test: Test; to: number}
  | {is: 'assert'; what: Assertion; to: number}
  | {is: 'split'; to: number[]}
  | {is: 'end'}

const maxStates = 2000

const build = (root: Node): {states: readonly AutomatonState[]; start: number} => {
  const states: AutomatonState[] = [{is: 'end'}]
  const add = (state: AutomatonState): number => {
    if (states.length >= maxStates) return refuse('it is too large')
    return states.push(state) - 1
  }
  const emit = (node: Node, next: number): number => {
    switch (node.is) {
      case 'set':
        return add({is: 'set', test: node.test, to: next})
      case 'assert':
        return add({is: 'assert', what: node.what, to: next})
      case 'sequence':
        return node.parts.reduceRight((to, part) => emit(part, to), next)
      case 'choice':
        return add({is: 'split', to: node.parts.map(part => emit(part, next))})
      case 'repeat':
        return emitRepeat(node, next)
    }
  }
  const emitRepeat = ({node, min, max}: Extract<Node, {is: 'repeat'}>, next: number): number => {
    let to = next
    if (max === Infinity) {
      const ways = [next]
      to = add({is: 'split', to: ways})
      ways.unshift(emit(node, to))
    } else for (let i = min; i < max; i += 1) to = add({is: 'split', to: [emit(node, to), next]})
    for (let i = 0; i < min; i += 1) to = emit(node, to)
    return to
  }
  const start = emit(root, 0)
  return {states, start}
}

const end = -1

/** What may come next after what was read: which states wait, and what stands before. */
type Step = {waiting: readonly number[]; isAfterWord: boolean; isFirst: boolean; next: Map<number, Step | 'found'>}

const isHolding = (what: Assertion, {isAfterWord, isFirst}: Step, code: number): boolean => {
  const isEdge = isAfterWord !== (code !== end && isWord(code))
  if (what === 'start') return isFirst
  if (what === 'end') return code === end
  return what === 'word-edge' ? isEdge : !isEdge
}

/** Steps that were taken once are kept, as far as there is room: a line then costs one look-up a character. */
const maxSteps = 1000
const maxTransitions = 50_000

const matcher = ({states, start}: ReturnType<typeof build>): Pattern['matches'] => {
  let steps = new Map<string, Step>()
  let transitions = 0
  const stepOf = (waiting: readonly number[], isAfterWord: boolean, isFirst: boolean): Step => {
    if (steps.size > maxSteps || transitions > maxTransitions) {
      steps = new Map()
      transitions = 0
    }
    const key = `${isFirst ? 'f' : ''}${isAfterWord ? 'w' : ''}${waiting.join()}`
    const step = steps.get(key) ?? {waiting, isAfterWord, isFirst, next: new Map()}
    steps.set(key, step)
    return step
  }
  const advance = (step: Step, code: number): Step | 'found' => {
    const seen = new Set<number>()
    const open = [...step.waiting, start]
    const taken = new Set<number>()
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      const state = states[id]
      if (state === undefined || seen.has(id)) continue
      seen.add(id)
      if (state.is === 'end') return 'found'
      if (state.is === 'split') open.push(...state.to)
      else if (state.is === 'assert') {
        if (isHolding(state.what, step, code)) open.push(state.to)
      } else if (code !== end && state.test(code)) taken.add(state.to)
    }
    const waiting = Array.from(taken).sort((a, b) => a - b)
    return stepOf(waiting, code !== end && isWord(code), false)
  }
  const next = (step: Step, code: number): Step | 'found' => {
    const cached = step.next.get(code)
    if (cached) return cached
    const found = advance(step, code)
    step.next.set(code, found)
    transitions += 1
    return found
  }
  return text => {
    let step = stepOf([], false, true)
    for (let i = 0; i < text.length; i += 1) {
      const found = next(step, text.charCodeAt(i))
      if (found === 'found') return true
      step = found
    }
    return next(step, end) === 'found'
  }
}

/** Why it cannot be searched for, where it cannot. */
export const parsePattern = (source: string): Pattern | {because: string} => {
  try {
    return {matches: matcher(build(parseSyntax(source)))}
  } catch (error) {
    if (error instanceof Refusal) return {because: error.message}
    throw error
  }
}
