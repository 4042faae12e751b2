import {clean} from './clean.ts'
import {shortForm} from './secret.ts'

/** Anything long enough to be a token, a key or a device id; a UUID is none of them. */
const tokenLike = /(?<![\w-])(?!(?:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})(?![\w-]))[A-Za-z0-9_-]{24,}(?![\w-])/g
const bearer =
  /\b((?:bearer|token|password|secret|api[_-]?key)["']?(?:\s*[=:])?\s+|(?:token|password|key)=)(?!["']?(?:missing|mismatch|changed|must|to|and|or|in|by|of|is|was|sent|the|none|yes|no)(?=[.:]?(?:[\s"',;&)]|$)))[^\s"',;&)]{6,}/gi
/** A text that was cut before it came here may end within a token; the short id of a connection is shorter. */
const cutWord = /(?<![\w-])([A-Za-z0-9_-]{4})[A-Za-z0-9_-]{5,}(?=…)/g
const homes = /\/(?:Users|home)\/[^/\s:]+/g
const publicAddress =
  /\b(?!10\.|127\.|192\.168\.|169\.254\.|172\.(?:1[6-9]|2\d|3[01])\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.)(\d{1,3}\.\d{1,3}\.\d{1,3})\.\d{1,3}\b/g

const account = /(?<![\w.+-])[\w.+-]+@(?=[\w-]+(?:\.[\w-]+)*\.[a-z]{2,})/gi
/** What may be an IPv6 address: groups between colons, two of which may stand together. */
const addressLike6 = /(?<![\w:.])(?:[\da-f]{1,4}|:(?=:))(?::[\da-f]{0,4}){2,8}(?![\w:]|\.\d)/gi
/** Public ones begin with a digit. */
const private6 = /^(?:::1?$|[a-f])/i
const networkGroups = 3

const isAddress6 = (text: string): boolean => {
  const halves = text.split('::')
  const groups = text.split(':').filter(group => group !== '').length
  return halves.length === 2 ? groups < 8 : halves.length === 1 && groups === 8 && !text.startsWith(':') && !text.endsWith(':')
}

/** All of an IPv6 address but its network; not loopback, link-local or private ones. */
const shortened6 = (text: string): string => {
  if (!isAddress6(text) || private6.test(text)) return text
  const [before = ''] = text.split('::')
  const network = before.split(':').slice(0, networkGroups)
  return `${network.join(':')}${network.length < networkGroups ? '::' : ':'}x`
}

/** Names of machines in a home, an office or a tailnet. */
const hostName =
  /(?<![\w.-])[\w-]+(?:\.[\w-]+)*(\.(?:local|localdomain|lan|home|internal|fritz\.box|home\.arpa|ts\.net))(?![\w-]|\.\w)/gi

const hasDigitAndLetter = (word: string): boolean => /\d/.test(word) && /[A-Za-z]/.test(word)

const shortened = (word: string): string => (hasDigitAndLetter(word) ? shortForm(word) : word)

/** Without what may be a token, a key or a password. */
export const withoutSecrets = (text: string): string =>
  text.replace(bearer, '$1[redacted]').replace(tokenLike, shortened).replace(cutWord, '$1')

/** Text that a person can paste in public: no secret, no account or host name, no whole public address, no control character. */
export const redact = (text: string, max = 4096): string =>
  withoutSecrets(clean(text, max))
    .replace(homes, '~')
    .replace(account, '[account]@')
    .replace(hostName, '[host]$1')
    .replace(addressLike6, shortened6)
    .replace(publicAddress, '$1.x')
