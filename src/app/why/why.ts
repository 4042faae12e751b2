import type {Chosen} from '../look.ts'
import type {State} from '../state.ts'
import {ofAttempt} from './why-attempt.ts'
import {ofBoard, ofClient} from './why-client.ts'
import {ofCopy} from './why-copy.ts'
import {ofLine, ofMark} from './why-line.ts'
import {ofProfile} from './why-login.ts'
import type {Why} from './why-words.ts'

/** What to say of the chosen row. */
export const whyOf = (state: State, chosen: Chosen | null): Why => {
  switch (chosen?.kind) {
    case 'client':
      return ofClient(state, chosen.entry)
    case 'board':
      return ofBoard(state, chosen.row)
    case 'attempt':
      return ofAttempt(state, chosen.attempt)
    case 'line':
      return ofLine(state, chosen.line)
    case 'profile':
      return ofProfile(state, chosen.profile)
    case 'copy':
      return ofCopy(state, chosen.copy)
    case 'mark':
      return ofMark(state, chosen.mark)
    default:
      return {why: '', seen: '', todo: '', facts: []}
  }
}
