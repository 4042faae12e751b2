import fs from 'node:fs'
import path from 'node:path'
import {describe, expect, test} from 'vitest'
import {type Attempt, isFailed} from '../../src/domain/attempts/attempt.ts'
import {applyLine, expirePending} from '../../src/domain/world/apply-line.ts'
import {createWorld} from '../../src/domain/world/world.ts'
import {backlog} from '../../src/sources/log/backlog.ts'
import {captureDay, eventsFrom, rawLines, readFileEvents, readLines, sum} from './captures.ts'

const folder = path.join(import.meta.dirname, '../fixtures/strangers')
const releases = ['2026.4.29', '2026.7.35-verbose', '2026.9.2', '2026.9.6']

type RefusedTry = {
  label: string
  startedAt: string
  localPort: number
  connected: boolean
  connId: string | null
  authReason: string | null
  closeCode: number
  closeReason: string
}
type Step = Partial<RefusedTry> & {opened?: boolean; upgraded?: boolean}

const isRefusedTry = (step: Step): step is RefusedTry => step.opened === true

/** The socket's own troubles: the client is told which, the log only that it is lost. */
const cutOff = ['70 kB', '1 MB frame', 'bad frame (reserved opcode)', 'unmasked frame', 'bad utf-8 text']
/** A gateway withheld the close line of a password where a token is asked for, and with it the code. */
const unconfirmed = ['wrong password', 'wrong password, device', 'password again, after 31 s']
/** What a client says as it leaves reads like the gateway's words, and these consoles have nothing else to go by. */
const liars = ['silent, 4321 with hostile reason', 'silent, 1008 unauthorized faked']

const portOf = ({endpoint}: Attempt): number => Number(/:(\d+)->/.exec(endpoint ?? '')?.[1])

const evaluatedBy = ({id, outcome, closeCode, reason, cause, authReason, alsoHidden, endpoint}: Attempt) => ({
  id,
  outcome,
  closeCode,
  reason,
  cause,
  authReason,
  alsoHidden,
  endpoint,
})

describe.each(releases)('%s', release => {
  const file = (end: string): string => path.join(folder, `${release}.${end}`)
  const steps: Step[] = JSON.parse(fs.readFileSync(file('truth.json'), 'utf8'))
  const refusedTries = steps.filter(isRefusedTry)
  const {attempts, world} = readFileEvents(file('jsonl'))
  const byPort = new Map(attempts.map(attempt => [portOf(attempt), attempt]))

  test('refused, left and hidden are as many as the sockets that came and got no hello', () => {
    const came = refusedTries.filter(({connected}) => !connected).length + steps.filter(({upgraded}) => upgraded).length
    expect(attempts.filter(isFailed).length + sum(attempts.map(({alsoHidden}) => alsoHidden))).toBe(came)
    expect([world.refused + world.hidden, attempts.filter(({outcome}) => outcome === 'pending').length]).toEqual([came, 0])
  })

  test('each attempt says what its client was told', () => {
    for (const attempt of refusedTries) {
      const {label, localPort, connected, connId, closeCode, closeReason, authReason} = attempt
      const found = byPort.get(localPort) ?? attempts.find(({id}) => id === connId)
      if (!found) continue
      const isHalf = found.closeCode === null && unconfirmed.includes(label)
      expect({label, ...found}).toMatchObject({
        label,
        outcome: connected ? 'connected' : expect.toBeOneOf(['refused', 'left']),
        closeCode: isHalf ? null : cutOff.includes(label) ? 1006 : closeCode,
        authReason,
      })
      if (!isHalf && !liars.includes(label))
        expect([label, (found.closeReason ?? '').trimEnd()]).toEqual([label, closeReason.trimEnd()])
      expect(Math.abs(found.at - Date.parse(attempt.startedAt))).toBeLessThan(1000)
    }
    const output = refusedTries.filter(({localPort}) => byPort.has(localPort)).length
    expect(output).toBeGreaterThan(60)
  })

  test('no two attempts are one socket', () => {
    expect(new Set(attempts.map(({id}) => id)).size).toBe(attempts.length)
    const endpoints = attempts.flatMap(({endpoint}) => endpoint ?? [])
    expect(new Set(endpoints).size).toBe(endpoints.length)
  })

  test('nobody who left of his own was refused, whatever he said', () => {
    for (const {label, localPort} of refusedTries.filter(({label}) => label.startsWith('silent,')))
      expect([label, byPort.get(localPort)?.outcome]).toEqual([label, 'left'])
  })

  test('the console tells the same, but of those who lie', () => {
    const lied = refusedTries.filter(({label}) => release !== '2026.9.6' && liars.includes(label)).map(({localPort}) => localPort)
    const honest = (found: readonly Attempt[]) => found.filter(attempt => !lied.includes(portOf(attempt))).map(evaluatedBy)
    expect(honest(readFileEvents(file('console.log')).attempts)).toEqual(honest(attempts))
  })

  test('it comes to the same while time passes, a second at a time', () => {
    const live = createWorld()
    for (const line of readLines(rawLines(file('jsonl')))) {
      expirePending(live, line.at)
      applyLine(live, line)
    }
    expirePending(live, captureDay)
    expect([live.refused, live.hidden]).toEqual([world.refused, world.hidden])
  })

  test('the fast reader tells the same', () => {
    expect(eventsFrom([...backlog(file('jsonl'), captureDay)].flat()).attempts).toEqual(
      eventsFrom(readLines(rawLines(file('jsonl')), file('jsonl'))).attempts,
    )
  })
})
