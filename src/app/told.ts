import type {State} from './state.ts'

/** A word to the operator, for so long as they need to read it: a replay's clock runs faster than theirs. */
export const withNotice = (state: State, text: string, forMs = 6000): State => ({
  ...state,
  notice: {text, until: state.now + forMs * Math.max(1, state.replay?.speed ?? 1)},
})
