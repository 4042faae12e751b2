import type {Said} from './credential.ts'
import {isOpen, queueOf} from './credential-order.ts'
import type {ModelUse, ProfileReading} from './credential-reading.ts'
import type {Rules} from './credential-rules.ts'
import {saysOf} from './credential-says.ts'
import type {Held, View} from './credential-view.ts'

export type Check = {exit: 0 | 1 | 2; because: string | null}

const fine: Check = {exit: 0, because: null}

const worse = (checks: readonly Check[]): Check =>
  checks.find(({exit}) => exit === 1) ?? checks.find(({exit}) => exit === 2) ?? fine

type Asked = {view: View; reading: ProfileReading; rules: Rules; now: number}

const bySaid = (said: Said | null, profileId: string): Check => {
  if (said === 'expired' || said === 'missing') return {exit: 1, because: `it calls ${profileId} ${said}`}
  return said === 'expiring' ? {exit: 2, because: `it calls ${profileId} expiring`} : fine
}

const said = ({rules, now}: Asked, {credential}: Held): Check => bySaid(saysOf(credential, rules, now), credential.profileId)

const nothingFor = ({reading}: Asked, {provider}: ModelUse): Check =>
  reading.otherwise.includes(provider) ? fine : {exit: 1, because: `it finds no usable login for ${provider}`}

const hasAny = ({view}: Asked, use: ModelUse): boolean =>
  Array.from(view.held.values()).some(({credential}) => credential.provider === use.provider)

const everyProfile = (asked: Asked): Check => {
  const ending = Array.from(asked.view.held.values()).filter(({credential}) => credential.type !== 'api_key')
  const unserved = asked.view.agent.models.filter(use => !hasAny(asked, use))
  return worse([...ending.map(held => said(asked, held)), ...unserved.map(use => nothingFor(asked, use))])
}

/** What OpenClaw lets into the line at all; an expired OAuth login stays in, since it may renew. */
const isEligible = ({rules, now}: Asked, {credential}: Held): boolean => {
  const called = saysOf(credential, rules, now)
  if (credential.type !== 'oauth') return called !== null && called !== 'expired' && called !== 'missing'
  return credential.fence === null && !credential.isInactive && (credential.secret === 'set' || credential.hasRefresh)
}

const providerInUse = (asked: Asked, use: ModelUse): Check => {
  const {held} = queueOf(asked.view, asked.reading.auth, use, asked.now)
  if (held.length === 0) return nothingFor(asked, use)
  if (asked.reading.otherwise.includes(use.provider)) return fine
  const eligible = held.filter(one => isEligible(asked, one))
  const counted = eligible.length > 0 ? eligible : held
  const ending = counted.filter(({credential}) => credential.type !== 'api_key')
  return worse((ending.length > 0 ? ending : counted).map(one => said(asked, one)))
}

const refreshMarginMs = 300_000

/** Usable at once, without a renewal and without following a reference that leads nowhere. */
const isReady = ({now}: Asked, {credential}: Held): boolean => {
  const {type, secret, reference, expires, provider, hasRefresh} = credential
  if (type !== 'oauth') return reference === null ? secret === 'set' : reference.found === 'yes'
  if (provider === 'openai' && hasRefresh) return true
  return secret === 'set' && expires.kind === 'at' && expires.at - now > refreshMarginMs
}

const chosenProfile = (asked: Asked, use: ModelUse): Check => {
  const {held} = queueOf(asked.view, asked.reading.auth, use, asked.now)
  const ready = held.find(one => isEligible(asked, one) && isOpen(asked.view, one, use, asked.now) && isReady(asked, one))
  return ready === undefined ? nothingFor(asked, use) : said(asked, ready)
}

/** How `openclaw models status --check --agent` of this release would end, as its code reads; null where the config names no model. */
export const checkOf = (asked: Asked): Check | null => {
  const {rules, view, reading} = asked
  if (!reading.knowsModels || !view.agent.isRead) return null
  if (rules.check === 'every-profile') return everyProfile(asked)
  const each = rules.check === 'providers-in-use' ? providerInUse : chosenProfile
  return worse(view.agent.models.map(use => each(asked, use)))
}
