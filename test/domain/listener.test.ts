import {describe, expect, test} from 'vitest'
import {
  combineEvidence,
  evaluateProcesses,
  type GatewayForm,
  type Listener,
  listenerAdvice,
  whyNotSent,
} from '../../src/domain/live/listener.ts'

const accounts = new Set([0, 1000])
const node: Listener = {
  pid: 42,
  program: 'openclaw-gateway',
  uids: [1000],
  account: 'ops',
  since: Date.UTC(2026, 10, 30, 21, 3, 11),
  host: '127.0.0.1',
  id: '42:7:9:1000',
}
const openclaw: GatewayForm = {is: 'openclaw', because: "/healthz has OpenClaw's form"}

const evaluatedBy = (listeners: readonly Listener[], form: GatewayForm = openclaw, isConfirmed = false) =>
  combineEvidence(evaluateProcesses({listeners}, accounts), form, isConfirmed)

describe('who listens', () => {
  test('is the gateway where account and answers fit, and what proved it is said', () => {
    expect(evaluatedBy([node])).toMatchObject({
      is: 'gateway',
      because: "openclaw-gateway, pid 42, account ops, since 2026-11-30T21:03:11Z; /healthz has OpenClaw's form",
    })
    expect(evaluatedBy([{...node, uids: [0], account: 'root', program: 'docker-proxy'}]).because).toMatch(
      /^it publishes a container's/,
    )
  })

  test('is foreign where its account is another, whatever it answers and whoever confirms it', () => {
    const other = {...node, uids: [1002], account: 'mallory'}
    expect(evaluatedBy([other], openclaw, true)).toMatchObject({
      is: 'foreign',
      because: expect.stringContaining('account mallory'),
    })
    expect(evaluatedBy([node, other]).is).toBe('foreign')
    expect(evaluatedBy([{...node, uids: [0, 33]}]).is).toBe('foreign')
  })

  test('is foreign where it answers as no gateway does, though the account fits', () => {
    expect(evaluatedBy([node], {is: 'other', because: 'HTTP 404'})).toMatchObject({
      is: 'foreign',
      because: expect.stringContaining('pid 42'),
    })
  })

  test('that cannot be seen is never nobody, and a person may take it on', () => {
    const unseen = evaluateProcesses({because: 'there is no lsof here'}, accounts)
    expect(combineEvidence(unseen, openclaw)).toMatchObject({is: 'unproven', because: expect.stringContaining('no lsof')})
    expect(combineEvidence(unseen, openclaw, true).is).toBe('gateway')
    expect(combineEvidence(unseen, {is: 'other', because: 'HTTP 404'}, true).is).toBe('foreign')
    expect(evaluatedBy([]).is).toBe('unproven')
    expect(evaluatedBy([{...node, uids: []}]).is).toBe('unproven')
  })

  test('is not known behind a tunnel', () => {
    for (const program of ['ssh', 'sshd: ops', 'autossh', 'kubectl'])
      expect(evaluatedBy([{...node, program}]).is).toBe('unproven')
  })

  test('is nobody only where the connection is refused', () => {
    expect(evaluatedBy([], {is: 'refused', because: 'nothing listens on its port'}).is).toBe('none')
    expect(evaluatedBy([node], {is: 'not-ready', because: 'HTTP 503'}).is).toBe('not-ready')
  })

  test('keeps whether a connection came about at all', () => {
    const form = {is: 'not-ready', because: 'its host cannot be reached', unreachable: true} as const
    expect(evaluatedBy([node], form)).toEqual({...form, listener: node})
    expect(evaluatedBy([node], {is: 'not-ready', because: 'HTTP 503'}).unreachable).toBeUndefined()
  })

  test('is said in one sentence with what to do, and without controls of strangers', () => {
    const verdict = evaluatedBy([{...node, uids: [1002], program: 'ev\u001b[31mil\u202e'}])
    expect(whyNotSent(verdict)).toContain('nothing secret is sent to it')
    expect(whyNotSent(verdict)).not.toMatch(/[\u001b\u202e]/)
    expect(listenerAdvice(verdict)).toContain('pid 42')
  })
})
