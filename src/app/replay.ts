import type {Effect} from './effect.ts'
import type {Message} from './message.ts'
import {withNotice} from './notice.ts'
import type {Replay, State} from './state.ts'

const speeds = [0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 1800] as const

type How = Extract<Message, {type: 'replay-driven'}>['how']

const stepped = (speed: number, by: number): number => {
  const at = speeds.findIndex(candidate => candidate >= speed)
  return speeds[Math.max(0, Math.min(speeds.length - 1, at + by))] ?? speed
}

const sought = (replay: Replay, at: number): number => Math.max(replay.from, Math.min(replay.to, at))

const seek = (state: State, replay: Replay, at: number): [State, ...Effect[]] => {
  const to = sought(replay, at)
  return [
    {...state, replay: {...replay, at: to}},
    {type: 'seek', at: to},
  ]
}

/** Pause, speed and seek. Outside a replay these keys say so. */
export const driven = (state: State, how: How): [State, ...Effect[]] => {
  const {replay} = state
  if (!replay) return [withNotice(state, 'Only a replay has a speed: gatecrab replay FILE…')]
  if (typeof how === 'object') return seek(state, replay, 'seekTo' in how ? how.seekTo : replay.at + how.seekMs)
  const next =
    how === 'play' ? {...replay, playing: !replay.playing} : {...replay, speed: stepped(replay.speed, how === 'faster' ? 1 : -1)}
  return [
    {...state, replay: next},
    {type: 'set-speed', speed: next.speed, playing: next.playing},
  ]
}
