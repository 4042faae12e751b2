import fs from 'node:fs'
import http from 'node:http'
import path from 'node:path'
import {setTimeout as pause} from 'node:timers/promises'
import {type DeviceWish, leaveWish, takeAnswer} from '../device-store.ts'
import {demoLogins} from '../logins.ts'

/** The file by which the demo's command asks the demo's gateway to restart. */
export const restartRequest = (folder: string): string => path.join(folder, 'restart-wanted')

type Json = Record<string, unknown>

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

const merged = (into: Json, patch: Json): Json => {
  const next: Json = {...into}
  for (const [key, value] of Object.entries(patch)) {
    const before = next[key]
    if (value === null) delete next[key]
    else next[key] = isObject(value) ? merged(isObject(before) ? before : {}, value) : value
  }
  return next
}

const configOf = (folder: string): {file: string; read: () => Json} => {
  const file = path.join(folder, 'openclaw.json')
  return {file, read: () => JSON.parse(fs.readFileSync(file, 'utf8')) as Json}
}

const readAll = async (stream: NodeJS.ReadableStream): Promise<string> => {
  let text = ''
  for await (const chunk of stream) text += chunk
  return text
}

const patch = async (folder: string, stdin: NodeJS.ReadableStream, isTry: boolean): Promise<string> => {
  const {file, read} = configOf(folder)
  const change = JSON.parse(await readAll(stdin)) as Json
  const next = `${JSON.stringify(merged(read(), change), null, 2)}\n`
  if (isTry) return 'Dry run: the config would be valid.'
  fs.copyFileSync(file, `${file}.bak`)
  fs.writeFileSync(`${file}.tmp`, next, {mode: 0o600})
  fs.renameSync(`${file}.tmp`, file)
  return 'Updated the config. Restart the gateway to apply.'
}

const portOf = (config: Json): number => {
  const {gateway} = config
  return isObject(gateway) && typeof gateway['port'] === 'number' ? gateway['port'] : 0
}

const answers = (port: number): Promise<boolean> =>
  new Promise(resolve => {
    http
      .get({host: '127.0.0.1', port, path: '/readyz', timeout: 500}, response => {
        response.resume()
        resolve(response.statusCode === 200)
      })
      .on('error', () => resolve(false))
      .on('timeout', () => resolve(false))
  })

const restart = async (folder: string): Promise<string> => {
  const requestFile = restartRequest(folder)
  const port = portOf(configOf(folder).read())
  fs.writeFileSync(requestFile, '')
  for (let tries = 0; tries < 200 && (fs.existsSync(requestFile) || !(await answers(port))); tries += 1) await pause(100)
  return JSON.stringify({
    action: 'restart',
    ok: true,
    result: 'restarted',
    message: `Gateway restart request sent to foreground process on port ${port}.`,
  })
}

const isAction = (word = ''): word is DeviceWish['action'] => ['approve', 'reject', 'revoke', 'remove', 'rotate'].includes(word)

/** The gateway of the demo answers within a tenth of a second, or it has ended. */
const devices = async (folder: string, words: readonly string[]): Promise<{text: string; ok: boolean}> => {
  const [, action] = words
  if (!isAction(action)) return {text: JSON.stringify({paired: [], pending: []}), ok: true}
  const flagValue = (flag: string): string | undefined => words[words.indexOf(flag) + 1]
  const isOfDevice = words.includes('--device')
  const id = (isOfDevice ? flagValue('--device') : words[2]) ?? ''
  leaveWish(folder, {action, id, role: isOfDevice ? (flagValue('--role') ?? '') : ''})
  for (let tries = 0; tries < 50; tries += 1) {
    const answer = takeAnswer(folder)
    if (answer?.ok) return {text: JSON.stringify(answer.answer), ok: true}
    if (answer) return {text: JSON.stringify({ok: false, error: {message: answer.message}}), ok: false}
    await pause(100)
  }
  return {text: JSON.stringify({ok: false, error: {message: 'the gateway of the demo does not answer'}}), ok: false}
}

/** What `openclaw` prints for the few commands that plans run, for the demo's gateway: there is no other behind it. */
export const demoOpenclaw = async (
  folder: string,
  words: readonly string[],
  stdin: NodeJS.ReadableStream,
): Promise<{text: string; ok: boolean}> => {
  if (words[0] === 'models') return demoLogins(folder, words, stdin)
  if (words[0] === 'devices') return devices(folder, words)
  const command = words.filter(word => !word.startsWith('--')).join(' ')
  const {file, read} = configOf(folder)
  const config = read()
  switch (command) {
    case 'config file':
      return {text: file, ok: true}
    case 'config patch':
      return {text: await patch(folder, stdin, words.includes('--dry-run')), ok: true}
    case 'config validate':
      return {text: JSON.stringify({valid: true}), ok: true}
    case 'gateway restart':
      return {text: await restart(folder), ok: true}
    case 'gateway health': {
      const ok = await answers(portOf(config))
      return {text: JSON.stringify({ok}), ok}
    }
    case 'gateway status':
      return {text: JSON.stringify({service: {loaded: false}, gateway: {port: portOf(config)}, port: {listeners: []}}), ok: true}
    case '':
      return {text: 'OpenClaw 2026.9.6 (demo)', ok: true}
    default:
      return {text: `The demo has no command ${command}.`, ok: false}
  }
}
