import fc from 'fast-check'
import type {Key} from 'ink'
import {createElement} from 'react'
import stringWidth from 'string-width'
import {describe, expect} from 'vitest'
import {type FleetMessage, fleetKeys, openingFleet, pressFleet, updateFleet} from '../../src/app/fleet-screen.ts'
import type {Message} from '../../src/app/message.ts'
import {minSize} from '../../src/app/navigate.ts'
import {pastedInto} from '../../src/app/plans/fields.ts'
import {parseFilter, passes} from '../../src/app/rows/filter.ts'
import type {State} from '../../src/app/state.ts'
import {update} from '../../src/app/update.ts'
import {clean} from '../../src/domain/clean.ts'
import {isRefusal, planOf} from '../../src/domain/plans/make-plan.ts'
import {readDeviceList} from '../../src/gateway/devices/store.ts'
import {readLogLine} from '../../src/gateway/lines/log-line.ts'
import {readRemoteStatus} from '../../src/gateway/remote-status.ts'
import {sshFailure} from '../../src/gateway/ssh-output.ts'
import {Screen} from '../../src/tui/App.tsx'
import {fleetFrame} from '../../src/tui/FleetApp.tsx'
import {themeFor} from '../../src/tui/parts/paint.ts'
import {keyNames} from '../../src/tui/use-screen.ts'
import {keyMessage} from '../app/app-driver.ts'
import {factsFor} from '../fixtures/stubs/facts.ts'
import {unsafeCharacter} from '../gateway/unsafe-text.ts'
import {captureDay} from '../stories/captures.ts'
import {drawnLines} from '../tui/drawn-lines.ts'
import {having, read} from '../tui/screen-state.ts'
import {logLines} from './corpus.ts'
import {fuzz} from './fuzz.ts'
import {mutated, words} from './mutations.ts'

const made = planOf('rotate', factsFor('2026.9.6', {clients: ['control-ui from 100.64.0.7']}))
if (isRefusal(made)) throw new Error(made.refused.title)
const refusing = read('default-level', {until: 'admission closed'})
const rotated = read('token-rotation', {until: 'admission closed'})
const states = [
  refusing,
  {...rotated, boardSince: rotated.now - 60_000},
  having({...refusing, plan: null}, {type: 'fix-asked', fix: 'rotate'}, {type: 'plan-made', plan: made}),
]

const named = [
  'enter',
  'esc',
  'tab',
  'space',
  'backspace',
  'delete',
  'up',
  'down',
  'left',
  'right',
  'home',
  'end',
  'pageup',
  'pagedown',
]
const ctrl = [...'abcdefghijklmnopqrstuvwxyz'].map(letter => `ctrl+${letter}`)
const keys = fc.oneof(
  {weight: 4, arbitrary: fc.constantFrom(...named)},
  {weight: 6, arbitrary: fc.string({minLength: 1, maxLength: 1})},
  {weight: 1, arbitrary: fc.constantFrom(...ctrl)},
  {weight: 1, arbitrary: fc.string({unit: 'binary', minLength: 1, maxLength: 1})},
)

const lines = logLines()
const sizes = fc.record({columns: fc.integer({min: minSize.columns, max: 220}), rows: fc.integer({min: minSize.rows, max: 70})})
const anySizes = fc.record({columns: fc.nat(300), rows: fc.nat(100)})
const typed = fc.constantFrom(
  ':sort last',
  ':theme light',
  '/reason:token',
  '/level:warn',
  ':goto 10:20',
  ':write /x',
  ':explain 1008',
  's/(a|b)+$/i',
)

/** What a person and the world do to a screen. */
type Deed = {key: string} | {paste: string} | {size: State['size']} | {raw: string} | {later: number} | {type: string}

const deeds: fc.Arbitrary<Deed> = fc.oneof(
  {weight: 12, arbitrary: keys.map(key => ({key}))},
  {weight: 1, arbitrary: words.map(paste => ({paste}))},
  {weight: 1, arbitrary: typed.map(type => ({type}))},
  {weight: 2, arbitrary: anySizes.map(size => ({size}))},
  {weight: 3, arbitrary: mutated(lines, 2).map(raw => ({raw}))},
  {weight: 1, arbitrary: fc.nat(400_000).map(later => ({later}))},
)

/** As `App` takes a paste. */
const pasted = ({prompt, plan}: State, text: string): Message => {
  const into = plan && pastedInto(plan, text)
  if (into) return into
  if (!prompt || plan) return {type: 'notified', text: 'Pasted text is ignored here, so that it presses no keys'}
  const added = clean(text, 500)
  const at = prompt.at + added.length
  return {type: 'prompt-edited', text: prompt.text.slice(0, prompt.at) + added + prompt.text.slice(prompt.at), at}
}

/** A name as it is, a character as the terminal sends it. */
const namesOf = (key: string): string[] => (key.length > 1 ? [key] : keyNames(key, {} as Key))

const withMessage = (state: State, message: Message | null): State => (message === null ? state : update(state, message)[0])

const lineMessage = (state: State, raw: string): Message => ({
  type: 'lines-received',
  lines: [readLogLine(raw, {file: 'log', line: 1}, state.now, captureDay)],
})

const after = (state: State, deed: Deed): State => {
  if ('key' in deed) return namesOf(deed.key).reduce((now, key) => withMessage(now, keyMessage(now, key)), state)
  if ('type' in deed)
    return [...deed.type].reduce((now, key) => withMessage(now, keyMessage(now, key === ' ' ? 'space' : key)), state)
  if ('paste' in deed) return withMessage(state, pasted(state, deed.paste))
  if ('size' in deed) return withMessage(state, {type: 'resized', ...deed.size})
  if ('later' in deed) return withMessage(state, {type: 'ticked', now: state.now + deed.later})
  return withMessage(state, lineMessage(state, deed.raw))
}

const painted = /\u001b\[[\d;]*m/g
/** A pass over one line; what else would move the cursor is left. */
const isForeign = (line: string): boolean => unsafeCharacter.test(line.replace(painted, ''))

/** Whatever the screen draws: no line holds what a terminal would obey, and none is wider than its place. */
const expectDrawable = (blocks: readonly {lines: readonly string[]; width: number | null}[], columns: number): void => {
  for (const {lines: drawn, width} of blocks) {
    expect(drawn.filter(isForeign)).toEqual([])
    expect(drawn.filter(line => stringWidth(line) > (width ?? columns))).toEqual([])
  }
}

const themes = [themeFor({colour: true, isAscii: false}), themeFor({colour: false, isAscii: true})]
describe('the screen', () => {
  fuzz('keys, pastes, lines and sizes', {
    inputs: fc.tuple(fc.constantFrom(0, 1, 2), fc.array(deeds, {maxLength: 40}), sizes),
    count: 150,
    // Forty messages and two screens of any size are more than one input.
    isTimed: false,
    run: ([which, done, size]) => {
      const state = withMessage(done.reduce(after, states[which] ?? refusing), {type: 'resized', ...size})
      return themes.map(theme => drawnLines(createElement(Screen, {state, theme})))
    },
    check: (frames, [, , size]) => {
      for (const blocks of frames) expectDrawable(blocks, size.columns)
    },
  })
})

const said = JSON.stringify({
  ...{event: 'changed', verdict: 'broken', gatecrab: '0.1.0', now: '2026-11-21T12:41:07.000Z', since: '2026-11-21T12:41:07.000Z'},
  ...{
    gateway: {release: '2026.9.6', reach: 'up'},
    clients: {refused: 3, in: 12},
    profiles: {nextEndAt: '2026-11-22T12:41:07.000Z'},
  },
  problems: [
    {id: 'token-mismatch', layer: 'gateway', harm: 'broken', title: 'A client', because: 'It sent', tryThis: 'Give', count: 2},
  ],
})
const stderrs = [
  'ssh: connect to host attic port 22: No route to host',
  'Permission denied (publickey).',
  'sh: gatecrab: not found',
  '',
]

describe('the fleet', () => {
  const now = Date.parse('2026-11-21T12:41:07Z')
  const hosts = ['mini', 'ops@studio.local', 'ssh://ops@[2001:db8::7]:2222']
  const told = fc.oneof(
    {weight: 4, arbitrary: mutated([said]).map(raw => ({raw}))},
    {
      weight: 2,
      arbitrary: fc.tuple(mutated(stderrs), fc.constantFrom(0, 1, 64, 127, 255, null)).map(([stderr, code]) => ({stderr, code})),
    },
    {weight: 2, arbitrary: fc.constantFrom(...fleetKeys.flatMap(one => one.keys)).map(key => ({key}))},
  )
  const messageOf = (
    one: {raw: string} | {stderr: string; code: number | null} | {key: string},
    host: string,
  ): FleetMessage | null => {
    if ('raw' in one) {
      const parsed = readRemoteStatus(one.raw)
      return parsed && {type: 'tiding-came', fleetEvent: {kind: 'said', host, ...parsed, at: now}}
    }
    if ('key' in one) return pressFleet(openingFleet(hosts, now), one.key)
    const {lasting: _, ...problem} = sshFailure(host, {...one, problem: null})
    return {type: 'tiding-came', fleetEvent: {kind: 'lost', host, problem, retryAt: now + 1000, at: now}}
  }
  fuzz('NDJSON of the fleet', {
    inputs: fc.tuple(fc.array(fc.tuple(told, fc.constantFrom(...hosts)), {maxLength: 12}), sizes),
    count: 300,
    run: ([all, size]) => {
      const messages = all.flatMap(([one, host]) => messageOf(one, host) ?? [])
      const state = messages.reduce((so, message) => updateFleet(so, message)[0], {...openingFleet(hosts, now), size})
      return themes.map(theme => fleetFrame(state, theme))
    },
    check: (frames, [, size]) => {
      for (const drawn of frames) expectDrawable([{lines: drawn, width: null}], size.columns)
    },
  })
})

const filters = [
  'reason:token',
  '!level:warn',
  '/(a|b)+c*$/i',
  'count>10',
  'client:"control ui" from:/^10\\./',
  'level:error x',
  '/[a-z]{2,5}(?:x|y)?\\b/',
]
const rows = ['cli from 127.0.0.1 token-mismatch', 'a'.repeat(2000), 'ab'.repeat(500), '10.0.0.1', '', 'é漢字👩‍👩‍👧 x']

describe('a filter', () => {
  fuzz('filter', {
    inputs: fc.tuple(
      fc.oneof(mutated(filters), fc.string({maxLength: 60})).map(text => text.slice(0, 500)),
      fc.constantFrom(...rows),
    ),
    count: 800,
    run: ([text, all]) => {
      const filter = parseFilter(text)
      return {filter, passed: passes(filter, {all, named: {reason: all, count: '12', client: all, from: all}, level: 'warn'})}
    },
    check: ({filter, passed}) => {
      expect(typeof passed).toBe('boolean')
      if (filter.problem !== null) expect(filter.problem.length).toBeLessThan(800)
    },
  })
})

describe('devices', () => {
  fuzz('names of devices in a list', {
    inputs: mutated([
      '{"pending":[],"paired":[{"deviceId":"d2","displayName":"Mac","roles":["operator"],"approvedAtMs":5,"lastSeenAtMs":9}]}',
    ]),
    count: 100,
    run: printed => {
      const store = readDeviceList(printed)
      return store?.paired.map(({name}) => name ?? '')
    },
    check: names => expect(names?.filter(isForeign) ?? []).toEqual([]),
  })
})
