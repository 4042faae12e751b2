import {execFileSync} from 'node:child_process'
import {X509Certificate} from 'node:crypto'
import fs from 'node:fs'
import https from 'node:https'
import type {AddressInfo} from 'node:net'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import {afterAll, beforeAll, describe, expect, test, vi} from 'vitest'
import type {WebSocketServer} from 'ws'
import {Secret} from '../../src/domain/secret.ts'
import {probeGateway} from '../../src/sources/live/gateway-call.ts'
import {type Answer, tryToken} from '../../src/sources/token/token-probe.ts'
import {answersAsGateway, challengesOn} from './gateway-answers.ts'
import {watched} from './observed.ts'

const token = new Secret('a'.repeat(48))

const openssl = 'openssl'

const hasOpenssl = ((): boolean => {
  try {
    execFileSync(openssl, ['version'], {stdio: 'ignore'})
    return true
  } catch {
    return false
  }
})()

/** As OpenClaw makes them: self-signed, for the name `openclaw-gateway`, without extensions. */
describe.skipIf(!hasOpenssl)('a gateway that speaks TLS', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gatecrab-tls-'))
  const result: string[] = []
  const text: string[] = []
  let sockets: WebSocketServer
  let server: https.Server
  let port = 0
  let own = ''
  let other = ''

  const certificate = (name: string, ...more: string[]): string => {
    const file = path.join(folder, `${name}.pem`)
    const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', `/CN=openclaw-gateway`]
    execFileSync(openssl, [...request, '-keyout', path.join(folder, `${name}.key`), '-out', file, ...more], {stdio: 'ignore'})
    return file
  }

  beforeAll(async () => {
    own = certificate('own')
    other = certificate('other')
    server = https.createServer(
      {cert: fs.readFileSync(own), key: fs.readFileSync(path.join(folder, 'own.key'))},
      (request, response) => {
        if (answersAsGateway(request, response)) return
        result.push(request.headers.authorization ?? '')
        response.writeHead(400, {'content-type': 'application/json'}).end('{}')
      },
    )
    sockets = challengesOn(server)
    sockets.on('connection', socket => socket.on('message', data => void text.push(String(data))))
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    port = (server.address() as AddressInfo).port
  })

  afterAll(() => {
    sockets.close()
    server.close()
    fs.rmSync(folder, {recursive: true})
  })

  const asked = async (certFile: string | null): Promise<Answer & {sent: number}> => {
    const before = result.length
    const answer = await tryToken(token, {port, tls: {certFile}})
    return {...answer, sent: result.length - before}
  }

  test('is asked by its own certificate, whatever name that carries', async () => {
    expect(await asked(own)).toMatchObject({kind: 'accepted', sent: 1})
  })

  test('one with another certificate is not even sent the token', async () => {
    expect(await asked(other)).toMatchObject({kind: 'not-ready', sent: 0, because: expect.stringContaining('certificate')})
  })

  test('without the file, only what this machine trusts', async () => {
    const query = {kind: 'not-ready', sent: 0, because: expect.stringContaining('certificate')}
    expect(await asked(null)).toMatchObject(query)
    expect(await asked(path.join(folder, 'gone.pem'))).toMatchObject(query)
  })

  test('one that was issued by an authority is pinned all the same', async () => {
    const [key, csr, file] = ['leaf.key', 'leaf.csr', 'leaf.pem'].map(name => path.join(folder, name)) as [string, string, string]
    execFileSync(openssl, ['req', '-new', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=mini', '-keyout', key, '-out', csr], {
      stdio: 'ignore',
    })
    execFileSync(
      openssl,
      ['x509', '-req', '-in', csr, '-CA', own, '-CAkey', path.join(folder, 'own.key'), '-days', '2', '-out', file],
      {stdio: 'ignore'},
    )
    const issued = https.createServer({cert: fs.readFileSync(file), key: fs.readFileSync(key)}, (request, response) => {
      if (!answersAsGateway(request, response)) response.writeHead(401).end()
    })
    challengesOn(issued)
    await new Promise<void>(resolve => issued.listen(0, '127.0.0.1', resolve))
    const at = (issued.address() as AddressInfo).port
    expect((await tryToken(token, {port: at, tls: {certFile: file}})).kind).toBe('refused')
    expect(await tryToken(token, {port: at, tls: {certFile: own}})).toMatchObject({
      kind: 'not-ready',
      because: expect.stringContaining('another certificate'),
    })
    issued.close()
  })

  test('the other way round: it says that TLS is not what is spoken', async () => {
    const plain = net.createServer(socket => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
    await new Promise<void>(resolve => plain.listen(0, '127.0.0.1', resolve))
    const at = (plain.address() as AddressInfo).port
    expect(await tryToken(token, {port: at, tls: {certFile: own}})).toMatchObject({
      kind: 'not-ready',
      because: expect.stringContaining('does not speak TLS'),
    })
    plain.close()
  })

  const printOf = (file: string): string => new X509Certificate(fs.readFileSync(file)).fingerprint256

  test('is asked by the fingerprint that the config names, however it is written, and no other is sent the token', async () => {
    for (const fingerprint of [printOf(own), `sha256:${printOf(own).replaceAll(':', '').toLowerCase()}`])
      expect(await tryToken(token, {port, tls: {certFile: null, fingerprint}})).toMatchObject({kind: 'accepted'})
    const before = result.length
    for (const fingerprint of [printOf(other), 'AB:CD', 'none'])
      expect(await tryToken(token, {port, tls: {certFile: null, fingerprint}})).toMatchObject({
        kind: 'not-ready',
        because: expect.stringContaining('another certificate'),
      })
    expect(result).toHaveLength(before)
    expect(await probeGateway('127.0.0.1', port, {certFile: null, fingerprint: printOf(other)})).toMatchObject({state: 'unknown'})
  })

  test('the observer goes by the fingerprint, too, and says no word to another', async () => {
    const url = `wss://127.0.0.1:${port}`
    const mistaken = watched(url, () => token.reveal(), {fingerprint: printOf(other)})
    expect((await mistaken.until('refused')).because).toContain('is not trusted')
    expect(text).toEqual([])
    watched(url, () => token.reveal(), {fingerprint: printOf(own)})
    await vi.waitFor(() => expect(text).toHaveLength(1))
  })

  test('it is up', async () => {
    expect((await probeGateway('127.0.0.1', port, {certFile: own})).state).toBe('up')
  })
})
