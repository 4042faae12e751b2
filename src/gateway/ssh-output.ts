import {clean} from '../domain/clean.ts'
import type {Failure} from '../domain/failure.ts'
import {shellWord} from '../domain/shell.ts'

/** How a line to another machine ended. */
export type SshEnd = {code: number | null; stderr: string; problem: string | null}

/** `lasting`: it will not pass by itself, and asking again and again may get this machine banned there. */
export type SshFailure = Failure & {lasting: boolean}

type Row = {seen: RegExp; title: string; because: string; tryThis: string; lasting: boolean}

/** First match wins; HOST stands for the machine. */
const rows: readonly Row[] = [
  {
    seen: /REMOTE HOST IDENTIFICATION HAS CHANGED/,
    title: 'The host key of HOST has changed',
    because: 'it is another machine than before, was installed again, or somebody stands between',
    tryThis: 'find out which; only then: ssh-keygen -R HOST',
    lasting: true,
  },
  {
    seen: /Host key verification failed|host key is known/i,
    title: 'The host key of HOST is not known here',
    because: 'ssh asks about it once, and here it may not ask',
    tryThis: '`ssh HOST` once by hand and compare the key',
    lasting: true,
  },
  {
    seen: /Permission denied|Too many authentication failures|No supported authentication methods/i,
    title: 'HOST refused the ssh login',
    because: 'none of the keys that ssh offers is taken there, and here it may not ask for a password',
    tryThis: 'try ssh HOST by hand; ssh-add, or ssh-copy-id HOST',
    lasting: true,
  },
  {
    seen: /Could not resolve hostname|Name or service not known|nodename nor servname/i,
    title: 'HOST is not known',
    because: 'no such name in ~/.ssh/config or in the network',
    tryThis: 'look at the name that --host gives',
    lasting: true,
  },
  {
    seen: /Connection refused/i,
    title: 'HOST takes no ssh connection',
    because: 'nothing listens on its ssh port',
    tryThis: 'switch remote login on there, or name its port as in ssh://user@host:2222',
    lasting: false,
  },
  {
    seen: /timed? ?out|No route to host|Network is unreachable|Host is down|not responding/i,
    title: 'HOST does not answer',
    because: 'it is asleep, off, or the network between is broken',
    tryThis: 'nothing, if it comes back: it is tried again by itself',
    lasting: false,
  },
  {
    seen: /needs Node \d/i,
    title: 'The Node on HOST is too old for gatecrab',
    because: 'gatecrab there said so',
    tryThis: 'install a newer Node there, or name the right command with --gatecrab',
    lasting: true,
  },
  {
    seen: /Unknown option|No such command|wrong usage/i,
    title: 'The gatecrab on HOST is older than this one',
    because: 'it does not know what it was asked for',
    tryThis: 'install the same version there',
    lasting: true,
  },
  {
    seen: /\bnode\b.{0,3}: (?:No such file|not found|command not found)/i,
    title: 'Node is not installed on HOST',
    because: 'gatecrab is there, and what runs it is not on the PATH of a login without a terminal',
    tryThis: 'name both: --gatecrab "/path/to/node /path/to/gatecrab"',
    lasting: true,
  },
  {
    seen: /not found|No such file or directory|Unknown command/i,
    title: 'gatecrab is not installed on HOST',
    because: 'there is no such command on the PATH of a login without a terminal',
    tryThis: 'install it there, or name where it is with --gatecrab PATH',
    lasting: true,
  },
]

const firstLine = (text: string): string => clean(text.split('\n').find(line => line.trim() !== '') ?? '', 160)

const hang = 255
const usage = 64

export const sshFailure = (host: string, {code, stderr, problem}: SshEnd): SshFailure => {
  if (problem !== null) return {title: `ssh cannot be run for ${host}`, because: problem, from: 'us', lasting: true}
  const row = rows.find(({seen}) => seen.test(stderr))
  if (row) {
    const named = (text: string) => text.replaceAll('HOST', host)
    return {title: named(row.title), because: row.because, tryThis: named(row.tryThis), from: 'gateway', lasting: row.lasting}
  }
  const message = firstLine(stderr)
  return {
    title: code === hang || code === null ? `The line to ${host} was cut` : `gatecrab on ${host} ended with ${code}`,
    because: message || 'it said nothing more',
    tryThis: 'nothing, if it comes back: it is tried again by itself',
    from: 'gateway',
    lasting: false,
  }
}

/** How the watch of a gateway on this machine ended. */
export const localFailure = (name: string, {code, stderr, problem}: SshEnd): SshFailure => ({
  title:
    problem === null
      ? `The gatecrab that watches ${name} ended${code === null ? '' : ` with ${code}`}`
      : `${name} cannot be watched`,
  because: problem ?? (firstLine(stderr) || 'it said nothing more'),
  tryThis: 'nothing, if it comes back: it is started again by itself',
  from: 'us',
  lasting: code === usage,
})

const plainHost = /^(?:ssh:\/\/)?(?:[\w.+][\w.+-]*@)?(?:[\w.][\w.-]*|\[[\da-f:.]+\]|[\da-f]*:[\da-f:.]+)(?::\d{1,5})?\/?$/i

/** What ssh takes as a destination, and nothing that it could take for an option or a command. */
export const isHost = (text: string): boolean => text.length <= 255 && plainHost.test(text)

/** It may ask nothing, forwards nothing, and notices when the other end is gone; all else is as ~/.ssh/config says. */
const options = [
  'BatchMode=yes',
  'ConnectTimeout=10',
  'ServerAliveInterval=15',
  'ServerAliveCountMax=2',
  'LogLevel=ERROR',
  'ForwardAgent=no',
  'ForwardX11=no',
  'ClearAllForwardings=yes',
  'PermitLocalCommand=no',
  'RemoteCommand=none',
] as const

/** A login without a terminal has a short PATH: where people install things is looked at as well. */
const places = '$HOME/.local/bin:$HOME/.npm-global/bin:/usr/local/bin:/opt/homebrew/bin'

/** The operator's own command is the shell's to understand; whatever the login shell is, `sh` runs it. */
const remoteWords = (gatecrab: string, words: readonly string[]): string =>
  `exec sh -c ${shellWord(`PATH="$PATH:${places}"; exec ${[gatecrab, ...words].join(' ')}`)}`

export const sshArguments = (host: string, gatecrab: string, words: readonly string[]): string[] => [
  '-T',
  ...options.flatMap(option => ['-o', option]),
  '--',
  host,
  remoteWords(gatecrab, words),
]

/** The screen there, on the terminal here. */
export const screenArguments = (host: string, gatecrab: string): string[] => [
  '-t',
  '-o',
  'RemoteCommand=none',
  '--',
  host,
  remoteWords(gatecrab, []),
]
