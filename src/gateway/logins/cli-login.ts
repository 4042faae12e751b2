import path from 'node:path'
import type {LoginCli} from '../../domain/plans/renewal/facts.ts'
import {isSince} from '../../domain/release.ts'

type LoginRequest = {
  release: string | null
  provider: string
  profileId: string
  /** Null where there is one agent only. */
  agent: string | null
  validFor: string
  order: readonly string[]
  /** A sign-in by a code that is typed in a browser anywhere, where the provider has that. */
  deviceCode: boolean
}

const containers = ['docker', 'podman', 'nerdctl', 'kubectl', 'oc']

/** A command that speaks with a person needs a terminal at the far end, too. */
const withTerminal = (openclaw: readonly string[]): readonly string[] => {
  const [program = '', ...rest] = openclaw
  const name = path.basename(program)
  if (name === 'ssh') return [program, '-t', ...rest]
  return containers.includes(name) ? [program, ...rest.map(word => (word === '-i' ? '-it' : word))] : openclaw
}

/** From then on each command takes the agent itself; before, the word stands right behind `auth`. */
const takesAgent = '2026.8.1'
/** Before, what is piped in is shown in clear text, not saved, and reported as a success. */
const readsStdin = '2026.5.28'

/** The commands of OpenClaw that write a login. A secret is fed to standard input, never an argument. */
export const loginCli = (openclaw: readonly string[], asked: LoginRequest): LoginCli => {
  const {release, provider, profileId, agent, validFor, order, deviceCode} = asked
  const has = (since: string): boolean => release !== null && isSince(release, since)
  const before = agent !== null && !has(takesAgent) && has(readsStdin) ? ['--agent', agent] : []
  const after = agent !== null && has(takesAgent) ? ['--agent', agent] : []
  const auth = (speaks: boolean, words: readonly string[], more = after) => ({
    argv: [...(speaks ? withTerminal(openclaw) : openclaw), 'models', 'auth', ...before, ...words, ...more],
    speaks,
  })
  const named = ['--provider', provider, '--profile-id', profileId]
  const orderAgent = agent === null ? [] : ['--agent', agent]
  return {
    'paste-token': auth(!has(readsStdin), ['paste-token', ...named, '--expires-in', validFor]),
    'paste-api-key': has(readsStdin) ? auth(false, ['paste-api-key', ...named]) : null,
    login: auth(true, [
      ...['login', '--provider', provider, ...(has('2026.6.1') ? ['--profile-id', profileId] : [])],
      ...(deviceCode && has('2026.6.1') ? ['--device-code'] : []),
    ]),
    'setup-token': auth(true, ['setup-token', '--provider', provider]),
    copilot: auth(true, ['login-github-copilot']),
    add: auth(true, ['add']),
    activate: has('2026.9.5') ? auth(false, ['activate', profileId]) : null,
    order: {
      argv: [
        ...openclaw,
        ...['models', 'auth', 'order', ...(order.length === 0 ? ['clear'] : ['set']), '--provider', provider],
        ...orderAgent,
        ...order,
      ],
      speaks: false,
    },
    logout: has('2026.8.1') ? auth(false, ['logout', profileId, '--yes']) : null,
  }
}

/** Releases that save every login for the main agent, whatever is said. */
export const savesForMainOnly = (release: string | null): boolean => release === null || !isSince(release, readsStdin)
