import {shellWord} from '../shell.ts'
import type {Credential} from './credential.ts'
import {isAtLeast} from './credential-rules.ts'
import type {State} from './credential-state.ts'

type Asked = {credential: Credential; state: State; isTurnedAway: boolean; agent: string | null; release: string | null}

/** Before 2026.8.1 the agent stands right behind `auth`, and nowhere else. */
const command = ({credential, agent, release}: Asked, verb: string, more = ''): string => {
  const named = agent === null ? '' : ` --agent ${shellWord(agent)}`
  const [before, after] = isAtLeast(release, '2026.8.1') ? ['', named] : [named, '']
  return `\`openclaw models auth${before} ${verb} --provider ${shellWord(credential.provider)} --profile-id ${shellWord(credential.profileId)}${more}${after}\``
}

const newToken = (asked: Asked): string => {
  const {provider} = asked.credential
  if (provider === 'github-copilot') return 'Sign in again: `openclaw models auth login-github-copilot`.'
  const source = provider === 'anthropic' ? 'Make a token with `claude setup-token`' : `Get a new token from ${provider}`
  if (!isAtLeast(asked.release, '2026.5.28'))
    return `${source}, then save it in the prompt of ${command(asked, 'paste-token', ' --expires-in 365d')}: piped, it would be shown and not saved.`
  return `${source}, then ${command(asked, 'paste-token', ' --expires-in 365d')}.`
}

const newKey = (asked: Asked): string =>
  isAtLeast(asked.release, '2026.5.28')
    ? `Save a key: ${command(asked, 'paste-api-key')}.`
    : 'Save a key: `openclaw models auth add`.'

const signIn = (asked: Asked): string => `Sign in again, with the network up: ${command(asked, 'login')}.`

const byType = (asked: Asked): string => {
  const {type} = asked.credential
  if (type === 'oauth') return signIn(asked)
  return type === 'token' ? newToken(asked) : newKey(asked)
}

/** What mends it; null where nothing is to be done. */
export const todoOf = (asked: Asked): string | null => {
  const {credential, state, release} = asked
  if (state === 'missing' && credential.isInactive && isAtLeast(release, '2026.9.5'))
    return `Switch it on: \`openclaw models auth activate ${shellWord(credential.profileId)}\`.`
  if (state === 'expired' || state === 'login-lost' || state === 'missing' || state === 'expiring') return byType(asked)
  if (asked.isTurnedAway && state !== 'external') return byType(asked)
  if (state === 'unverified') return 'See that the gateway can reach the secret: `openclaw secrets audit`.'
  return null
}
