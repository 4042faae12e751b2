import {nearest} from '../domain/nearest.ts'
import {type NamedAction, palette} from './actions.ts'
import type {Message} from './message.ts'
import type {State} from './state.ts'

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
    return {type: 'told', text: `There is no command “${name}”; ${near === null ? ': lists them' : `:${near} is one`}`}
  }
  const argument = rest.join(' ')
  const because = found.unless?.(state, argument)
  return because ? {type: 'told', text: because} : found.act(state, argument)
}
