import type {AgentView, StoredCredential} from './agent-view.ts'
import type {OpenclawStatus} from './credential.ts'
import {openclawStatusOf} from './openclaw-status.ts'
import {isUnblocked, queueOf} from './order.ts'
import type {ModelUse, ProfileReading} from './reading.ts'
import type {LoginRules} from './release-rules.ts'

export type Check = {exit: 0 | 1 | 2; because: string | null}

const fine: Check = {exit: 0, because: null}

const worse = (checks: readonly Check[]): Check =>
  checks.find(({exit}) => exit === 1) ?? checks.find(({exit}) => exit === 2) ?? fine

type CheckInputs = {view: AgentView; reading: ProfileReading; rules: LoginRules; now: number}

const checkOfStatus = (checkCredential: OpenclawStatus | null, profileId: string): Check => {
  if (checkCredential === 'expired' || checkCredential === 'missing')
    return {exit: 1, because: `it calls ${profileId} ${checkCredential}`}
  return checkCredential === 'expiring' ? {exit: 2, because: `it calls ${profileId} expiring`} : fine
}

const checkCredential = ({rules, now}: CheckInputs, {credential}: StoredCredential): Check =>
  checkOfStatus(openclawStatusOf(credential, rules, now), credential.profileId)

const checkWithoutLogin = ({reading}: CheckInputs, {provider}: ModelUse): Check =>
  reading.providersWithoutLogin.includes(provider) ? fine : {exit: 1, because: `it finds no usable login for ${provider}`}

const hasAny = ({view}: CheckInputs, use: ModelUse): boolean =>
  Array.from(view.stored.values()).some(({credential}) => credential.provider === use.provider)

const everyProfile = (inputs: CheckInputs): Check => {
  const ending = Array.from(inputs.view.stored.values()).filter(({credential}) => credential.type !== 'api_key')
  const unserved = inputs.view.agent.models.filter(use => !hasAny(inputs, use))
  return worse([...ending.map(stored => checkCredential(inputs, stored)), ...unserved.map(use => checkWithoutLogin(inputs, use))])
}

/** What OpenClaw lets into the line at all; an expired OAuth login stays in, since it may renew. */
const isEligible = ({rules, now}: CheckInputs, {credential}: StoredCredential): boolean => {
  const status = openclawStatusOf(credential, rules, now)
  if (credential.type !== 'oauth') return status !== null && status !== 'expired' && status !== 'missing'
  return credential.fence === null && !credential.isInactive && (credential.secret === 'set' || credential.hasRefresh)
}

const providerInUse = (inputs: CheckInputs, use: ModelUse): Check => {
  const {stored} = queueOf(inputs.view, inputs.reading.auth, use, inputs.now)
  if (stored.length === 0) return checkWithoutLogin(inputs, use)
  if (inputs.reading.providersWithoutLogin.includes(use.provider)) return fine
  const eligible = stored.filter(one => isEligible(inputs, one))
  const counted = eligible.length > 0 ? eligible : stored
  const ending = counted.filter(({credential}) => credential.type !== 'api_key')
  return worse((ending.length > 0 ? ending : counted).map(one => checkCredential(inputs, one)))
}

const refreshMarginMs = 300_000

/** Usable at once, without a renewal and without following a reference that leads nowhere. */
const isReady = ({now}: CheckInputs, {credential}: StoredCredential): boolean => {
  const {type, secret, reference, expires, provider, hasRefresh} = credential
  if (type !== 'oauth') return reference === null ? secret === 'set' : reference.found === 'yes'
  if (provider === 'openai' && hasRefresh) return true
  return secret === 'set' && expires.kind === 'at' && expires.at - now > refreshMarginMs
}

const chosenProfile = (inputs: CheckInputs, use: ModelUse): Check => {
  const {stored} = queueOf(inputs.view, inputs.reading.auth, use, inputs.now)
  const ready = stored.find(
    one => isEligible(inputs, one) && isUnblocked(inputs.view, one, use, inputs.now) && isReady(inputs, one),
  )
  return ready === undefined ? checkWithoutLogin(inputs, use) : checkCredential(inputs, ready)
}

/** How `openclaw models status --check --agent` of this release would end, as its code reads; null where the config names no model. */
export const openclawCheck = (inputs: CheckInputs): Check | null => {
  const {rules, view, reading} = inputs
  if (!reading.knowsModels || !view.agent.isRead) return null
  if (rules.check === 'every-profile') return everyProfile(inputs)
  const each = rules.check === 'providers-in-use' ? providerInUse : chosenProfile
  return worse(view.agent.models.map(use => each(inputs, use)))
}
