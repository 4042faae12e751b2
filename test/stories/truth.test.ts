import {describe, expect, test} from 'vitest'
import {isFailed} from '../../src/domain/attempts/attempt.ts'
import {archives, type Capture, captured, captures, type Expected, readFileEvents, readFiles, sum, twoDays} from './captures.ts'
import {matched, outcomeOf, type Step, stepsOf} from './truth.ts'

/** Sockets of which a dying gateway wrote nothing. */
const untold: Readonly<Record<string, readonly [count: number, because: string]>> = {
  '2026.1.29 token-rotation': [1, 'the shutdown timed out and the gateway exited with a silent socket open'],
  '2026.6.11 restart': [1, 'SIGKILL with a silent socket open'],
  '2026.9.6 restart': [1, 'SIGKILL with a silent socket open'],
  '2026.9.6 restart-sigusr1': [1, 'SIGKILL with a silent socket open'],
}

/** Connections of the CLI with which the devices were listed and approved; they are no steps. */
const ofTheCli: Readonly<Record<string, number>> = {'2026.2.26 pairing': 2, '2026.6.11 pairing': 1}

/** Steps that were told only by their `unauthorized` line: the gateway withheld the other, and its code with it. */
const unconfirmedIn = (step: Step, {release, story}: Capture): boolean =>
  story === 'default-level' &&
  ['2026.5.28', '2026.6.11', '2026.8.2'].includes(release) &&
  step.label === 'password sent to a token gateway'

const closeCodeInLog = (step: Step, capture: Capture): number | null => {
  if (unconfirmedIn(step, capture)) return null
  const isCutOff = step.label === 'pre-auth frame of 70 kB' && step.closeCode === 1009
  return isCutOff ? 1006 : step.closeCode
}

/** A SIGKILL writes no line: the webchat that was in is gone, and nothing says with which code. */
const wasKilled = (step: Step, {story}: Capture): boolean =>
  story.startsWith('restart') && step.connected && step.closeCode === 1006

const noHello = ({attempts}: Expected): number =>
  attempts.filter(isFailed).length + sum(attempts.map(({alsoHidden}) => alsoHidden))

describe.each(captures.filter(capture => stepsOf(capture).length > 0))('$name', capture => {
  const steps = stepsOf(capture)
  const output = readFileEvents(capture.jsonl)
  const found = matched(steps, output.attempts)

  test('refused, left and hidden are as many as the sockets that came and got no hello', () => {
    const came = steps.filter(step => !step.connected).length
    expect(noHello(output)).toBe(came - (untold[capture.name]?.[0] ?? 0) + (ofTheCli[capture.name] ?? 0))
  })

  test('each attempt is the attempt of one step, and says what became of it', () => {
    expect(output.attempts.length).toBe(found.size + (ofTheCli[capture.name] ?? 0))
    expect(new Set(found.values()).size).toBe(found.size)
    for (const [step, attempt] of found) {
      const killed = wasKilled(step, capture)
      expect({step: step.n, ...attempt}).toMatchObject({
        step: step.n,
        ...outcomeOf(step),
        ...(killed ? {reason: null, gone: true, endedAt: null} : {}),
      })
      expect([step.n, attempt.closeCode]).toEqual([step.n, killed ? null : closeCodeInLog(step, capture)])
    }
  })

  test('the close text and the times are those that the client saw', () => {
    for (const [step, attempt] of found) {
      if (!unconfirmedIn(step, capture))
        expect([step.n, (attempt.closeReason ?? '').trimEnd()]).toEqual([step.n, step.closeReason.trimEnd()])
      expect(Math.abs(attempt.at - Date.parse(step.startedAt))).toBeLessThan(1000)
    }
  })

  test('no two attempts share an id, and each has the lines that tell of it', () => {
    expect(new Set(output.attempts.map(({id}) => id)).size).toBe(output.attempts.length)
    for (const attempt of output.attempts) expect(attempt.evidence.length).toBeGreaterThan(0)
  })

  test('the clients add up to the attempts', () => {
    const clients = Array.from(output.world.clients.byKey.values())
    expect(sum(clients.map(({attempts}) => attempts))).toBe(output.attempts.length)
    expect(sum(clients.map(({hidden}) => hidden))).toBe(sum(output.attempts.map(({alsoHidden}) => alsoHidden)))
    for (const {attempts, refused, left, connected} of clients) expect(refused + left + connected).toBe(attempts)
  })
})

test('what a gateway withheld is counted with the next of its kind', () => {
  const hidden = captures.filter(({jsonl}) => readFileEvents(jsonl).world.hidden > 0).map(({name}) => name)
  expect(hidden).toEqual(['2026.5.28', '2026.6.11', '2026.8.2', '2026.9.6'].map(release => `${release} default-level`))
})

test('a log that was rotated by size tells the whole story with its archives', () => {
  const steps = stepsOf({truth: captured('2026.9.6', 'size-rotation/truth.json')})
  const {attempts} = readFiles(archives)
  const found = matched(steps, attempts)
  expect([steps.length, attempts.length, found.size]).toEqual([40, 40, 40])
  for (const [step, attempt] of found)
    expect({step: step.n, ...attempt}).toMatchObject({step: step.n, ...outcomeOf(step), closeCode: 1002})
})

test.each([
  ['2026.2.26', 3, 0],
  ['2026.9.6', 1, 2],
] as const)('%s writes %i connections into the old day and %i into the new one', (release, before, after) => {
  expect(twoDays(release).map(file => readFileEvents(file).attempts.length)).toEqual([before, after])
  expect(readFiles(twoDays(release)).attempts.map(({reason}) => reason)).toEqual([
    'protocol-mismatch',
    'protocol-mismatch',
    'token-mismatch',
  ])
})

test('what `openclaw logs --follow --json` prints tells of the one refusal in that time', () => {
  const {attempts, world} = readFileEvents(captured('2026.9.6', 'logs-follow.jsonl'))
  expect(attempts.map(({reason}) => reason)).toEqual(['protocol-mismatch'])
  expect(world.life.state).toBe('up')
})

describe("a provider's 401 is no refusal of the gateway's", () => {
  const [capture] = captures.filter(({story}) => story === 'provider-auth')
  const {world, attempts} = readFileEvents(capture?.jsonl ?? '')

  test('it makes no attempt, and it is told', () => {
    expect([attempts.length, world.refused]).toEqual([0, 0])
    expect(world.provider[0]?.event).toMatchObject({provider: 'acme', model: 'bad-key', status: 401})
    expect(world.provider.find(({event}) => event.until !== null)?.event).toMatchObject({why: 'auth', until: 1_795_257_036_753})
  })

  test('one failure counts once', () => {
    expect(world.providerFailures).toBe(1)
  })
})

test('whom a trusted proxy says it is', () => {
  const {attempts} = readFileEvents(captured('2026.9.6', 'trusted-proxy.jsonl'))
  expect(attempts.flatMap(({user, outcome}) => (user === null ? [] : [[user, outcome]]))).toEqual([
    ['ops@example.com', 'connected'],
  ])
})

test.each(['2026.8.2', '2026.9.6'])('the log of %s tells its release', release => {
  expect(readFileEvents(captured(release, 'default-level.jsonl')).world.life.release).toBe(release)
  expect(readFileEvents(captured(release, 'default-level.console.log')).world.life.release).toBe(release)
})

test('every exception is that of a capture', () => {
  const names = captures.map(({name}) => name)
  expect(names).toEqual(expect.arrayContaining([...Object.keys(untold), ...Object.keys(ofTheCli)]))
})
