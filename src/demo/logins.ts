import fs from 'node:fs'
import path from 'node:path'
import readline from 'node:readline/promises'
import {DatabaseSync} from 'node:sqlite'

type Row = Record<string, unknown>
type Store = {version: number; profiles: Record<string, Row>}
type State = Row & {order?: Record<string, readonly string[]>}
type CommandOutput = {text: string; ok: boolean}

const dbOf = (folder: string): DatabaseSync => new DatabaseSync(path.join(folder, 'state', 'openclaw.sqlite'))

const cells = (folder: string) => {
  const read = <T>(key: string, none: T): T => {
    const db = dbOf(folder)
    const row = db.prepare('SELECT value_json AS json FROM config_machine_state WHERE state_key = ?').get(key)
    db.close()
    return typeof row?.['json'] === 'string' ? (JSON.parse(row['json']) as T) : none
  }
  const write = (key: string, value: unknown): void => {
    const db = dbOf(folder)
    const put =
      'INSERT INTO config_machine_state VALUES (?, ?, ?) ON CONFLICT (state_key) DO UPDATE SET value_json = excluded.value_json, updated_at_ms = excluded.updated_at_ms'
    db.prepare(put).run(key, JSON.stringify(value), Date.now())
    db.close()
  }
  return {
    store: () => read<Store>('authProfiles.store', {version: 1, profiles: {}}),
    state: () => read<State>('authProfiles.state', {version: 1}),
    writeStore: (store: Store) => write('authProfiles.store', store),
    writeState: (state: State) => write('authProfiles.state', state),
  }
}

const refused = (text: string): CommandOutput => ({text, ok: false})

/** The config names each saved login, as OpenClaw does. */
const updateConfig = (folder: string, profileId: string, mode: string | null, provider: string): string => {
  const file = path.join(folder, 'openclaw.json')
  const config = JSON.parse(fs.readFileSync(file, 'utf8')) as Row & {auth?: {profiles?: Record<string, unknown>}}
  const {[profileId]: _, ...others} = config.auth?.profiles ?? {}
  const profiles = mode === null ? others : {...others, [profileId]: {provider, mode}}
  fs.copyFileSync(file, `${file}.bak`)
  fs.writeFileSync(`${file}.tmp`, `${JSON.stringify({...config, auth: {...config.auth, profiles}}, null, 2)}\n`, {mode: 0o600})
  fs.renameSync(`${file}.tmp`, file)
  return 'Updated config: ~/.openclaw/openclaw.json\n  Backup: ~/.openclaw/openclaw.json.bak'
}

const lengths: Record<string, number> = {m: 60_000, h: 3_600_000, d: 86_400_000, '': 86_400_000}

const endIn = (text: string | null): number | null | undefined => {
  if (text === null) return null
  const [, count, unit = ''] = /^(\d+(?:\.\d+)?)([mhd]?)$/.exec(text) ?? []
  const ms = Number(count) * (lengths[unit] ?? 0)
  return count === undefined || !(ms > 0) ? undefined : Date.now() + ms
}

const readAll = async (stream: NodeJS.ReadableStream): Promise<string> => {
  let text = ''
  for await (const chunk of stream) text += chunk
  return text.trim()
}

type Asked = {folder: string; provider: string; profileId: string; expiresIn: string | null; stdin: NodeJS.ReadableStream}

const save = ({folder, provider, profileId}: Asked, row: Row): CommandOutput => {
  const {store, writeStore} = cells(folder)
  const {profiles, ...rest} = store()
  writeStore({...rest, profiles: {...profiles, [profileId]: {...row, provider}}})
  const text = updateConfig(folder, profileId, String(row['type']), provider)
  return {text: `${text}\nAuth profile: ${profileId} (${provider}/${row['type']})`, ok: true}
}

const pasteToken = async (asked: Asked): Promise<CommandOutput> => {
  const token = await readAll(asked.stdin)
  const expires = endIn(asked.expiresIn)
  if (expires === undefined) return refused(`Invalid --expires-in: ${asked.expiresIn}`)
  if (asked.provider === 'anthropic' && !token.startsWith('sk-ant-oat01-'))
    return refused('Expected token starting with sk-ant-oat01-')
  return save(asked, {type: 'token', token, ...(expires === null ? {} : {expires})})
}

const pasteKey = async (asked: Asked): Promise<CommandOutput> => {
  const key = await readAll(asked.stdin)
  return key === '' ? refused('Required') : save(asked, {type: 'api_key', key})
}

const dayMs = 86_400_000

/** Nobody is asked anywhere: Enter stands for the person who confirms the code in a browser. */
const signIn = async (asked: Asked): Promise<CommandOutput> => {
  if (!process.stdin.isTTY) return refused('models auth login requires an interactive TTY.')
  const asking = readline.createInterface({input: process.stdin, output: process.stdout, terminal: false})
  process.stdout.write(
    `\n  Demo sign-in at ${asked.provider}\n  Open https://example.com/device and enter the code DEMO-1234\n\n`,
  )
  await asking.question('  Press enter once the browser says that you are signed in. ')
  asking.close()
  const fake = (what: string): string => `${what}_FAKE${crypto.randomUUID().replaceAll('-', '')}`
  return save(asked, {type: 'oauth', access: fake('at'), refresh: fake('rt'), expires: Date.now() + dayMs})
}

const logout = ({folder, profileId}: Asked): CommandOutput => {
  const {store, writeStore} = cells(folder)
  const {profiles, ...rest} = store()
  const {[profileId]: gone, ...others} = profiles
  if (!gone) return refused(`Auth profile "${profileId}" not found in ~/.openclaw/agents/main/agent.`)
  writeStore({...rest, profiles: others})
  const text = updateConfig(folder, profileId, null, String(gone['provider']))
  return {text: `${text}\nAgent: main\nRemoved auth profile: ${profileId}`, ok: true}
}

const setOrder = ({folder, provider}: Asked, ids: readonly string[]): CommandOutput => {
  const {store, state, writeState} = cells(folder)
  const unknown = ids.find(id => !Object.hasOwn(store().profiles, id))
  if (unknown) return refused(`Auth profile "${unknown}" not found in ~/.openclaw/agents/main/agent.`)
  const {[provider]: _, ...others} = state().order ?? {}
  writeState({...state(), order: ids.length === 0 ? others : {...others, [provider]: ids}})
  return {text: `Agent: main\nProvider: ${provider}\nAuth profile order override: ${ids.join(', ') || 'cleared'}`, ok: true}
}

const valued = ['--provider', '--profile-id', '--expires-in', '--agent', '--method']

/** What `openclaw models auth` does for the demo's own store; there is no other behind it, and no provider. */
export const demoLogins = async (
  folder: string,
  words: readonly string[],
  stdin: NodeJS.ReadableStream,
): Promise<CommandOutput> => {
  const value = (flag: string): string | null => words[words.indexOf(flag) + 1 || words.length] ?? null
  const bare = words.filter((word, i) => !word.startsWith('--') && !valued.includes(words[i - 1] ?? ''))
  const [, , verb = '', ...rest] = bare
  const provider = value('--provider') ?? ''
  const asked: Asked = {
    folder,
    provider,
    profileId: value('--profile-id') ?? (verb === 'logout' ? (rest[0] ?? '') : `${provider}:manual`),
    expiresIn: value('--expires-in'),
    stdin,
  }
  switch (verb) {
    case 'paste-token':
      return pasteToken(asked)
    case 'paste-api-key':
      return pasteKey(asked)
    case 'login':
    case 'setup-token':
      return signIn(asked)
    case 'logout':
      return words.includes('--yes')
        ? logout(asked)
        : refused(`Refusing to remove auth profile ${asked.profileId} without confirmation.`)
    case 'order':
      return setOrder(asked, rest[0] === 'clear' ? [] : rest.slice(1))
    default:
      return refused(`The demo has no command models auth ${verb}.`)
  }
}
