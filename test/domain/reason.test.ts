import {describe, expect, test} from 'vitest'
import {channelReasons} from '../../src/domain/reasons/channel.ts'
import {endingReasons} from '../../src/domain/reasons/ending.ts'
import {httpReasons} from '../../src/domain/reasons/http.ts'
import {providerReasons} from '../../src/domain/reasons/provider.ts'
import {
  aboutOf,
  adviceOf,
  allReasons,
  channelReasonOf,
  detailOf,
  endingOf,
  isAboutCredential,
  lookUp,
  providerReasonOf,
  type Reason,
  type ReasonId,
  reasonById,
  reasonOf,
  reasons,
} from '../../src/domain/reasons/reason.ts'
import type {ReasonAbout} from '../../src/domain/reasons/row.ts'
import {ownWords, pastedReasons} from '../../src/domain/reasons/words.ts'
import {workerReasons} from '../../src/domain/reasons/worker.ts'
import {readLogLine} from '../../src/gateway/lines/log-line.ts'

type Fields = {[name: string]: string | undefined}

/** The text and the meta of a line, as far as the table needs them. */
const fieldsOf = (example: string): Fields => {
  if (!example.startsWith('{')) return {...pairsIn(example), message: example}
  const line = JSON.parse(example) as {[key: string]: unknown}
  const values = Object.keys(line)
    .filter(key => /^\d+$/.test(key))
    .map(key => line[key])
  const message = values.findLast(value => typeof value === 'string') as string
  const meta = (values.find(value => typeof value === 'object') ?? {}) as Fields
  return {...pairsIn(message), ...meta, detail: meta['reason'], why: meta['reason'], text: pairsIn(message)['reason'], message}
}

const pairsIn = (text: string): Fields => {
  const found: Fields = {}
  for (const key of ['code', 'reason', 'cause', 'authReason', 'handshake', 'detail', 'status']) {
    found[key] = new RegExp(`(?:^| )${key}=(.*?)(?= (?:code|reason|cause|phase|conn|handshake|detail|window|elapsedMs)=|$)`).exec(
      text,
    )?.[1]
  }
  return {...found, text: found['reason'], why: found['reason']}
}

const ending = ({code, text = '', cause}: Fields): string => {
  const reason = endingOf(Number(code), text)
  return detailOf(reason, {text, code: Number(code), detail: cause ?? null}) ?? reason
}

const refusal = (fields: Fields): string => {
  const {reason, detail} = reasonOf({
    authReason: fields['authReason'] ?? null,
    cause: fields['cause'] ?? null,
    handshake: (fields['handshake'] ?? null) as 'pending' | 'failed' | null,
    code: fields['code'] === undefined ? null : Number(fields['code']),
    text: fields['code'] === undefined ? (fields['message'] ?? null) : (fields['text'] ?? null),
    detail: fields['detail'] ?? null,
  })
  return detail ?? reason
}

/** A silent client and a port check leave the same line: whoever reads the line says which. */
const outputOf = (id: string): Fields => (id === 'port-probe' ? {detail: id} : {})

const leadsTo = (id: string, {example}: Reason): string | undefined => {
  const fields = {...fieldsOf(example), ...outputOf(id)}
  if (id in httpReasons) return lookUp(`HTTP ${example.split(' ')[1]}`)[0]?.id
  if (id in pastedReasons) return lookUp(example)[0]?.id
  if (id in channelReasons) {
    const {event} = readLogLine(example, {file: 'x', line: 1}, 0, Date.parse('2026-12-01T00:00:00Z'))
    return event?.kind === 'channel-trouble' ? channelReasonOf(event) : undefined
  }
  if (id in providerReasons) {
    return providerReasonOf({status: Number(fields['status']), why: fields['why'] ?? null, text: fields['message'] ?? null})
  }
  return id in endingReasons ? ending(fields) : refusal(fields)
}

const wrapped = (text: string, width: number): number =>
  text
    .split(' ')
    .reduce(
      ({lines, used}, {length}) =>
        used + 1 + length > width ? {lines: lines + 1, used: length} : {lines, used: used + 1 + length},
      {lines: 1, used: -1},
    ).lines

const table = Object.entries(reasons) as [ReasonId, Reason][]

describe.each(table)('%s', (id, row) => {
  test('its example leads back to it', () => {
    expect(reasonById(leadsTo(id, row) ?? '').example).toBe(row.example)
  })

  test('has a name people can type, and is the first that its own words mean', () => {
    expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/)
    for (const word of ownWords([id, row])) expect(lookUp(word)[0]?.id).toBe(id)
  })

  test('says what it means in two sentences, and both texts fit three lines of a narrow screen', () => {
    expect(row.means.split(/(?<=[.!?])\s+(?=[A-Z0-9])/)).toHaveLength(2)
    expect(wrapped(row.means, 75)).toBeLessThanOrEqual(3)
    expect(wrapped(row.tryThis, 75)).toBeLessThanOrEqual(3)
    expect(wrapped(row.tryThisFrom?.tryThis ?? '', 75)).toBeLessThanOrEqual(3)
    expect(`${row.means} ${row.tryThis}`).not.toMatch(/\s\s|^\s|\s$/)
  })

  test('stands under a general reason, if under any', () => {
    if (row.under === undefined) expect(row.under).toBeUndefined()
    else expect((reasons as {[id: string]: Reason})[row.under]).toMatchObject({layer: expect.any(String)})
    if (row.under !== undefined) expect((reasons as {[id: string]: Reason})[row.under]?.under).toBeUndefined()
  })

  test('names a release, and each key once', () => {
    expect(row.since).toMatch(/^2026\.\d{1,2}\.\d{1,2}(-\d)?$/)
    expect(new Set(row.fixes).size).toBe(row.fixes.length)
  })

  test('advises nothing that can do harm', () => {
    expect(row.tryThis).not.toMatch(/SIGUSR1|generate-gateway-token|gateway stop|\brm /)
    if (row.tryThis.includes('doctor --fix')) expect(row.tryThis).toMatch(/Keep a copy.*loses/)
    if (/models status/.test(row.tryThis)) expect(row.tryThis).toContain('models status --json')
  })
})

test('a token is shown by the command of a release that has it, and by the dashboard of older ones', () => {
  for (const id of ['token-missing', 'token-mismatch'] as const) {
    const row = reasons[id]
    for (const release of ['2026.8.2', '2026.9.6'])
      expect(adviceOf(row, null, release)).toContain('openclaw gateway auth-token --show')
    for (const release of ['2026.7.35', null]) expect(adviceOf(row, null, release)).toContain('openclaw dashboard')
  }
})

test('no two reasons have a word of their own in common', () => {
  const words = table.flatMap(ownWords)
  expect(words.filter((word, at) => words.indexOf(word) !== at)).toEqual([])
})

test('the layer of channels is never mixed with the others', () => {
  for (const [id, {layer}] of table) expect(layer === 'channel').toBe(id in channelReasons)
})

test('the layer of providers is never mixed with the others', () => {
  for (const [id, {layer}] of table) expect(layer === 'provider').toBe(id in providerReasons)
})

test('the ids that the contract promises are rows', () => {
  const promised = [
    'left-before-connect',
    'unknown',
    'closed-normally',
    'connection-lost',
    'service-restart',
    'token-changed',
    'slow-consumer',
    'rate-limited',
    'token-mismatch',
    'device-required',
    'pairing-required',
    'handshake-timeout',
    'protocol-mismatch',
  ] as const satisfies readonly ReasonId[]
  expect(promised.filter(id => !Object.hasOwn(reasons, id))).toEqual([])
})

test('a misspelt reason does not compile', () => {
  // @ts-expect-error: no such row
  const misspelt: ReasonId = 'token-mismach'
  expect(reasonById(misspelt).sure).toBe('guess')
})

test('all of the table can be listed', () => {
  expect(allReasons.map(({id}) => id)).toEqual(Object.keys(reasons))
})

describe('what a reason is about', () => {
  const about = (of: ReasonAbout): string[] => allReasons.filter(row => row.about === of).map(({id}) => id)

  test('the token of the gateway has the reasons that name it, and no token of a device or a worker', () => {
    expect(about('token')).toEqual([
      'token-missing',
      'token-mismatch',
      'token-missing-config',
      'token-redacted-config',
      'token-changed',
    ])
  })

  test('each reason of a worker is about the worker, which holds no gateway token', () => {
    expect(about('worker')).toEqual(Object.keys(workerReasons))
  })

  test('a secret is at fault where the reason names one', () => {
    for (const id of ['token-mismatch', 'password-missing', 'device-token-mismatch', 'bootstrap-token-invalid'])
      expect(isAboutCredential(id), id).toBe(true)
    for (const id of ['rate-limited', 'not-paired', 'invalid-credential', 'origin-mismatch', 'of-the-future'])
      expect(isAboutCredential(id), id).toBe(false)
  })

  test('each header that a proxy may miss is about the proxy', () => {
    expect(aboutOf('trusted-proxy-missing-header-x-forwarded-user')).toBe('proxy')
  })
})
