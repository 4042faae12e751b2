const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, char => char.charCodeAt(0))

const subsystem = bytesOf('{"0":"{\\"subsystem\\":\\"')
const moduleLine = bytesOf('{"0":"{\\"module\\":\\"')
const relevantNames = ['gateway', 'channels/', 'provider-transport-fetch\\"', 'agent', 'diagnostic\\"'].map(bytesOf)

const standsAt = (bytes: Uint8Array, start: number, word: Uint8Array): boolean => {
  for (let i = 0; i < word.length; i += 1) if (bytes[start + i] !== word[i]) return false
  return true
}

const beforeText = bytesOf('{"0":"')
const startFailed = bytesOf('Gateway failed to start: ')
const afterText = bytesOf('","_meta":{')
const [quote, brace] = bytesOf('"{') as unknown as [number, number]

/** A text of no subsystem tells only how a start failed. */
const isMereText = (bytes: Uint8Array, start: number): boolean => {
  const text = start + beforeText.length
  if (!standsAt(bytes, start, beforeText) || bytes[text] === brace || standsAt(bytes, text, startFailed)) return false
  return standsAt(bytes, bytes.indexOf(quote, text), afterText)
}

const closing = '}'.charCodeAt(0)
const loginFailed = bytesOf('","1":{"event":"auth_profile_failure_state_updated"')

const maxName = 128

/** Whoever writes it. */
const isLoginFailure = (bytes: Uint8Array, start: number): boolean => {
  const last = start + subsystem.length + maxName
  for (let at = start + subsystem.length; at < last; at += 1)
    if (bytes[at] === closing) return standsAt(bytes, at + 1, loginFailed)
  return false
}

/** Whether a raw line may hold an event, decided by its first bytes. Lines of unknown shape may. */
export const mayHoldEvent = (bytes: Uint8Array, start: number): boolean => {
  if (!standsAt(bytes, start, subsystem)) return !standsAt(bytes, start, moduleLine) && !isMereText(bytes, start)
  for (const name of relevantNames) if (standsAt(bytes, start + subsystem.length, name)) return true
  return isLoginFailure(bytes, start)
}
