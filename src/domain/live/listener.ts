import {present} from '../clean.ts'

/** What the gateway's port answered when it was asked. `silent`: it takes the connection and says nothing; `foreign`: another program has its port. */
export type Reach = {
  state: 'up' | 'foreign' | 'not-yet' | 'down' | 'silent' | 'unknown'
  because: string | null
  tookMs: number | null
  /** What the gateway itself says is not ready, channels among it; absent where it was not asked, or does not say. */
  failing?: readonly string[]
}

export const notAsked: Reach = {state: 'unknown', because: 'only logs were looked at', tookMs: null}

/** Who listens on the gateway's port, as the system tells it. */
export type Listener = {
  pid: number | null
  program: string | null
  /** Of the socket and of the process that holds it: two where it was handed on. */
  uids: readonly number[]
  account: string | null
  /** When its process began. */
  since: number | null
  host: string
  /** Another value is another listener: process, its start, and the socket. */
  id: string
}

/** `because`: the system does not say, which is not the same as that nothing listens. */
export type ListenersSeen = {listeners: readonly Listener[]} | {because: string}

/** `not-ready` may become the gateway: it starts, stops or is silent. */
export type ListenerVerdict = {
  is: 'gateway' | 'foreign' | 'unproven' | 'not-ready' | 'none'
  because: string
  listener: Listener | null
  /** Nobody is there who could answer. */
  unreachable?: true
}

/** What the listener answers without being sent a secret. */
export type GatewayForm = {is: 'openclaw' | 'other' | 'unclear' | 'not-ready' | 'refused'; because: string; unreachable?: true}

/** What the process alone proves; `fits` still has to answer as OpenClaw does. */
export type ProcessVerdict =
  | {is: 'fits'; because: string; listener: Listener; isPublisher: boolean}
  | {is: 'foreign' | 'unproven'; because: string; listener: Listener | null; isTunnel?: boolean}

const publishers =
  /^(?:docker-proxy|com\.docker|dockerd|rootlessport|rootlesskit|conmon|pasta|slirp4netns|vpnkit|gvproxy|limactl|orbstack|colima)/i
export const publishesPort = (program: string | null): boolean => publishers.test(program ?? '')

const tunnels = /^(?:ssh|sshd|autossh|kubectl|socat)\b/i

const cleaned = (text: string | null): string | null => present(text ?? undefined, 60) ?? null

/** `python3, pid 123, account mallory, since 2026-11-30T21:03:11Z` */
export const listenerInWords = ({program, pid, account, uids, since}: Listener): string =>
  [
    cleaned(program) ?? 'a program whose name this account may not see',
    pid === null ? null : `pid ${pid}`,
    `account ${cleaned(account) ?? uids[0] ?? 'unknown'}`,
    since === null ? null : `since ${new Date(since).toISOString().replace(/\.\d+Z$/, 'Z')}`,
  ]
    .filter(part => part !== null)
    .join(', ')

/** `python3 (pid 123, account mallory)` */
export const listenerInShort = ({program, pid, account, uids}: Listener): string => {
  const owner = `account ${cleaned(account) ?? uids[0] ?? 'unknown'}`
  return `${cleaned(program) ?? 'a program'} (${pid === null ? owner : `pid ${pid}, ${owner}`})`
}

const evaluateOwner = (listener: Listener, accounts: ReadonlySet<number>): ProcessVerdict => {
  const {uids, program} = listener
  const words = listenerInWords(listener)
  if (uids.length === 0)
    return {is: 'unproven', because: `the system does not say which account it belongs to: ${words}`, listener}
  if (uids.some(uid => !accounts.has(uid)))
    return {is: 'foreign', because: `its account is neither the gateway's nor root: ${words}`, listener}
  if (tunnels.test(program ?? ''))
    return {
      is: 'unproven',
      because: `it is a tunnel, and what is at its other end cannot be seen from here: ${words}`,
      listener,
      isTunnel: true,
    }
  const isPublisher = publishesPort(program)
  return {is: 'fits', because: isPublisher ? `it publishes a container's port: ${words}` : words, listener, isPublisher}
}

const rank = {foreign: 0, unproven: 1, fits: 2} as const

/** `accounts`: the owners of the gateway's config, and root. The worst of several listeners counts, since any of them may answer. */
export const evaluateProcesses = (seen: ListenersSeen, accounts: ReadonlySet<number>): ProcessVerdict => {
  if ('because' in seen) return {is: 'unproven', because: `who listens cannot be seen: ${seen.because}`, listener: null}
  const [worst] = seen.listeners.map(one => evaluateOwner(one, accounts)).toSorted((a, b) => rank[a.is] - rank[b.is])
  return worst ?? {is: 'unproven', because: 'the system lists no process that listens on its port', listener: null}
}

/** What process and answers prove together. `isConfirmed`: the operator has taken it for the gateway, though its process is not known. */
export const combineEvidence = (process: ProcessVerdict, form: GatewayForm, isConfirmed = false): ListenerVerdict => {
  const {listener} = process
  if (form.is === 'refused') return {is: 'none', because: form.because, listener: null, unreachable: true}
  if (process.is === 'foreign') return {is: 'foreign', because: process.because, listener}
  if (form.is === 'other') {
    const who = listener === null ? '' : `: ${listenerInWords(listener)}`
    return {is: 'foreign', because: `${form.because}${who}`, listener}
  }
  if (form.is === 'not-ready')
    return {is: 'not-ready', because: form.because, listener, ...(form.unreachable ? {unreachable: true} : {})}
  if (form.is === 'unclear') return {is: 'unproven', because: form.because, listener}
  if (process.is === 'unproven' && !isConfirmed) return {is: 'unproven', because: process.because, listener}
  return {is: 'gateway', because: `${process.because}; ${form.because}`, listener}
}

/** One sentence, wherever a secret was not sent. */
export const whyNotSent = ({is, because}: ListenerVerdict): string =>
  is === 'foreign'
    ? `another program has the gateway's port, and nothing secret is sent to it: ${because}`
    : is === 'unproven'
      ? `it is not proven that the gateway listens there, and nothing secret is sent: ${because}`
      : because

/** What a person does about it. */
export const listenerAdvice = ({is, listener}: ListenerVerdict): string =>
  is === 'foreign'
    ? `End that program${listener?.pid ? ` (pid ${listener.pid})` : ''} or give it another port, then start the gateway: \`gatecrab restart\`. If it is the gateway, give the config to the account that runs it.`
    : 'Run gatecrab as root or as the account of the gateway, where the system names the process (Linux: /proc; macOS: lsof). A plan asks at the terminal before it goes on.'
