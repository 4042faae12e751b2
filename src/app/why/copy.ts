import type {TokenCopy} from '../../domain/token/copy.ts'
import {manualStepFor, outOfReach, placeRow} from '../../domain/token/places.ts'
import type {State} from '../state.ts'
import {ago} from '../words.ts'
import {type Explanation, joined} from './words.ts'

/** Where a person has to paste it, the token can be had on the clipboard. */
const isPasted = ({place}: TokenCopy): boolean => ['browser', 'mac-app', 'node-host', 'http-caller'].includes(place)

const copyAdvice = (copy: TokenCopy): string => {
  if (copy.verdict !== 'differs' && !outOfReach.includes(copy.place)) return 'Nothing to do.'
  return isPasted(copy) ? `${manualStepFor(copy)} Y puts the token on your clipboard, after a warning.` : manualStepFor(copy)
}

export const whyCopy = (state: State, copy: TokenCopy): Explanation => {
  const row = placeRow(copy.place)
  const read = state.copies ? `read ${ago(state.copies.at, state.now)}` : ''
  const [worst] = copy.problems ?? []
  return {
    why: copy.problem ?? (copy.verdict === 'differs' ? `It is not the token in force. ${row.stale}` : row.wins),
    seen: joined([copy.wins ? 'the gateway takes this one' : null, read]),
    tryThis: worst?.cure ?? copyAdvice(copy),
    facts: [
      ['where', copy.path],
      ['key', copy.key],
      ['token', copy.fingerprint ?? copy.kind],
      ['mode', copy.mode ?? 'unknown'],
      ['read by', row.read],
    ],
  }
}
