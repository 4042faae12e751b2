import {nearest} from '../domain/nearest.ts'
import {type NamedAction, palette} from './actions.ts'
import type {Message} from './message.ts'
import type {Prompt, State} from './state.ts'

/** What `:` offers for what is typed so far. */
export const matching = (text: string): readonly NamedAction[] => {
  const [name = ''] = text.trim().split(/\s+/)
  return palette.filter(({command}) => command.name.startsWith(name.toLowerCase()))
}

/** What a command that was typed means now; null where nothing was. */
export const commandTyped = (state: State, text: string): Message | null => {
  const [name = '', ...rest] = text.trim().split(/\s+/)
  if (name === '') return null
  const found = palette.find(({command}) => command.name === name.toLowerCase()) ?? matching(text)[0]
  if (!found) {
    const near = nearest(
      name,
      palette.map(({command}) => command.name),
    )
    return {type: 'notified', text: `There is no command “${name}”; ${near === null ? ': lists them' : `:${near} is one`}`}
  }
  const argument = rest.join(' ')
  const because = found.unless?.(state, argument)
  return because ? {type: 'notified', text: because} : found.act(state, argument)
}

const edited = (text: string, at: number): Message => ({type: 'prompt-edited', text, at})

/** A character may be two halves; both go together. */
const before = (text: string, at: number): number => at - (Array.from(text.slice(0, at)).at(-1)?.length ?? 0)
const after = (text: string, at: number): number => at + (Array.from(text.slice(at))[0]?.length ?? 0)

const wordBefore = (text: string, at: number): number => text.slice(0, at).replace(/\S+\s*$/, '').length

/** What stands before the cursor of the name of a field; null within its value. */
const fieldBegun = ({text, at}: Prompt): {from: number; begun: string} | null => {
  const word = /(?:^|\s)!?([\w-]*:?)$/.exec(text.slice(0, at))?.[1]
  return word === undefined ? null : {from: at - word.length, begun: word.toLowerCase()}
}

/** The fields of this panel that a filter may go on with. */
export const fieldsOffered = (prompt: Prompt, fields: readonly string[]): readonly string[] => {
  const begun = fieldBegun(prompt)?.begun
  return begun === undefined ? [] : fields.filter(field => field.startsWith(begun))
}

/** The first name that begins so; after a whole one, the next of all. */
const withField = (prompt: Prompt, fields: readonly string[]): Message => {
  const {text, at} = prompt
  const {from, begun} = fieldBegun(prompt) ?? {from: at, begun: null}
  if (begun === null) return edited(text, at)
  const whole = begun.endsWith(':') ? fields.indexOf(begun.slice(0, -1)) : -1
  const field = whole >= 0 ? fields[(whole + 1) % fields.length] : fieldsOffered(prompt, fields)[0]
  if (field === undefined) return edited(text, at)
  return edited(`${text.slice(0, from)}${field}:${text.slice(at)}`, from + field.length + 1)
}

const completed = (prompt: Prompt, fields: readonly string[]): Message => {
  if (prompt.kind !== 'command') return withField(prompt, fields)
  const command = matching(prompt.text)[0]?.command
  const text = command ? `${command.name}${command.argument === undefined ? '' : ' '}` : prompt.text
  return edited(text, text.length)
}

/** Typing in the bottom line. */
export const pressPrompt = (prompt: Prompt, key: string, fields: readonly string[]): Message | null => {
  const {text, at} = prompt
  switch (key) {
    case 'enter':
      return {type: 'prompt-entered'}
    case 'esc':
    case 'ctrl+c':
      return {type: 'went-back'}
    case 'backspace':
      return text === '' ? {type: 'went-back'} : edited(text.slice(0, before(text, at)) + text.slice(at), before(text, at))
    case 'delete':
      return edited(text.slice(0, at) + text.slice(after(text, at)), at)
    case 'left':
      return edited(text, before(text, at))
    case 'right':
      return edited(text, after(text, at))
    case 'home':
    case 'ctrl+a':
      return edited(text, 0)
    case 'end':
    case 'ctrl+e':
      return edited(text, text.length)
    case 'ctrl+u':
      return edited(text.slice(at), 0)
    case 'ctrl+w': {
      const from = wordBefore(text, at)
      return edited(text.slice(0, from) + text.slice(at), from)
    }
    case 'up':
      return {type: 'prompt-recalled', by: 1}
    case 'down':
      return {type: 'prompt-recalled', by: -1}
    case 'tab':
      return completed(prompt, fields)
    case 'space':
      return edited(`${text.slice(0, at)} ${text.slice(at)}`, at + 1)
    default:
      return [...key].length === 1 ? edited(text.slice(0, at) + key + text.slice(at), at + key.length) : null
  }
}
