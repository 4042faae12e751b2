import type {State} from './state.ts'

/** How long a notice to the operator stays: scaled by the replay's speed, so that it can be read. */
export const withNotice = (state: State, text: string, forMs = 6000): State => ({
  ...state,
  notice: {text, until: state.now + forMs * Math.max(1, state.replay?.speed ?? 1)},
})
