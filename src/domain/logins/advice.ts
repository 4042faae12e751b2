import {isSince} from '../release.ts'
import {shellWord} from '../shell.ts'
import type {Credential} from './credential.ts'
import type {LoginState} from './login-state.ts'

type AdviceInputs = {credential: Credential; state: LoginState; isRejected: boolean; agent: string | null; release: string | null}

/** Before 2026.8.1 the agent stands right behind `auth`, and nowhere else. */
const command = ({credential, agent, release}: AdviceInputs, verb: string, more = ''): string => {
  const named = agent === null ? '' : ` --agent ${shellWord(agent)}`
  const [before, after] = isSince(release, '2026.8.1') ? ['', named] : [named, '']
  return `\`openclaw models auth${before} ${verb} --provider ${shellWord(credential.provider)} --profile-id ${shellWord(credential.profileId)}${more}${after}\``
}

const newToken = (inputs: AdviceInputs): string => {
  const {provider} = inputs.credential
  if (provider === 'github-copilot') return 'Sign in again: `openclaw models auth login-github-copilot`.'
  const source = provider === 'anthropic' ? 'Make a token with `claude setup-token`' : `Get a new token from ${provider}`
  if (!isSince(inputs.release, '2026.5.28'))
    return `${source}, then save it in the prompt of ${command(inputs, 'paste-token', ' --expires-in 365d')}: piped, it would be shown and not saved.`
  return `${source}, then ${command(inputs, 'paste-token', ' --expires-in 365d')}.`
}

const newKey = (inputs: AdviceInputs): string =>
  isSince(inputs.release, '2026.5.28')
    ? `Save a key: ${command(inputs, 'paste-api-key')}.`
    : 'Save a key: `openclaw models auth add`.'

const signIn = (inputs: AdviceInputs): string => `Sign in again, with the network up: ${command(inputs, 'login')}.`

const byType = (inputs: AdviceInputs): string => {
  const {type} = inputs.credential
  if (type === 'oauth') return signIn(inputs)
  return type === 'token' ? newToken(inputs) : newKey(inputs)
}

/** What mends it; null where nothing is to be done. */
export const adviceFor = (inputs: AdviceInputs): string | null => {
  const {credential, state, release} = inputs
  if (state === 'missing' && credential.isInactive && isSince(release, '2026.9.5'))
    return `Switch it on: \`openclaw models auth activate ${shellWord(credential.profileId)}\`.`
  if (state === 'expired' || state === 'login-lost' || state === 'missing' || state === 'expiring') return byType(inputs)
  if (inputs.isRejected && state !== 'external') return byType(inputs)
  if (state === 'unverified') return 'Check that the gateway can reach the secret: `openclaw secrets audit`.'
  return null
}
