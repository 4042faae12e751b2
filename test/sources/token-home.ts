import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import {keyOf, type TokenCopy} from '../../src/domain/token/copy.ts'
import type {PlaceId} from '../../src/domain/token/places.ts'
import type {HostEnv} from '../../src/gateway/paths.ts'
import {type CopiesRead, type CopyLocations, readCopies} from '../../src/sources/token/places.ts'

/** Made-up tokens, told apart at a glance. */
export const tokens = {
  now: '1111111111111111aaaaaaaaaaaaaaaa1111111111111111',
  old: '2222222222222222bbbbbbbbbbbbbbbb2222222222222222',
  other: '3333333333333333cccccccccccccccc3333333333333333',
  fresh: '4444444444444444dddddddddddddddd4444444444444444',
} as const

/** A throw-away home with its own PATH, so that no program of this machine is asked. */
export type Home = {
  folder: string
  state: string
  config: string
  calls: () => string[]
  write: (file: string, text: string, mode?: number) => string
  read: (file: string) => string
  stub: (program: string, script: string) => void
  hostEnv: (more?: Partial<HostEnv>) => HostEnv
  copies: (more?: Partial<CopyLocations>) => Promise<CopiesRead>
  remove: () => void
}

const noClient = {stateDir: null, configFile: null, profile: null}

export const newHome = (): Home => {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'gatecrab-copies-')))
  const bin = path.join(folder, 'bin')
  const called = path.join(folder, 'calls')
  const state = path.join(folder, '.openclaw')
  for (const one of [bin, state]) fs.mkdirSync(one)
  const at = (file: string): string => path.resolve(folder, file)
  const hostEnv = (more: Partial<HostEnv> = {}): HostEnv => ({
    platform: 'linux',
    home: folder,
    tmp: folder,
    uid: 501,
    ...more,
    env: {PATH: bin, HOME: folder, ...more.env},
  })
  return {
    folder,
    state,
    config: path.join(state, 'openclaw.json'),
    calls: () => (fs.existsSync(called) ? fs.readFileSync(called, 'utf8').split('\n').filter(Boolean) : []),
    write: (file, text, mode = 0o600) => {
      fs.mkdirSync(path.dirname(at(file)), {recursive: true})
      fs.writeFileSync(at(file), text)
      fs.chmodSync(at(file), mode)
      return at(file)
    },
    read: file => fs.readFileSync(at(file), 'utf8'),
    stub: (program, script) => {
      fs.writeFileSync(path.join(bin, program), `#!/bin/sh\necho "${program} $*" >>'${called}'\n${script}\n`, {mode: 0o755})
    },
    hostEnv: hostEnv,
    copies: more => readCopies({overrides: noClient, hostEnv: hostEnv(), release: '2026.9.6', pid: null, ...more}),
    remove: () => fs.rmSync(folder, {recursive: true, force: true}),
  }
}

export const configText = (token: unknown, more: object = {}): string =>
  JSON.stringify(
    {meta: {lastTouchedVersion: '2026.9.6'}, gateway: {mode: 'local', auth: {mode: 'token', token}}, ...more},
    null,
    2,
  )

/** What was found in a place: path and key, kind, and which of the made-up tokens it holds. */
export const readings = ({copies, secrets}: CopiesRead, place: PlaceId): string[] =>
  copies
    .filter(copy => copy.place === place)
    .map(copy => {
      const value = secrets.get(keyOf(copy))?.reveal()
      const name = Object.entries(tokens).find(([, token]) => token === value?.trim())?.[0] ?? value ?? '-'
      return `${path.basename(copy.path)} ${copy.key} ${copy.kind} ${name}`
    })

export const copyIn = ({copies}: CopiesRead, place: PlaceId, key?: string): TokenCopy => {
  const found = copies.find(copy => copy.place === place && (key === undefined || copy.key === key))
  if (!found) throw new Error(`no copy in ${place}`)
  return found
}

export const problemIds = ({problems}: TokenCopy): string[] => (problems ?? []).map(({id}) => id)

/** No eight characters of any token in a row. */
export const gaveAway = (output: string): string[] =>
  Object.values(tokens).flatMap(token =>
    Array.from({length: token.length - 7}, (_, i) => token.slice(i, i + 8)).filter(part => output.includes(part)),
  )
