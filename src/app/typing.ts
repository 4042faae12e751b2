import type {Effect} from './effect.ts'
import type {Message} from './message.ts'
import {emptyFilter, parseFilter} from './rows/filter.ts'
import {type Prompt, type State, withNotice} from './state.ts'

const maxTypedEarlier = 50

export const openPrompt = (state: State, kind: Prompt['kind'], text: string): State => ({
  ...state,
  overlay: null,
  prompt: {kind, text, at: text.length, before: state.filter, recalled: 0, draft: text},
})

/** A filter holds while it is typed. */
const withPrompt = (state: State, prompt: Prompt): State => ({
  ...state,
  prompt,
  filter: prompt.kind === 'filter' ? parseFilter(prompt.text) : state.filter,
})

export const editPrompt = (state: State, {text, at}: Extract<Message, {type: 'prompt-edited'}>): State =>
  state.prompt ? withPrompt(state, {...state.prompt, text, at, recalled: 0, draft: text}) : state

export const recallTyped = (state: State, by: 1 | -1): State => {
  const {prompt} = state
  if (!prompt) return state
  const earlier = state.typedEarlier[prompt.kind]
  const recalled = Math.max(0, Math.min(earlier.length, prompt.recalled + by))
  const text = recalled === 0 ? prompt.draft : (earlier.at(-recalled) ?? '')
  return withPrompt(state, {...prompt, recalled, text, at: text.length})
}

/** What was typed stands last, once. */
export const closePrompt = (state: State, {kind, text}: Prompt): State => {
  const typed = text.trim()
  const earlier = state.typedEarlier[kind].filter(other => other !== typed)
  return {
    ...state,
    prompt: null,
    typedEarlier:
      typed === '' ? state.typedEarlier : {...state.typedEarlier, [kind]: [...earlier, typed].slice(-maxTypedEarlier)},
  }
}

export const leavePrompt = (state: State): State => ({
  ...state,
  prompt: null,
  filter: state.prompt?.kind === 'filter' ? state.prompt.before : state.filter,
})

export const withFilter = (state: State, text: string): State => {
  const filter = text.trim() === '' ? emptyFilter : parseFilter(text)
  const next = {...state, filter}
  return filter.problem === null ? next : withNotice(next, filter.problem)
}

/** Every filter with a name comes in here, whoever gave it one. */
export const withSavedFilters = (state: State, named: Iterable<readonly [string, string]>): State => ({
  ...state,
  savedFilters: new Map([...state.savedFilters, ...named]),
})

export const saveFilter = (state: State, name: string): [State, ...Effect[]] => {
  const {terms, text} = state.filter
  if (terms.length === 0) return [withNotice(state, 'There is no filter to save: / sets one')]
  const saved = withSavedFilters(state, [[name, text]])
  return [withNotice(saved, `Saved: :filter ${name} shows this again, :filter forget ${name} forgets it`), keep(name, text)]
}

export const forgetFilter = (state: State, name: string): [State, ...Effect[]] => {
  if (!state.savedFilters.has(name)) return [withNotice(state, namesText(state, `No filter is called “${name}”`))]
  const savedFilters = new Map(state.savedFilters)
  savedFilters.delete(name)
  return [withNotice({...state, savedFilters}, `Forgotten: ${name}; one that the config file names comes back`), keep(name, null)]
}

const keep = (name: string, text: string | null): Effect => ({type: 'keep-filter', name, text})

const namesText = ({savedFilters}: State, text: string): string =>
  savedFilters.size === 0 ? `${text}; none is saved` : `${text}; there are ${[...savedFilters.keys()].join(', ')}`

/** What `:filter` was given: `save NAME`, `forget NAME`, the name of a saved one, or the filter itself. */
export const filterTyped = (state: State, text: string): Message => {
  const [verb, name, ...more] = text.trim().split(/\s+/)
  if ((verb === 'save' || verb === 'forget') && more.length === 0) {
    if (name === undefined)
      return {type: 'notified', text: namesText(state, `filter ${verb} takes a name, such as :filter ${verb} nodes`)}
    return {type: verb === 'save' ? 'filter-saved' : 'filter-forgotten', name}
  }
  return {type: 'filtered', text: state.savedFilters.get(text.trim()) ?? text}
}
