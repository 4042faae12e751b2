import {matching} from './commands.ts'
import type {Message} from './message.ts'
import type {Prompt} from './state.ts'

const edited = (text: string, at: number): Message => ({type: 'prompt-edited', text, at})

const wordBefore = (text: string, at: number): number => text.slice(0, at).replace(/\S+\s*$/, '').length

const completed = (prompt: Prompt): Message => {
  const [first] = prompt.kind === 'command' ? matching(prompt.text) : []
  const text = first ? `${first.name}${first.argument === undefined ? '' : ' '}` : prompt.text
  return edited(text, text.length)
}

/** Typing in the bottom line. */
export const pressPrompt = (prompt: Prompt, key: string): Message | null => {
  const {text, at} = prompt
  switch (key) {
    case 'enter':
      return {type: 'prompt-entered'}
    case 'esc':
    case 'ctrl+c':
      return {type: 'went-back'}
    case 'backspace':
      return text === '' ? {type: 'went-back'} : edited(text.slice(0, Math.max(0, at - 1)) + text.slice(at), Math.max(0, at - 1))
    case 'delete':
      return edited(text.slice(0, at) + text.slice(at + 1), at)
    case 'left':
      return edited(text, Math.max(0, at - 1))
    case 'right':
      return edited(text, Math.min(text.length, at + 1))
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
    case 'tab':
      return completed(prompt)
    case 'space':
      return edited(`${text.slice(0, at)} ${text.slice(at)}`, at + 1)
    default:
      return [...key].length === 1 ? edited(text.slice(0, at) + key + text.slice(at), at + key.length) : null
  }
}
