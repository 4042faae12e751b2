import {readFileSync, rmSync} from 'node:fs'
import type http from 'node:http'
import type {AddressInfo} from 'node:net'
import net from 'node:net'
import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import {type DemoGateway, startDemoGateway} from '../../src/demo/server/gateway.ts'
import {writeConfig} from '../../src/demo/server/settings.ts'
import {Secret} from '../../src/domain/secret.ts'
import {tokenDigest} from '../../src/sources/token/file.ts'
import {checkToken, findAcceptedToken, tryToken} from '../../src/sources/token/token-probe.ts'
import {newFolder, tokenOf} from '../demo/demo-client.ts'
import {gatewayServer} from './gateway-answers.ts'
import {gaveAway, tokens} from './token-home.ts'

const secret = (text: string): Secret => new Secret(text)

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

type Seen = {method: string; url: string; headers: http.IncomingHttpHeaders; body: string; token: string}

/** A server that answers each token as it is told, and remembers what it was sent. */
const serverThat = async (
  answer: (token: string, count: number) => {status: number; body?: string; headers?: http.OutgoingHttpHeaders} | null,
): Promise<{port: number; seen: Seen[]}> => {
  const seen: Seen[] = []
  const server = gatewayServer((request, response) => {
    let body = ''
    request.on('data', chunk => {
      body += String(chunk)
    })
    request.on('end', () => {
      const token = (request.headers.authorization ?? '').replace(/^Bearer /, '')
      seen.push({method: request.method ?? '', url: request.url ?? '', headers: request.headers, body, token})
      const text = answer(token, seen.length)
      if (text === null) return
      response.writeHead(text.status, {'content-type': 'application/json', ...text.headers})
      response.end(text.body ?? '{}')
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return {port: (server.address() as AddressInfo).port, seen}
}

const accepting = (...good: string[]) => serverThat(token => ({status: good.includes(token) ? 400 : 401}))

const {now, old, other, fresh} = tokens

describe('a token that a header cannot carry', () => {
  const strange = secret('пароль-ключ-от-шлюза-№1')

  test('is sent nowhere and called neither refused nor wrong', async () => {
    const {port, seen} = await accepting(now)
    expect(await tryToken(strange, {port})).toMatchObject({kind: 'not-ready', because: expect.stringContaining('cannot carry')})
    expect(await checkToken(strange, {port})).toMatchObject({by: 'unknown', because: expect.stringContaining('beyond Latin-1')})
    expect(seen).toEqual([])
  })

  test('does not keep the others from being asked, and leaves it open where none of them is the one', async () => {
    const {port} = await accepting(now)
    expect(await findAcceptedToken({port, candidates: [strange, secret(now)]})).toMatchObject({
      by: 'oracle',
      digest: tokenDigest(secret(now)),
    })
    expect(await findAcceptedToken({port, candidates: [strange, secret(old)]})).toMatchObject({
      by: 'unknown',
      because: expect.stringContaining('cannot carry'),
    })
  })

  test('that is Latin-1 is carried as it is', async () => {
    const {port} = await accepting('gr\u00fc\u00dfe-an-das-tor-0123')
    expect(await tryToken(secret('gr\u00fc\u00dfe-an-das-tor-0123'), {port})).toMatchObject({kind: 'accepted'})
  })
})

describe('one question', () => {
  test('is the call that can do nothing, and says who asks', async () => {
    const {port, seen} = await accepting(now)
    expect(await tryToken(secret(`${now}\n`), {port, agent: 'gatecrab/1.2.3'})).toMatchObject({kind: 'accepted', status: 400})
    expect(seen).toMatchObject([{method: 'POST', url: '/tools/invoke', body: '{}', token: now}])
    expect(seen[0]?.headers).toMatchObject({'content-type': 'application/json', 'user-agent': 'gatecrab/1.2.3'})
    expect(seen[0]?.headers).not.toHaveProperty('origin')
  })

  test.each([
    [400, 'accepted'],
    [401, 'refused'],
    [404, 'not-ready'],
    [405, 'not-ready'],
    [403, 'not-ready'],
    [200, 'not-ready'],
    [302, 'not-ready'],
    [500, 'not-ready'],
    [502, 'not-ready'],
    [503, 'not-ready'],
    [429, 'locked'],
  ])('HTTP %i is %s', async (status, kind) => {
    const {port} = await serverThat(() => ({status}))
    expect(await tryToken(secret(now), {port})).toMatchObject({kind, status})
  })

  test.each([
    ['300', 300_000],
    [new Date(Date.now() + 60_000).toUTCString(), 60_000],
  ])('how long it is locked, as %s', async (value, ms) => {
    const {port} = await serverThat(() => ({status: 429, headers: {'retry-after': value}}))
    const {retryAfterMs} = await tryToken(secret(now), {port})
    expect(Math.abs((retryAfterMs ?? 0) - ms)).toBeLessThan(3000)
  })

  test('400 that is not JSON proves nothing', async () => {
    const {port} = await serverThat(() => ({status: 400, body: '<html>The plain HTTP request was sent to HTTPS port</html>'}))
    expect(await tryToken(secret(now), {port})).toMatchObject({kind: 'not-ready'})
  })

  test('nobody there', async () => {
    expect(await tryToken(secret(now), {port: 1})).toEqual({
      kind: 'not-ready',
      noAnswer: true,
      status: null,
      because: 'nothing listens on its port',
      retryAfterMs: null,
      listener: {is: 'none', because: 'nothing listens on its port', listener: null, unreachable: true},
    })
    expect(await findAcceptedToken({port: 1, candidates: [secret(now)]})).toMatchObject({by: 'unknown', noAnswer: true})
  })

  test('no answer, a hang-up, another language', async () => {
    const silent = await serverThat(() => null)
    expect(await tryToken(secret(now), {port: silent.port, timeoutMs: 100})).toMatchObject({because: 'it did not answer in time'})
    for (const [act, because] of [
      [(socket: net.Socket) => socket.destroy(), /hung up|did not answer/],
      [(socket: net.Socket) => socket.end('SSH-2.0-x\r\n'), /not HTTP/],
    ] as const) {
      const server = net.createServer(act).listen(0, '127.0.0.1')
      closing.push(() => void server.close())
      await new Promise(resolve => server.once('listening', resolve))
      const text = await tryToken(secret(now), {port: (server.address() as AddressInfo).port})
      expect(text).toMatchObject({kind: 'not-ready', because: expect.stringMatching(because)})
    }
  })

  test('a value that cannot be sent is not sent, and proves nothing', async () => {
    const {port, seen} = await accepting(now)
    expect(await tryToken(secret('a\nb'), {port})).toMatchObject({kind: 'not-ready', status: null})
    expect(seen).toEqual([])
  })
})

describe('which of several', () => {
  const sent = (seen: readonly Seen[]): string[] =>
    seen.map(
      ({token}) =>
        Object.entries(tokens).find(([, value]) => value === token)?.[0] ?? (/^[0-9a-f]{48}$/.test(token) ? 'random' : token),
    )

  test('the first one is right: one made-up one, then the right one again', async () => {
    const {port, seen} = await accepting(now)
    const enforced = await findAcceptedToken({port, candidates: [now, old, other].map(secret)})
    expect(enforced).toMatchObject({
      fingerprint: '1111…1111',
      digest: tokenDigest(secret(now)),
      by: 'oracle',
      acceptsAnything: false,
      because: null,
    })
    expect(Date.parse(enforced.provenAt ?? '')).toBeGreaterThan(Date.now() - 10_000)
    expect(sent(seen)).toEqual(['now', 'random', 'now'])
  })

  test('another one is right: each once, in order, until it is found', async () => {
    const {port, seen} = await accepting(other)
    expect(await findAcceptedToken({port, candidates: [now, old, now, other, fresh].map(secret)})).toMatchObject({
      fingerprint: '3333…3333',
    })
    expect(sent(seen)).toEqual(['now', 'old', 'other', 'random', 'other'])
  })

  test('none is right: no more than the first and three others', async () => {
    const {port, seen} = await accepting()
    const candidates = [now, old, other, fresh, 'fifth', 'sixth'].map(secret)
    expect(await findAcceptedToken({port, candidates})).toMatchObject({
      digest: null,
      by: 'oracle',
      acceptsAnything: false,
      because: 'it refused the 4 that were tried',
    })
    expect(sent(seen)).toEqual(['now', 'old', 'other', 'fresh', 'random'])
  })

  test('anything is right: authentication is off', async () => {
    const {port, seen} = await serverThat(() => ({status: 400}))
    expect(await findAcceptedToken({port, candidates: [secret(now)]})).toMatchObject({
      acceptsAnything: true,
      digest: null,
      because: 'it accepts any token: authentication is off',
    })
    expect(sent(seen)).toEqual(['now', 'random'])
  })

  test('not ready, or locked: no second question', async () => {
    const starting = await serverThat(() => ({status: 503}))
    const notReady = await findAcceptedToken({port: starting.port, candidates: [now, old].map(secret)})
    expect(notReady).toMatchObject({by: 'unknown', provenAt: null})
    expect(notReady.noAnswer).toBeUndefined()
    expect(starting.seen).toHaveLength(1)
    const locked = await serverThat(() => ({status: 429, headers: {'retry-after': '120'}}))
    expect(await findAcceptedToken({port: locked.port, candidates: [now, old].map(secret)})).toMatchObject({
      by: 'unknown',
      because: 'it has locked this address out after too many wrong tokens, for 120 s',
    })
    expect(locked.seen).toHaveLength(1)
  })

  test('elsewhere than on this machine one wrong token is the most', async () => {
    const wrong = await accepting(other)
    expect(await findAcceptedToken({port: wrong.port, host: '0.0.0.0', candidates: [now, old, other].map(secret)})).toMatchObject(
      {
        digest: null,
        acceptsAnything: null,
        because: 'it refused the one that was tried',
      },
    )
    expect(sent(wrong.seen)).toEqual(['now'])
    const right = await accepting(now)
    expect(await findAcceptedToken({port: right.port, host: '0.0.0.0', candidates: [secret(now)]})).toMatchObject({
      acceptsAnything: false,
    })
    expect(sent(right.seen)).toEqual(['now', 'random', 'now'])
  })

  test('it changes while it is asked', async () => {
    const {port} = await serverThat((token, count) => ({status: count === 1 && token === now ? 400 : 401}))
    expect(await findAcceptedToken({port, candidates: [secret(now)]})).toMatchObject({
      by: 'unknown',
      because: expect.stringContaining('being changed'),
    })
  })

  test('no token at hand still tells whether any is accepted', async () => {
    const {port, seen} = await accepting()
    expect(await findAcceptedToken({port, candidates: [secret(' ')]})).toMatchObject({digest: null, acceptsAnything: false})
    expect(sent(seen)).toEqual(['random'])
  })
})

describe('the demo gateway, with its delays', () => {
  let folder: string
  let gateway: DemoGateway
  beforeEach(async () => {
    folder = newFolder()
    gateway = await startDemoGateway({folder, timing: {startMs: 0, pollMs: 10}})
  })
  afterEach(async () => {
    await gateway.stop()
    rmSync(folder, {recursive: true, force: true})
  })

  test('the right one at once; a wrong one is only ever sent when asked to', async () => {
    const right = secret(tokenOf(gateway))
    expect(await checkToken(right, gateway)).toMatchObject({digest: tokenDigest(right), acceptsAnything: null})
    expect(await checkToken(secret(old), gateway)).toMatchObject({
      digest: null,
      by: 'oracle',
      because: 'it refused the one that was tried',
    })
    const enforced = await findAcceptedToken({port: gateway.port, candidates: [secret(old), secret(other), right]})
    expect(enforced).toMatchObject({digest: tokenDigest(right), acceptsAnything: false})
    expect(gaveAway(JSON.stringify(enforced))).toEqual([])
  })

  test('after a change of the config the new one, without a restart', async () => {
    const config = JSON.parse(readFileSync(gateway.configFile, 'utf8'))
    config.gateway.auth.token = fresh
    writeConfig(gateway.configFile, config)
    await expect.poll(() => tryToken(secret(fresh), gateway).then(({kind}) => kind)).toBe('accepted')
    expect(await findAcceptedToken({port: gateway.port, candidates: [secret(fresh)]})).toMatchObject({fingerprint: '4444…4444'})
  })

  test('stopped: it says so', async () => {
    await gateway.stop()
    expect(await checkToken(secret(now), gateway)).toMatchObject({by: 'unknown', because: 'nothing listens on its port'})
  })
})
