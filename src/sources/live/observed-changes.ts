import type {Observed} from '../../domain/live/observed.ts'
import {type Frame, farewellOf} from '../../gateway/frames/frames.ts'

type ObservedChange = Partial<Observed>

const nonEmpty = <T>(list: readonly T[] | null): readonly T[] | null => (list === null || list.length === 0 ? null : list)

const fromHello = (frame: Extract<Frame, {kind: 'hello'}>, at: number): ObservedChange => ({
  hello: frame.hello,
  upSince: at,
  bootedAt: frame.hello.uptimeMs === null ? null : at - frame.hello.uptimeMs,
  presence: nonEmpty(frame.presence),
  health: frame.health,
  farewell: null,
  refusal: null,
  tries: 0,
})

/** What a frame adds to what is known. Whoever may not see the list is given an empty one, on which not even the gateway stands. */
export const changesFrom = (frame: Frame, at: number): ObservedChange => {
  switch (frame.kind) {
    case 'hello':
      return fromHello(frame, at)
    case 'refusal':
      return {refusal: {code: frame.code, text: frame.text, at}}
    case 'presence':
      return {presence: nonEmpty(frame.presence)}
    case 'health':
      return frame.health === null ? {} : {health: frame.health}
    case 'tick':
      return {tickAt: at}
    case 'shutdown':
      return {farewell: frame.why ?? (farewellOf(frame).restarts ? 'gateway restarting' : 'gateway stopping')}
    case 'pairing':
      return {pairing: {what: frame.what, deviceId: frame.deviceId, requestId: frame.requestId, at}}
    default:
      return {}
  }
}
