import {describe, expect, test} from 'vitest'
import {createWorld} from '../../src/domain/world/world.ts'
import {at, refusal} from '../domain/event-builders.ts'
import {countOf, having, lines, opened, typed} from './app-driver.ts'

const from = at(0)
const to = at(3600)
const playing = opened({kind: 'replay', now: from, readonly: true, replay: {from, to, at: from, speed: 1, playing: true}})
const sought = (keys: string) => typed(playing, keys).effects.at(-1)

describe('a replay', () => {
  test('seeks forth and back, and not beyond its ends', () => {
    expect(sought('l')).toEqual({type: 'seek', at: at(10)})
    expect(sought('l l h')).toEqual({type: 'seek', at: at(10)})
    expect(sought('L')).toEqual({type: 'seek', at: at(300)})
    expect(sought('h')).toEqual({type: 'seek', at: from})
    expect(sought('L '.repeat(20))).toEqual({type: 'seek', at: to})
    expect(sought('L L H')).toEqual({type: 'seek', at: at(300)})
    expect(sought('L 0')).toEqual({type: 'seek', at: from})
  })

  test('pauses and goes on with space', () => {
    expect(sought('space')).toEqual({type: 'set-speed', speed: 1, playing: false})
    expect(sought('space space')).toEqual({type: 'set-speed', speed: 1, playing: true})
    expect(typed(playing, 'space').state.paused).toBeNull()
  })

  test('is faster and slower in steps, between a quarter and half an hour a second', () => {
    const speed = (keys: string) => typed(playing, keys).state.replay?.speed
    expect(speed(']')).toBe(2)
    expect(speed('] ] [')).toBe(2)
    expect(speed('[')).toBe(0.5)
    expect(speed('] '.repeat(30))).toBe(1800)
    expect(speed('[ '.repeat(30))).toBe(0.25)
    expect(typed(playing, ']').state.replay?.playing).toBe(true)
  })

  test('what is told stays as long as it takes to read, however fast the past goes by', () => {
    const fast = typed(opened({kind: 'replay', now: from, replay: {from, to, at: from, speed: 60, playing: true}}), 'b')
    expect(having(fast, {type: 'ticked', now: from + 60 * 5000}).state.notice?.text).toContain('No token change in what was read')
    expect(having(fast, {type: 'ticked', now: from + 60 * 7000}).state.notice).toBeNull()
  })

  test('a speed between two steps goes to a neighbour', () => {
    const odd = opened({kind: 'replay', replay: {from, to, at: from, speed: 7, playing: true}})
    const speed = typed(odd, ']').state.replay?.speed ?? 0
    expect(speed).toBeGreaterThan(7)
    expect(typed(odd, '[').state.replay?.speed).toBeLessThan(7)
  })

  test('shows the world as of then', () => {
    const played = having(playing, {type: 'replay-played', at: at(20), lines: [refusal(1, 15)]})
    expect([played.state.now, played.state.replay?.at, countOf(played)]).toEqual([at(20), at(20), 1])
    const back = having(played, {type: 'replay-sought', world: createWorld(), lines: lines(1, 3), at: at(5)})
    expect([back.state.now, back.state.replay?.at, countOf(back), countOf(typed(back, '3'))]).toEqual([at(5), at(5), 0, 3])
  })
})

test('only a replay is driven', () => {
  const {state, effects} = having(opened(), {type: 'replay-driven', how: 'faster'})
  expect([effects, state.notice?.text]).toEqual([[], expect.stringMatching(/replay/)])
})
